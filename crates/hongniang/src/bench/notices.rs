//! Notices by mail, sent by a server that is killed with -9 several times on the way, into a real mail server.
//!
//! Counts what arrived by message id: what is lost, and what came twice because a kill fell between the mail server's
//! answer and the commit. The peer is the bare mail client over one connection to the same server.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use anyhow::Context as _;
use catalogue::{Asker, Fields, Over, Role, RoleGrant};
use register::{Channel, Key, Means, New, Proof, Rhythm};
use serde_json::{Value, json};

use super::{instant, print};
use crate::app::App;
use crate::letter::{Letter, Mail};
use crate::signin::policy::PolicyName;
use crate::wiring::{self, Options, Out};

/// The Python that the system's packages belong to.
const PYTHON: &str = "/usr/bin/python3";
const SENDER: &str = "notice@kexie.example.cn";
const READER: &str = "reader@kexie.example.cn";
/// Letters of the bare mail client.
const PLAIN: usize = 1_000;
/// Records filed in one write.
const FILED: usize = 100;

/// A kind whose one move tells an officer.
const KIND: &str = r#"
name = "local_bench"
path = "benches"
sign = "测"
order = 999
label = { zh = "测量", en = "Bench" }
title = "title"
place = "place"
types = { local_plain = { label = { zh = "普通", en = "Plain" } } }

[fields]
title = { type = "line", required = true, layer = "open", label = { zh = "名称", en = "Title" } }
place = { type = "place", layer = "open", label = { zh = "所在地", en = "Place" } }

[stages]
draft = { reach = "node", label = { zh = "草稿", en = "Draft" } }
done = { reach = "node", label = { zh = "已办", en = "Done" } }

[[moves]]
name = "finish"
label = { zh = "办理", en = "Finish" }
from = ["draft"]
to = "done"
by = ["steward@node"]
tells = ["officer@region"]

[[grants]]
read = ["officer@region", "steward@node"]
create = ["steward@node"]
"#;

/// A mail server that tells what arrives.
struct Office {
    child: Child,
    lines: Receiver<String>,
    url: String,
}

impl Office {
    fn open(script: &Path, folder: &Path) -> anyhow::Result<Office> {
        let mut child = Command::new(PYTHON)
            .arg(script)
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {PYTHON}"))?;
        let said = child.stdout.take().context("its output")?;
        let (tell, lines) = channel();
        // Read at once: a full pipe would hold the mail server up.
        std::thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        let first: Value = serde_json::from_str(&lines.recv().context("python3-aiosmtpd is not there")?)?;
        let port = first.get("port").and_then(Value::as_u64).context("its port")?;
        Ok(Office { child, lines, url: format!("smtp://127.0.0.1:{port}") })
    }

