//! One sentence, five answers: a random history on a naive register, on SQLite and on PostgreSQL; the list page, the
//! search, the spreadsheet, the list for programs and single records each equal “filter the model”.
//!
//! A failure prints its seed and the history so far; `HONGNIANG_SEED` repeats it.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod one_sentence {
    mod compare;
    mod doors;
    mod history;
    mod kinds;
    mod model;
    mod verbs;

    use self::history::History;
    use crate::harness::{Store, seed};

    /// Verbs of a history, and after how many all answers are compared.
    const STEPS: usize = 200;
    const STEPS_BETWEEN: usize = 50;

    fn live_through(store: Store) {
        let mut history = History::begin(store, seed());
        for step in 1..=STEPS {
            history.step();
            if step % STEPS_BETWEEN == 0 {
                history.compare();
            }
        }
    }

    #[test]
    fn every_door_of_a_house_on_sqlite_answers_what_the_model_holds() {
        live_through(Store::Sqlite);
    }

    #[test]
    fn every_door_of_a_house_on_postgresql_answers_what_the_model_holds() {
        live_through(Store::Postgres);
    }
}
