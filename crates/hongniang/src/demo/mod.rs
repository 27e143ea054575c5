//! The demonstration: the files under `demo/` filed through the register's own doors, as if people had done it.
//!
//! Two layers, never summed together: what the source documents tell (`demo/source/`, read-only) and an invented year
//! around it. Days are counted back from today. Start at [`run`]; what there is to file stands in `files`, how in `world`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, bail};
use catalogue::{Over, Role};

use crate::app::App;
use crate::fields::person;
use crate::search;
use crate::signin::policy::PolicyName;
use crate::wiring::{Options, Out};
use crate::{serve, signin};
use world::World;
pub use world::credit_code;

mod chain;
mod files;
mod life;
mod names;
mod seeds;
mod world;
mod years;

/// The seed of everything that is drawn: the same seed, the same demonstration.
const SEED: u64 = 20_200_310;

/// Clocks answered while the demonstration is loaded; it has few.
const RUNG_MAX: usize = 200;

/// Who the identity bar offers: the account if they have one, the person, what they are here for.
const IDENTITIES: [(&str, &str, &str); 9] = [
    ("o-shi", "施小满（虚构）", "县科协干部"),
    ("o-jian", "简修远（虚构）", "省科协干部"),
    ("o-hu", "胡令仪（虚构）", "市科协干部"),
    ("c-zheng", "郑知远（虚构）", "企业研发经理"),
    ("c-qu", "瞿言溪（虚构）", "学会秘书长"),
    ("", "沈砚秋（虚构）", "专家"),
    ("b-meng", "孟牵云（虚构）", "技术经理人"),
    ("o-tao", "陶衡（虚构）", "第三方评价"),
    ("steward", "演示管理员", "管理员"),
];

/// Loads the demonstration if the folder is empty, and serves it.
pub fn run(data: PathBuf, listen: String, postgres: Option<String>, fresh: bool) -> anyhow::Result<()> {
    if fresh && data.exists() {
        forget(&data)?;
    }
    let options = Options {
        data: data.clone(),
        postgres,
        public_url: None,
        listen,
        demonstration: true,
        out: Out::default(),
        policy: PolicyName::Default,
        provider: None,
    };
    serve::run(&options, |app, origin| {
        let start = Instant::now();
        let loaded = load(app)?;
        // What a visitor is shown first ranks as what they are shown later.
        while !app.index().wait(app.register().position()) {}
        search::learn(app);
        let identities = identities(app)?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "科技红娘 · 演示 Hongniang demonstration\n  {origin}    (English: {origin}/en/)")?;
        match loaded {
            Some(counts) => {
                let words: Vec<String> = counts.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
                writeln!(out, "  loaded {} in {:.1} s", words.join(", "), start.elapsed().as_secs_f32())?;
            }
            None => writeln!(out, "  kept what {} holds (--fresh loads anew)", data.display())?,
        }
        writeln!(out, "\n演示身份 (personal links, made anew at each start):")?;
        for (name, path) in &identities {
            writeln!(out, "  {name}\n    {origin}{path}")?;
        }
        writeln!(out, "\n试一试 What to try:\n{}", TRY.replace("{origin}", origin))?;
        app.show_identities(identities);
        Ok(())
    })
}

