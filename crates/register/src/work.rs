//! 我的事项: what waits for the asker, found by the moves their roles and standings let them make.

use std::collections::BTreeMap;

use catalogue::access::arms;
use catalogue::kind::Verb;
use catalogue::{Arm, Asker, Filter, Kind, Standing};

use crate::fault::Result;
use crate::list::{Find, Order};
use crate::reader::Reader;
use crate::record::Waiting;

impl Reader<'_> {
    /// Records at a stage from which the asker may make a main move, earliest clock first.
    ///
    /// What anyone may do is nobody's task, so the standing `anyone` does not count.
    pub fn work(&self, me: &Asker, first: usize) -> Result<Vec<Waiting>> {
        let mut found: BTreeMap<i64, Waiting> = BTreeMap::new();
        for kind in self.shared.catalogue.kinds() {
            for mv in kind.moves.iter().filter(|mv| mv.primary) {
                let ways = own_arms(kind, me, &mv.name);
                for stage in mv.from.iter().filter(|stage| is_open(kind, stage)) {
                    self.waiting(me, kind, &ways, (&mv.name, stage), first, &mut found)?;
                }
            }
        }
        let mut waiting: Vec<Waiting> = found.into_values().collect();
        // No clock sorts last; among equals the newest first.
        waiting.sort_by_key(|w| (w.item.due.is_none(), w.item.due, std::cmp::Reverse(w.item.row)));
        waiting.truncate(first);
        Ok(waiting)
    }

    fn waiting(
        &self,
        me: &Asker,
        kind: &Kind,
        ways: &[Arm],
        (name, stage): (&str, &str),
        first: usize,
        found: &mut BTreeMap<i64, Waiting>,
    ) -> Result<()> {
        let ways: Vec<Arm> = ways
            .iter()
            .filter(|arm| arm.stages.is_empty() || arm.stages.iter().any(|s| s == stage))
            .cloned()
            .collect();
        if ways.is_empty() {
            return Ok(());
        }
        let find =
            Find::kind(&kind.name).filter(Filter::Stage(stage.to_owned())).order(Order::Due).first(first);
        for item in self.page(me, &find, &ways, false)?.items {
            let waiting = found.entry(item.row).or_insert_with(|| Waiting { item, moves: Vec::new() });
            waiting.moves.push(name.to_owned());
        }
        Ok(())
    }
}

fn own_arms(kind: &Kind, me: &Asker, name: &str) -> Vec<Arm> {
    let ways = arms(kind, me, &Verb::Move(name.to_owned()));
    ways.into_iter().filter(|arm| arm.reach.standing() != Standing::Anyone).collect()
}

fn is_open(kind: &Kind, stage: &str) -> bool {
    kind.stages.iter().any(|s| s.name == stage && !s.closed)
}
