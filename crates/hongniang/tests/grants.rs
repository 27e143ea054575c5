//! Every cell of the grants table, tried over HTTP: who stands so to a record may do it, and nobody else may.
//!
//! What is expected comes from the committed sheet and from how far each stage reaches, never from the code that
//! answers. Records and people are put into the store before the server starts; everything that is judged is asked of
//! the server. Start at `try_every_cell`.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod grants {
    mod sheet;
    mod stand;

    use catalogue::Catalogue;
    use serde_json::{Value, json};

    use self::sheet::{Line, Sheet};
    use self::stand::{Trial, prepare, told};
    use crate::harness::client::{Answer, Client};
    use crate::harness::world::text;
    use crate::harness::{House, Site, Store, shipped};

    /// Operations of the description, under the address of a kind, and the verb of the sheet each asks for.
    const OPERATIONS: [(&str, &str, &str); 7] = [
        ("get", "", "read"),
        ("post", "", "create"),
        ("get", "/{number}", "read"),
        ("put", "/{number}", "revise"),
        ("delete", "/{number}", "erase"),
        ("post", "/{number}/merge", "merge"),
        ("post", "/{number}/moves/{move}", "a move"),
    ];
    /// Reading a sealed layer is no grant of a kind: its owner may, and whom an opening names.
    const BY_OPENING: (&str, &str) = ("post", "/{number}/open");

    struct Desk<'a> {
        client: Client,
        catalogue: &'a Catalogue,
    }

    impl Desk<'_> {
        fn send(&self, trial: &Trial, method: &str, path: &str, body: &Value, version: &str) -> Answer {
            let cookie = trial.cookie.as_deref().unwrap_or_default();
            let headers = [("if-match", version), ("cookie", cookie)];
            let given = headers.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>();
            self.client.json(method, path, body, &given)
        }

        /// Asks for what the cell says; what the record holds is read first where it may be read.
        fn ask(&self, line: &Line, trial: &Trial) -> Answer {
            let kind = self.catalogue.kind(&line.kind).expect("a kind");
            let all = format!("/api/v1/{}", kind.path);
            let one = format!("{all}/{}", trial.number);
            match line.verb.as_str() {
                "read" => self.send(trial, "GET", &one, &Value::Null, ""),
                "create" => {
                    let body = json!({ "type": trial.type_path, "fields": trial.given });
                    self.send(trial, "POST", &all, &body, "")
                }
                "revise" => {
                    let now = self.send(trial, "GET", &one, &Value::Null, "");
                    let mut fields =
                        if now.status == 200 { now.value()["fields"].clone() } else { json!({}) };
                    fields[&kind.title] = json!(format!("改过的{} {}", line.stage, trial.column.text()));
                    let version = now.header("etag").unwrap_or("\"1\"");
                    self.send(trial, "PUT", &one, &json!({ "fields": fields }), version)
                }
                "merge" => {
                    self.send(trial, "POST", &format!("{one}/merge"), &json!({ "lose": trial.lose }), "")
                }
                "erase" => self.send(trial, "DELETE", &one, &json!({ "reason": "tried" }), ""),
                name => {
                    let path = format!("{one}/moves/{name}");
                    self.send(trial, "POST", &path, &json!({ "fields": trial.given }), "")
                }
            }
        }

        fn position(&self) -> String {
            text(&self.client.get("/health").is(200).value(), "position")
        }
    }

    /// What a cell must be answered with.
    fn due(line: &Line, trial: &Trial) -> u16 {
        match (line.verb.as_str(), trial.allowed) {
            ("create", true) => 201,
            ("erase", true) => 204,
            (_, true) => 200,
            ("create", false) => 403,
            (_, false) => {
                if trial.reads {
                    403
                } else {
                    404
                }
            }
        }
    }

    /// Tries the cells of one line, refusals first, and adds what is wrong.
    fn try_line(desk: &Desk<'_>, line: &Line, trials: &[Trial], wrong: &mut Vec<String>) {
        let before = desk.position();
        for trial in trials.iter().filter(|trial| !trial.allowed) {
            judge(line, trial, &desk.ask(line, trial), wrong);
        }
        if desk.position() != before {
            wrong.push(format!("{} at {}: a refused {} changed something", line.kind, line.stage, line.verb));
        }
        for trial in trials.iter().filter(|trial| trial.allowed) {
            let answer = desk.ask(line, trial);
            judge(line, trial, &answer, wrong);
            let kind = desk.catalogue.kind(&line.kind).expect("a kind");
            let to = kind.move_of(&line.verb).and_then(|mv| mv.to.as_deref());
            if answer.status == 200 && to.is_some_and(|to| text(&answer.value(), "stage") != to) {
                wrong.push(format!("{}: {}", told(line, trial), answer.text()));
            }
        }
        let writes = line.verb != "read" && trials.iter().any(|trial| trial.allowed);
        if (desk.position() != before) != writes {
            wrong.push(format!("{} at {}: {} left no change", line.kind, line.stage, line.verb));
        }
    }

    fn judge(line: &Line, trial: &Trial, answer: &Answer, wrong: &mut Vec<String>) {
        let due = due(line, trial);
        if answer.status != due {
            let text: String = answer.text().chars().take(400).collect();
            wrong.push(format!("{}: {} instead of {due}: {text}", told(line, trial), answer.status));
        }
    }

    /// Every operation of the description has a verb in the sheet, for every kind of the sheet.
    fn every_route_has_its_lines(desk: &Desk<'_>, sheet: &Sheet) {
        let described = desk.client.get("/api/v1/openapi.json").is(200).value();
        let paths = described["paths"].as_object().expect("paths");
        for kind in desk.catalogue.kinds() {
            let address = format!("/api/v1/{}", kind.path);
            let mut verbs = Vec::new();
            for (path, operations) in paths {
                let Some(rest) = path.strip_prefix(&address).filter(|r| r.is_empty() || r.starts_with('/'))
                else {
                    continue;
                };
                for method in operations.as_object().expect("operations").keys() {
                    let known = OPERATIONS.iter().find(|(of, at, _)| of == method && *at == rest);
                    match known {
                        Some((_, _, verb)) => verbs.push(*verb),
                        None => assert_eq!(
                            (method.as_str(), rest),
                            BY_OPENING,
                            "{path} stands in no line of the sheet"
                        ),
                    }
                }
            }
            verbs.sort_unstable();
            assert_eq!(
                verbs,
                ["a move", "create", "erase", "merge", "read", "read", "revise"],
                "{}",
                kind.path
            );
            assert!(sheet.lines.iter().any(|line| line.kind == kind.name), "{}", kind.name);
        }
    }

    fn try_every_cell(store: Store) {
        let (site, sheet, catalogue) = (Site::new(store), Sheet::committed(), shipped());
        let trials = prepare(&site.store(), shipped());
        assert_eq!(trials.len(), sheet.lines.len() * sheet.columns.len());
        let unheld: Vec<String> = trials
            .iter()
            .filter(|trial| !trial.exact && sheet.lines[trial.line].granted.contains(&trial.column))
            .map(|trial| told(&sheet.lines[trial.line], trial))
            .collect();
        assert!(unheld.is_empty(), "granted where nobody can stand so: {unheld:#?}");
        let house = House::on(site);
        let desk = Desk { client: house.visitor(), catalogue: &catalogue };
        every_route_has_its_lines(&desk, &sheet);
        let mut wrong = Vec::new();
        for of_line in trials.chunk_by(|one, other| one.line == other.line) {
            try_line(&desk, &sheet.lines[of_line[0].line], of_line, &mut wrong);
        }
        let count = |keep: fn(&Trial) -> bool| trials.iter().filter(|trial| keep(trial)).count();
        println!(
            "{} cells: {} allowed, {} refused; nobody can stand in {}",
            trials.len(),
            count(|trial| trial.allowed),
            count(|trial| !trial.allowed),
            count(|trial| !trial.exact)
        );
        assert!(
            wrong.is_empty(),
            "{} of {} cells:\n{}\n{}",
            wrong.len(),
            trials.len(),
            wrong.join("\n"),
            house.log()
        );
    }

    #[test]
    fn every_cell_holds_over_http_on_sqlite() {
        try_every_cell(Store::Sqlite);
    }

    #[test]
    fn every_cell_holds_over_http_on_postgres() {
        try_every_cell(Store::Postgres);
    }
}
