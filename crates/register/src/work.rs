//! 我的事项: what waits for the asker, found by the moves their roles and standings let them make, and promises that
//! climbed to them because nobody kept them.

use std::collections::BTreeMap;

use catalogue::access::{arms, reaches};
use catalogue::kind::{Clock, Stage, Verb};
use catalogue::{Arm, Asker, Filter, Kind, Standing};
use jiff::civil::Date;

use crate::db::Sql;
use crate::fault::Result;
use crate::list::{Find, Hit, Order};
use crate::reader::{Reader, among};
use crate::record::Waiting;

/// Beginning of the statement that tells the running clocks of some records, earliest first.
const PROMISES: Sql = "select record, name from deadline where record ";
/// Beginnings that a list of values completes.
pub(crate) const OPEN_STATEMENTS: &[Sql] = &[PROMISES];

/// What was found of one record.
struct Found {
    hit: Hit,
    moves: Vec<String>,
    climbed: bool,
}

impl Reader<'_> {
    /// Records at a stage from which the asker may make a main move, and those whose promise ran out before `today` and
    /// climbs to the asker; earliest clock first.
    ///
    /// What anyone may do is nobody's task, so the standing `anyone` does not count.
    pub fn work(&self, me: &Asker, today: Date, first: usize) -> Result<Vec<Waiting>> {
        let mut found: BTreeMap<i64, Found> = BTreeMap::new();
        for kind in self.shared.catalogue.kinds() {
            for stage in kind.stages.iter().filter(|stage| !stage.closed) {
                self.mine(me, kind, (stage, today), first, &mut found)?;
                for clock in stage.clocks.iter().filter(|clock| !clock.climbs.is_empty()) {
                    self.climbed(me, kind, (stage, clock), today, first, &mut found)?;
                }
            }
        }
        let mut waiting: Vec<Found> = found.into_values().collect();
        // No clock sorts last; among equals the newest first.
        waiting
            .sort_by_key(|w| (w.hit.item.due.is_none(), w.hit.item.due, std::cmp::Reverse(w.hit.item.row)));
        waiting.truncate(first);
        self.told(me, waiting)
    }

    /// Records at a stage that wait for a main move of the asker; where the clock of the move rests, from its day on.
    fn mine(
        &self,
        me: &Asker,
        kind: &Kind,
        (stage, today): (&Stage, Date),
        first: usize,
        found: &mut BTreeMap<i64, Found>,
    ) -> Result<()> {
        // Moves that the asker may make by the same ways lead to the same records, which are read once.
        let mut groups: Vec<(Vec<Arm>, Vec<&str>)> = Vec::new();
        for mv in kind.moves_from(&stage.name).filter(|mv| mv.primary) {
            let ways = own_arms(kind, me, &mv.name, &stage.name);
            match groups.iter_mut().find(|(arms, _)| *arms == ways) {
                Some((_, moves)) => moves.push(&mv.name),
                None => groups.push((ways, vec![&mv.name])),
            }
        }
        for (ways, moves) in groups.into_iter().filter(|(ways, _)| !ways.is_empty()) {
            let rests = moves.iter().all(|name| rests(stage, name));
            let mut hits = self.at_stage(kind, stage, &ways, first)?;
            hits.retain(|hit| !rests || hit.item.due.is_none_or(|due| due <= today));
            for hit in hits {
                let found = found.entry(hit.item.row);
                let found = found.or_insert_with(|| Found { hit, moves: Vec::new(), climbed: false });
                found.moves.extend(moves.iter().map(|name| (*name).to_owned()));
            }
        }
        Ok(())
    }

    /// Records whose promise ran out and climbs to the asker.
    fn climbed(
        &self,
        me: &Asker,
        kind: &Kind,
        (stage, clock): (&Stage, &Clock),
        today: Date,
        first: usize,
        found: &mut BTreeMap<i64, Found>,
    ) -> Result<()> {
        let ways: Vec<Arm> = clock.climbs.iter().flat_map(|by| reaches(*by, me)).collect();
        if ways.is_empty() {
            return Ok(());
        }
        let mut late = self.at_stage(kind, stage, &ways, first)?;
        late.retain(|hit| hit.item.due.is_some_and(|due| due < today));
        let readable = self.readable_of(me, late.iter().map(|hit| hit.item.clone()).collect())?;
        for hit in late {
            if readable.iter().any(|(item, _)| item.row == hit.item.row) {
                let found = found.entry(hit.item.row);
                found.or_insert_with(|| Found { hit, moves: Vec::new(), climbed: false }).climbed = true;
            }
        }
        Ok(())
    }

    fn at_stage(&self, kind: &Kind, stage: &Stage, ways: &[Arm], first: usize) -> Result<Vec<Hit>> {
        let find =
            Find::kind(&kind.name).filter(Filter::Stage(stage.name.clone())).order(Order::Due).first(first);
        self.bare(&find, ways)
    }

    /// With what the asker may see of each, and the clock that runs out first.
    fn told(&self, me: &Asker, found: Vec<Found>) -> Result<Vec<Waiting>> {
        let mut promises = self.promises(&found)?;
        let (hits, rest): (Vec<Hit>, Vec<_>) =
            found.into_iter().map(|found| (found.hit, (found.moves, found.climbed))).unzip();
        let count = hits.len();
        let items = self.dressed(me, hits, count)?;
        let told = items.into_iter().zip(rest).map(|(item, (moves, climbed))| {
            let promise = promises.remove(&item.row);
            Waiting { item, moves, climbed, promise }
        });
        Ok(told.collect())
    }

    fn promises(&self, found: &[Found]) -> Result<BTreeMap<i64, String>> {
        let mut promises = BTreeMap::new();
        for part in found.chunks(256) {
            let rows: Vec<_> = part.iter().map(|found| found.hit.item.row.into()).collect();
            let (list, values) = among(0, &rows);
            for row in self.conn.query(&format!("{PROMISES}{list} order by record, due, name"), &values)? {
                promises.entry(row.int(0)?).or_insert(row.text(1)?);
            }
        }
        Ok(promises)
    }
}

/// Whether nobody needs to be reminded of a move before the day of its clock.
fn rests(stage: &Stage, name: &str) -> bool {
    stage.clocks.iter().any(|clock| clock.rests && clock.due_move.as_deref() == Some(name))
}

/// The ways by which the asker may make a move from a stage, but those of anyone.
fn own_arms(kind: &Kind, me: &Asker, name: &str, stage: &str) -> Vec<Arm> {
    let ways = arms(kind, me, &Verb::Move(name.to_owned())).into_iter();
    let ways = ways.filter(|arm| arm.reach.standing() != Standing::Anyone);
    let ways = ways.filter(|arm| arm.stages.is_empty() || arm.stages.iter().any(|s| s == stage));
    // The stage is asked for beside; without it two moves that leave several stages compare equal.
    ways.map(|arm| Arm { stages: Vec::new(), ..arm }).collect()
}