const TRY: &str = "  1. {origin}/tour     三分钟导览 (sixteen steps, three minutes)
  2. {origin}/regions/330200/links     宁波五连图：四十一家学会服务站，点开看出处 (who is linked to whom)
  3. {origin}/demands/post     提需求：两行起步，体检追问 (post a need, no account)
  4. 施小满：我的事项 → 审核、保密审查、发布 → 对接页 (officer's work list, publish, match)
  5. {origin}/figures?place=330110     余杭：报道 114、记录 114，每个数点开就是记录 (every figure opens)
  6. {origin}/compare     对照：来源文件逐行，做到了没有 (the source documents row by row)
  7. {origin}/demands.xlsx     导出表格 (everything leaves as a spreadsheet)";

/// Removes a demonstration's folder; anything else is left alone.
fn forget(data: &std::path::Path) -> anyhow::Result<()> {
    let is_ours = data.join("register.sqlite").exists();
    let is_empty = std::fs::read_dir(data)?.next().is_none();
    if !is_ours && !is_empty {
        bail!("{} does not look like a demonstration's folder: remove it yourself", data.display());
    }
    std::fs::remove_dir_all(data).with_context(|| format!("cannot remove {}", data.display()))
}

/// How many of each kind were filed; none if there was something already.
fn load(app: &App) -> anyhow::Result<Option<Vec<(&'static str, usize)>>> {
    if app.position().number > 0 {
        return Ok(None);
    }
    let (all, today) = (files::all(SEED)?, app.today());
    let counts = all.iter().map(|(kind, tables)| (*kind, tables.len())).collect();
    let catalogue = app.register().catalogue().clone();
    let (earlier, now) = apart(all);
    let mut world = World::new(catalogue, today);
    world = file(app, world, 0, now)?;
    for (days, tables) in earlier {
        world = file(app, world, days, tables)?;
    }
    // What happened in the last weeks is told of; what was there before is not.
    app.register().write_now(app.now(), |writer| writer.begin_telling())?;
    life::fill(app, world)?;
    for days in RINGS {
        ring(app, days)?;
    }
    signin::new_account(app, "steward", "演示管理员", Role::Steward, Over::Node)?;
    Ok(Some(counts))
}

/// Days before today on which the clocks of the demonstration rang; the last is today.
const RINGS: [i64; 2] = [100, 0];

/// Tables by kind, in order of reference.
type Tables = Vec<(&'static str, Vec<toml::Table>)>;

/// Tables written earlier, by how many days, and the others.
fn apart(all: Tables) -> (BTreeMap<i64, Tables>, Tables) {
    let (mut earlier, mut now): (BTreeMap<i64, Tables>, Tables) = Default::default();
    for (kind, tables) in all {
        let written = |table: &toml::Table| table.get(world::WRITTEN).and_then(toml::Value::as_integer);
        let (old, rest): (Vec<_>, Vec<_>) = tables.into_iter().partition(|table| written(table).is_some());
        now.push((kind, rest));
        for table in old {
            let days = written(&table).unwrap_or_default();
            earlier.entry(days).or_default().push((kind, vec![table]));
        }
    }
    (earlier, now)
}

/// Files tables as on a day so many days ago.
fn file(app: &App, mut world: World, days: i64, tables: Tables) -> anyhow::Result<World> {
    let filed = app.register().write_now(days_ago(app, days), move |writer| {
        for (kind, tables) in tables {
            if let Err(error) = world.file_all(writer, kind, tables) {
                return Err(register::Fault::Storage(format!("{error:#}")));
            }
        }
        if let Err(error) = world.go_on(writer) {
            return Err(register::Fault::Storage(format!("{error:#}")));
        }
        Ok(world)
    })?;
    Ok(filed.value)
}

/// Answers the clocks that had run out so many days ago.
fn ring(app: &App, days: i64) -> anyhow::Result<()> {
    let (now, today) = (days_ago(app, days), app.today().saturating_sub(jiff::Span::new().days(days)));
    for rung in app.register().read(|reader| reader.rung(today, RUNG_MAX))? {
        app.register().write_now(now, move |writer| writer.ring(&rung))?;
    }
    Ok(())
}

fn days_ago(app: &App, days: i64) -> jiff::Timestamp {
    app.now().saturating_sub(jiff::SignedDuration::from_hours(days * 24)).unwrap_or(app.now())
}

/// One-time links of this start: name and address.
fn identities(app: &App) -> anyhow::Result<Vec<(String, String)>> {
    let mut links = Vec::new();
    for (account, name, role) in IDENTITIES {
        let person = app.register().read(|reader| match account {
            "" => Ok(reader.titled(&signin::house(), person::KIND, name)?.map(|person| person.id)),
            account => Ok(reader.account_by_name(account)?.map(|account| account.person)),
        })?;
        if let Some(person) = person {
            links.push((format!("{role} {name}"), signin::demonstration_link(app, person)?));
        }
    }
    Ok(links)
}
