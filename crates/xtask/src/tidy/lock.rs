//! What may not meet in one dependency graph, read from Cargo.lock.
//!
//! Never asks a registry. Start at [`check`].

use toml::de::DeTable;

use super::Fault;
use super::lexer::line_of;

/// A rule about the whole graph.
enum Rule {
    /// Not even once.
    Never(&'static str),
    /// One version of it.
    Once(&'static str),
    /// The one or the other.
    NotBoth(&'static str, &'static str),
}

/// Each rule with its reason, so that it can go when the reason goes.
const RULES: [(Rule, &str); 5] = [
    (
        Rule::Once("libsqlite3-sys"),
        "two SQLites in one process break each other's file locks; use one driver",
    ),
    (
        Rule::Never("openssl-sys"),
        "the binary must run where no OpenSSL is installed; choose the rustls feature",
    ),
    (Rule::NotBoth("ring", "aws-lc-rs"), "rustls panics when it finds two providers; keep ring"),
    (Rule::NotBoth("ring", "aws-lc-sys"), "rustls panics when it finds two providers; keep ring"),
    (Rule::Once("reqwest"), "two HTTP clients are two TLS settings; agree on one version"),
];

/// Faults of the dependency graph.
pub fn check(lock: &str) -> Vec<Fault> {
    let Some(packages) = packages(lock) else {
        return vec![Fault::new(
            "Cargo.lock",
            1,
            "absent or not TOML",
            "commit the one `cargo build` writes",
        )];
    };
    let lines = |name: &str| -> Vec<usize> {
        packages.iter().filter(|(package, _)| package == name).map(|(_, line)| *line).collect()
    };
    RULES.iter().filter_map(|(rule, remedy)| broken(rule, remedy, lines)).collect()
}

fn broken(rule: &Rule, remedy: &'static str, lines: impl Fn(&str) -> Vec<usize>) -> Option<Fault> {
    let (line, what) = match rule {
        Rule::Never(name) => (*lines(name).first()?, format!("`{name}` is in the graph")),
        Rule::Once(name) => (*lines(name).get(1)?, format!("more than one `{name}`")),
        Rule::NotBoth(one, other) => {
            lines(one).first()?;
            (*lines(other).first()?, format!("`{one}` and `{other}` in one graph"))
        }
    };
    Some(Fault::new("Cargo.lock", line, what, remedy))
}

/// Name and line of each package.
fn packages(lock: &str) -> Option<Vec<(String, usize)>> {
    let parsed = DeTable::parse(lock).ok()?;
    let packages = parsed.get_ref().get("package")?.get_ref().as_array()?;
    let name = |table: &DeTable| Some(table.get("name")?.get_ref().as_str()?.to_owned());
    let named = packages.iter().filter_map(|package| {
        Some((name(package.get_ref().as_table()?)?, line_of(lock, package.span().start)))
    });
    Some(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_names(names: &[&str], expect: &[&str]) {
        let lock: String = names.iter().map(|name| format!("[[package]]\nname = \"{name}\"\n")).collect();
        let faults: Vec<String> =
            check(&lock).iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect();
        assert_eq!(faults, expect);
    }

    #[test]
    fn what_may_not_meet() {
        check_names(&["ring", "reqwest", "libsqlite3-sys"], &[]);
        check_names(&["libsqlite3-sys", "a", "libsqlite3-sys"], &["5: more than one `libsqlite3-sys`"]);
        check_names(&["a", "openssl-sys"], &["3: `openssl-sys` is in the graph"]);
        check_names(&["aws-lc-rs", "ring"], &["1: `ring` and `aws-lc-rs` in one graph"]);
        check_names(&["reqwest", "reqwest"], &["3: more than one `reqwest`"]);
    }

    #[test]
    fn a_missing_lock_is_a_fault() {
        assert_eq!(check("").len(), 1);
    }
}
