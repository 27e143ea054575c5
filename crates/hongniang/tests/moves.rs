//! Random lives of records of every kind the house ships: whoever moves whatever with whatever, and days pass.
//!
//! After each step the record stands at a stage its move leads to, travels no further than stage and ceiling allow, and
//! its earliest promise is the one its stage makes; a refused move changes nothing; nobody finds what the table of
//! grants does not let them read. Expectations come from the files and the table, not from the code that decides.
//! A failure prints its seed; `HONGNIANG_SEED` repeats it.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod moves {
    mod life;
    mod table;

    use self::life::Life;
    use crate::harness::{Store, seed};

    fn live_through(store: Store, steps: usize) {
        let mut life = Life::begin(store, seed());
        for _ in 0..steps {
            life.step();
        }
        life.end();
    }

    #[test]
    fn random_moves_of_every_kind_keep_what_the_files_say_on_sqlite() {
        live_through(Store::Sqlite, 2_500);
    }

    #[test]
    fn random_moves_of_every_kind_keep_what_the_files_say_on_postgres() {
        live_through(Store::Postgres, 600);
    }
}
