//! The grants table: every cell of kind × stage × verb × role × standing, for people to review.
//!
//! Says what files grant, before any asker or audience is looked at.

use crate::access::{Role, Standing};
use crate::kind::{Kind, Verb};
use crate::load::Catalogue;

/// One cell of the grants table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Name of the kind.
    pub kind: String,
    /// Name of the stage.
    pub stage: String,
    /// `read`, `create`, `revise`, `merge`, `erase` or the name of a move.
    pub verb: String,
    /// The role asked for; none for a bare standing.
    pub role: Option<Role>,
    /// The standing asked for.
    pub standing: Standing,
    /// Whether a grant allows it.
    pub allowed: bool,
    /// Whether it is allowed for the party whose move it is alone.
    pub behalf: bool,
    /// Whether it shows the open layer alone.
    pub open: bool,
}

/// Every cell, in order of kinds, stages, verbs, standings and roles. A move has cells at the stages it
/// leaves only, `create` at the stages where records start.
pub fn grants_table(catalogue: &Catalogue) -> Vec<Cell> {
    catalogue.kinds().flat_map(cells_of).collect()
}

fn cells_of(kind: &Kind) -> Vec<Cell> {
    let mut cells = Vec::new();
    for stage in &kind.stages {
        for (name, verb) in verbs_at(kind, &stage.name) {
            for (role, standing) in asked() {
                let by = crate::kind::By { role, standing };
                let holds = |grant: &crate::kind::Grant| {
                    grant.by == by && (grant.stages.is_empty() || grant.stages.contains(&stage.name))
                };
                let own = kind.grants_of(&verb).any(holds);
                let behalf = !own && kind.grants_of(&Verb::Behalf(name.clone())).any(holds);
                let allowed = own || behalf;
                let open = own && !kind.grants_of(&verb).any(|grant| holds(grant) && !grant.open);
                let (kind, stage, verb) = (kind.name.clone(), stage.name.clone(), name.clone());
                cells.push(Cell { kind, stage, verb, role, standing, allowed, behalf, open });
            }
        }
    }
    cells
}

fn verbs_at(kind: &Kind, stage: &str) -> Vec<(String, Verb)> {
    let starts = kind.start == stage || kind.types.iter().any(|of| of.start.as_deref() == Some(stage));
    let fixed =
        [("read", Verb::Read), ("revise", Verb::Revise), ("merge", Verb::Merge), ("erase", Verb::Erase)];
    let create = starts.then(|| ("create".to_owned(), Verb::Create));
    let moves = kind.moves_from(stage).map(|of| (of.name.clone(), Verb::Move(of.name.clone())));
    let fixed = fixed.into_iter().map(|(name, verb)| (name.to_owned(), verb));
    create.into_iter().chain(fixed).chain(moves).collect()
}

/// Every way a grant may ask: bare standings (but region and node, which mean nothing without a role),
/// then each role with each standing it may have.
fn asked() -> impl Iterator<Item = (Option<Role>, Standing)> {
    let bare =
        [Standing::Own, Standing::Assigned, Standing::Anyone].into_iter().map(|standing| (None, standing));
    let roles = Role::NAMES
        .into_iter()
        .flat_map(|(_, role)| role.standings().iter().map(move |standing| (Some(role), *standing)));
    bare.chain(roles)
}

/// The table as the committed sheet: one line per (kind, stage, verb), one column per way of asking, `1` where allowed, `b`
/// where allowed for the party alone, `o` where the open layer alone is read.
pub fn grants_csv(catalogue: &Catalogue) -> String {
    let columns: Vec<(Option<Role>, Standing)> = asked().collect();
    let mut sheet = String::from("kind,stage,verb");
    for (role, standing) in &columns {
        let role = role.map(|role| format!("{}@", role.name())).unwrap_or_default();
        sheet.push_str(&format!(",{role}{}", standing.name()));
    }
    sheet.push('\n');
    for line in grants_table(catalogue).chunks(columns.len()) {
        let Some(first) = line.first() else { continue };
        sheet.push_str(&format!("{},{},{}", first.kind, first.stage, first.verb));
        for cell in line {
            sheet.push_str(match cell {
                Cell { allowed: false, .. } => ",",
                Cell { behalf: true, .. } => ",b",
                Cell { open: true, .. } => ",o",
                _ => ",1",
            });
        }
        sheet.push('\n');
    }
    sheet
}
