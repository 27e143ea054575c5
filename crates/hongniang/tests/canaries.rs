//! Words that lie in a sealed layer, in an inside layer, in a session, a link or a key: they are looked for wherever the
//! house speaks, and found only where they may be.
//!
//! `tests/secrets.rs` asks as a visitor about one demand, `tests/notices.rs` reads letters and posts, `tests/twins.rs` asks
//! as another county. Here those ask who work on the records themselves, of every kind at every stage.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod canaries {
    use std::net::SocketAddr;
    use std::sync::Arc;

    use crate::harness::client::{Answer, Client, encode};
    use crate::harness::seeded::{Marks, opened};
    use crate::harness::tenant::{Comer, Held, Plan, Tenant};
    use crate::harness::{Site, Store, cells, shipped};

    const PLAN: Plan = Plan {
        place: "330521",
        word: "jia",
        marks: Marks { open: "雀甲明文", inside: "雀甲内文", sealed: "雀甲密文" },
    };
    /// What an owner types wrongly, in a request nobody can read.
    const TYPED: &str = "雀甲误投";

    fn ask(at: SocketAddr, who: &Comer, method: &str, path: &str, body: &str) -> Answer {
        let headers = [("cookie", who.cookie.as_str()), ("content-type", "application/json")];
        Client::new(at).send(method, path, &headers, body.as_bytes())
    }

    /// Every address at which a record, or the list it stands in, is shown.
    fn shown(held: &Held) -> Vec<String> {
        let record = &held.record;
        let page = format!("/{}/{}", record.path, record.number);
        let mut found = vec![page.clone(), format!("/en{page}"), format!("/api/v1{page}")];
        found.extend(
            ["edit", "merge", "match", "match.csv", "openings", "plan"].map(|end| format!("{page}/{end}")),
        );
        found.extend(record.file.iter().map(|hash| format!("/files/{}/{hash}", record.id)));
        found
    }

    fn lists(kinds: &[String]) -> Vec<String> {
        let endings = ["", ".csv", ".xlsx", ".jsonl"];
        let mut found: Vec<String> =
            kinds.iter().flat_map(|kind| endings.map(|ending| format!("/{kind}{ending}"))).collect();
        for word in [PLAN.marks.sealed, PLAN.marks.open] {
            found.push(format!("/search?q={}", encode(word)));
            found.push(format!("/api/v1/search?q={}", encode(word)));
        }
        found.extend(
            ["/work", "/work.xlsx", "/notices", "/figures", "/regions/330521", "/"].map(str::to_owned),
        );
        found
    }

    /// The words of an answer; a question is told again around its answer and is left out.
    fn words(path: &str, answer: &Answer) -> String {
        if answer.status == 200 && path.ends_with(".xlsx") {
            return cells(&answer.body).into_iter().flatten().collect::<Vec<_>>().join("\n");
        }
        match path.split_once("?q=") {
            Some((_, asked)) if asked == encode(PLAN.marks.sealed) => {
                let page = answer.text();
                // What is found stands behind the form that says the question again; with nothing found, nothing does.
                page.split("row-title").skip(1).collect()
            }
            _ => answer.text(),
        }
    }

    #[test]
    fn what_is_sealed_or_secret_is_told_to_nobody_who_works_on_it() {
        let (site, catalogue) = (Site::new(Store::Sqlite), Arc::new(shipped()));
        let register = opened(&site.store(), catalogue.clone(), "canaries");
        let tenant = Tenant::settle(&register, &catalogue, &PLAN);
        drop(register);
        let server = site.serve_with(&["--webhook-host", "127.0.0.1:9"].map(str::to_owned));
        let at = server.address();
        let of = |name: &str| tenant.comers.iter().find(|comer| comer.name == name).expect("someone");
        let kinds: Vec<String> = catalogue.kinds().map(|kind| kind.path.clone()).collect();
        let paths: Vec<String> = tenant.held.iter().flat_map(shown).chain(lists(&kinds)).collect();
        let secrets: Vec<&str> = tenant
            .comers
            .iter()
            .filter_map(|comer| comer.cookie.split_once('='))
            .map(|(_, secret)| secret)
            .collect();
        // Those who own may open what is sealed; nobody else here may.
        let strangers: Vec<&Comer> =
            tenant.comers.iter().filter(|comer| !matches!(comer.name, "member" | "admin")).collect();
        let (mut asked, mut inside, mut wrong) = (0, 0, Vec::new());
        for who in &strangers {
            for path in &paths {
                let answer = ask(at, who, "GET", path, "");
                assert!(answer.status < 500, "{path}: {}", answer.text());
                let told = words(path, &answer);
                asked += 1;
                inside += usize::from(told.contains(PLAN.marks.inside));
                if told.contains(PLAN.marks.sealed) || secrets.iter().any(|secret| told.contains(secret)) {
                    wrong.push(format!("{path} as {}", who.name));
                }
            }
        }
        assert!(wrong.is_empty(), "{} tell: {:#?}", wrong.len(), &wrong[..wrong.len().min(30)]);
        assert!(inside > 100, "what is inside is found where it may be: {inside}");
        let opened = openings(at, of("member"), &tenant);
        let refused = refusals(at, &strangers, &tenant);
        unreadable(at, of("member"), &tenant);
        let log = server.log();
        drop(server);
        let marks = [PLAN.marks.inside, PLAN.marks.sealed, TYPED];
        for secret in secrets.iter().chain(&marks) {
            assert!(!log.contains(secret), "the log tells {secret}");
        }
        let why = whys(&site, &tenant);
        println!(
            "{} records, {asked} answers read, {inside} told what is inside; {opened} opened by their owner, {refused} \
             openings refused; {} bytes of log, {why} of why",
            tenant.held.len(),
            log.len()
        );
    }

    /// The owner finds the words, so looking for them can fail.
    fn openings(at: SocketAddr, owner: &Comer, tenant: &Tenant) -> usize {
        let mut opened = 0;
        for held in &tenant.held {
            let path = format!("/api/v1/{}/{}/open", held.record.path, held.record.number);
            let answer = ask(at, owner, "POST", &path, "{}");
            opened += usize::from(answer.status == 200 && answer.text().contains(PLAN.marks.sealed));
        }
        assert!(opened > 5, "{opened} were opened");
        opened
    }

    /// Everyone else is refused, in words that tell nothing.
    fn refusals(at: SocketAddr, strangers: &[&Comer], tenant: &Tenant) -> usize {
        let mut refused = 0;
        let is_sealed = |held: &&Held| {
            held.record.fields.values().any(|value| value.to_string().contains(PLAN.marks.sealed))
        };
        for held in tenant.held.iter().filter(is_sealed) {
            for who in strangers {
                let path = format!("/api/v1/{}/{}/open", held.record.path, held.record.number);
                let answer = ask(at, who, "POST", &path, "{}");
                assert!((400..500).contains(&answer.status), "{path} as {}: {}", who.name, answer.text());
                assert!(!answer.text().contains(PLAN.marks.sealed), "{path} as {}", who.name);
                refused += 1;
            }
        }
        assert!(refused > 50, "{refused} were refused");
        refused
    }

    /// Requests nobody can read: they fail in words, and the log keeps nothing of them.
    fn unreadable(at: SocketAddr, owner: &Comer, tenant: &Tenant) {
        let held = tenant.held.iter().find(|held| held.record.kind == "demand").expect("a demand");
        let one = format!("/api/v1/demands/{}", held.record.number);
        for (method, path, body) in [
            ("PUT", one.clone(), format!("{{\"fields\":{{\"details\":\"{TYPED}")),
            ("PUT", one.clone(), format!("{{\"fields\":{{\"details\":[\"{TYPED}\"]}}}}")),
            ("POST", "/api/v1/demands".to_owned(), format!("{{\"fields\":{{\"{TYPED}\":1}}}}")),
            ("POST", format!("{one}/moves/{}", encode(TYPED)), "{}".to_owned()),
            ("POST", format!("{one}/moves/submit"), TYPED.to_owned()),
            ("GET", format!("/demands?where={}", encode(TYPED)), String::new()),
        ] {
            let answer = ask(at, owner, method, &path, &body);
            assert!(
                (400..500).contains(&answer.status),
                "{method} {path}: {} {}",
                answer.status,
                answer.text()
            );
        }
    }

    /// The command that tells why shows standings, never texts of closed layers.
    fn whys(site: &Site, tenant: &Tenant) -> usize {
        let mut said = 0;
        for held in tenant.held.iter().filter(|held| held.record.kind == "demand") {
            let login = format!("{}-officer", PLAN.word);
            let output = site.run(&["why", &held.record.id.to_string(), "--as", &login]);
            assert!(output.status.success(), "{output:?}");
            let told = [output.stdout, output.stderr].concat();
            let told = String::from_utf8_lossy(&told).into_owned();
            assert!(!told.contains(PLAN.marks.sealed) && !told.contains(PLAN.marks.inside), "{told}");
            said += told.len();
        }
        said
    }
}
