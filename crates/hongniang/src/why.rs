//! “为什么” for the command line, and the grants table people review.
//!
//! Says what the register's own rule says, from the same values. Start at [`tell`].

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use base::number::Number;
use catalogue::{Asker, Catalogue};
use register::{Key, Why};

use crate::app::App;

/// Why someone may, or may not, read and move a record, as lines of text.
pub fn tell(app: &App, record: &str, who: &str) -> anyhow::Result<String> {
    let key = key(app.register().catalogue(), record)?;
    let today = app.today();
    let why = app.register().read(|reader| {
        let asker = match who {
            "visitor" => Asker::default(),
            name => match reader.account_by_name(name)? {
                Some(account) => reader.asker(Some(account.row), account.person)?,
                None => return Ok(None),
            },
        };
        reader.why(&asker, &key, today).map(Some)
    })?;
    let why = why.with_context(|| format!("no account is named {who}"))?;
    Ok(words(&why))
}

fn key(catalogue: &Catalogue, text: &str) -> anyhow::Result<Key> {
    if let Ok(id) = text.parse() {
        return Ok(Key::Id(id));
    }
    let (number, sign) =
        Number::parse(text).with_context(|| format!("{text} is neither a number nor an id"))?;
    let Some(sign) = sign else { bail!("give the printed number, with its sign, or the id") };
    let kind = catalogue.kinds().find(|kind| kind.sign == sign);
    Ok(Key::Number(kind.with_context(|| format!("no kind has the sign {sign}"))?.name.clone(), number))
}

fn words(why: &Why) -> String {
    let mut text = String::new();
    for arm in &why.arms {
        let mark = if arm.admits { "+" } else { "-" };
        let _ = writeln!(text, "{mark} read by {:?}", arm.arm);
    }
    match &why.access {
        Some(access) => {
            let _ =
                writeln!(text, "= may read, standing {}, layers {:?}", access.standing.name(), why.layers);
        }
        None => text.push_str("= may not read\n"),
    }
    for mv in &why.moves {
        let _ = match &mv.refusal {
            None => writeln!(text, "+ move {}", mv.name),
            Some(refusal) => writeln!(text, "- move {}: {refusal:?}", mv.name),
        };
    }
    text
}

/// The grants table as comma-separated text: kind, stage, what, role, standing, allowed.
pub fn grants_table(catalogue: &Catalogue) -> String {
    catalogue::access::grants_csv(catalogue)
}