    /// The id of the next letter.
    fn next(&self) -> anyhow::Result<String> {
        let line = self.lines.recv().context("the mail server has ended")?;
        let letter: Value = serde_json::from_str(&line)?;
        Ok(letter.get("id").and_then(Value::as_str).unwrap_or_default().to_owned())
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server that is killed when the value goes.
struct Serving(Child);

impl Serving {
    fn start(folder: &Path, office: &Office) -> anyhow::Result<Serving> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", "--listen", "127.0.0.1:0", "--mail-from", SENDER, "--smtp", &office.url]);
        let child = command.arg("--data").arg(folder).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        Ok(Serving(child))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Measures and prints one line.
pub fn run(notices: usize, kills: usize, script: &Path) -> anyhow::Result<()> {
    let folder = PathBuf::from(format!("target/bench-notices-{}", std::process::id()));
    let measured = measure(notices, kills, script, &folder);
    let _ = std::fs::remove_dir_all(&folder);
    print(&measured?.to_string())
}

fn measure(notices: usize, kills: usize, script: &Path, folder: &Path) -> anyhow::Result<Value> {
    let data = folder.join("data");
    std::fs::create_dir_all(data.join("catalogue/local_bench"))?;
    std::fs::write(data.join("catalogue/local_bench/kind.toml"), KIND)?;
    let start = instant();
    queue(&data, notices)?;
    let queued_s = start.elapsed().as_secs_f64();
    let office = Office::open(script, &folder.join("mail"))?;
    let plain = plain_per_second(&office)?;
    let start = instant();
    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for round in 0..=kills {
        let server = Serving::start(&data, &office)?;
        let until = notices * (round + 1) / (kills + 1);
        while arrived.len() < until {
            *arrived.entry(office.next()?).or_default() += 1;
        }
        drop(server);
    }
    let seconds = start.elapsed().as_secs_f64();
    let doubled: usize = arrived.values().map(|copies| copies - 1).sum();
    let per_second = notices as f64 / seconds;
    let tenth = |n: f64| (n * 10.0).round() / 10.0;
    Ok(json!({
        "bench": "notices",
        "queued": notices,
        "queued_s": tenth(queued_s),
        "kills": kills,
        "delivered": arrived.len(),
        "doubled": doubled,
        "lost": notices.saturating_sub(arrived.len()),
        "seconds": tenth(seconds),
        "per_second": tenth(per_second),
        "plain_per_second": tenth(plain),
        "ratio": tenth(per_second / plain * 10.0) / 10.0,
    }))
}

/// Files records, makes the move of each, and tells of them; nobody sends yet.
fn queue(data: &Path, notices: usize) -> anyhow::Result<()> {
    let options = Options {
        data: data.to_owned(),
        postgres: None,
        public_url: None,
        listen: "127.0.0.1:0".to_owned(),
        demonstration: false,
        out: Out::default(),
        policy: PolicyName::Default,
        provider: None,
    };
    let app = wiring::assemble(&options)?;
    crate::signin::bench_session(
        &app,
        "bench",
        Role::Officer,
        vec![Over::Place("330521".parse().map_err(anyhow::Error::msg)?)],
    )?;
    subscribe(&app)?;
    let me = Asker { roles: vec![RoleGrant { role: Role::Steward, over: Over::Node }], ..Asker::default() };
    for first in (0..notices).step_by(FILED) {
        let (me, last) = (me.clone(), notices.min(first + FILED));
        app.register().write_now(app.now(), move |writer| {
            for number in first..last {
                let mut fields = Fields::new();
                fields.insert("title".to_owned(), json!(format!("第{number}件（演示）")));
                fields.insert("place".to_owned(), json!("330521"));
                let (kind, type_path) = ("local_bench".to_owned(), "local_plain".to_owned());
                let made = writer.create(&me, New { kind, type_path, fields, ..New::default() })?;
                writer.make(&me, &Key::Row(made.item.row), None, "finish", &Fields::new(), 0)?;
            }
            Ok(())
        })?;
    }
    while app.register().write_now(app.now(), |writer| writer.tell())?.value > 0 {}
    Ok(())
}

/// The officer wants a letter for each notice.
fn subscribe(app: &App) -> anyhow::Result<()> {
    let proof = app.register().write_now(app.now(), |writer| {
        writer.begin_telling()?;
        let person = writer.account_by_name("bench")?.ok_or(register::Fault::NotFound)?.person;
        let (address, rhythm) = (READER.to_owned(), Rhythm::AtOnce);
        let new = Channel {
            row: 0,
            person,
            means: Means::Mail,
            address,
            secret: None,
            rhythm,
            english: false,
            proven: false,
        };
        let channel = writer.add_channel(new)?;
        writer.set_code(person, channel.row, b"code")?;
        writer.prove(person, channel.row, b"code")
    })?;
    anyhow::ensure!(proof.value == Proof::Proven, "the bench's own address is not proven");
    Ok(())
}

/// Letters a second of the bare mail client.
fn plain_per_second(office: &Office) -> anyhow::Result<f64> {
    let mail = Mail::new(&office.url, SENDER)?;
    let start = instant();
    for number in 0..PLAIN {
        let (id, at) = (format!("plain-{number}"), wiring::now());
        let letter =
            Letter {
                id: &id, to: READER, subject: "第一件（演示）", text: "一封信。".repeat(40), at
            };
        mail.send(letter).map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    }
    let seconds = start.elapsed().as_secs_f64();
    for _ in 0..PLAIN {
        office.next()?;
    }
    Ok(PLAIN as f64 / seconds)
}
