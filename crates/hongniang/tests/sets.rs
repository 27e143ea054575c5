//! The demonstration sets: what the source documents tell of cases, counted again from the records of the demonstration's
//! year, over HTTP. Nothing told by a source counts here.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod sets {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use crate::harness::client::{Client, encode};
    use crate::harness::world::text;
    use crate::harness::{Site, Store, world};

    /// Place, figure, and what the year's records come to: what the documents tell of the unit.
    const FIGURES: [(&str, &str, &str); 26] = [
        // Yuhang, one service year.
        ("330110", "对接学会", "45"),
        ("330110", "专家人次", "135"),
        ("330110", "服务企业", "168"),
        ("330110", "解决问题", "114"),
        ("330110", "每家企业解决问题", "0.68"),
        ("330110", "每家企业专家人次", "0.8"),
        ("330110", "院士专家指导站", "14"),
        ("330110", "院士专家行", "22"),
        ("330110", "接待院士", "132"),
        ("330110", "注册落地项目", "6"),
        // Wenzhou after the summit.
        ("330300", "战略合作协议", "7"),
        ("330300", "高能级平台落地", "15"),
        ("330300", "人才项目落地", "127"),
        ("330300", "引进高层次人才", "410"),
        ("330300", "协议落地率", "90"),
        // Deqing; 50 visits and more stand below.
        ("330521", "对接学会", "9"),
        ("330521", "解决“卡脖子”问题", "102"),
        ("330521", "市级以上科技奖项", "6"),
        ("330521", "发明专利", "16"),
        ("330521", "科技立项", "12"),
        ("330521", "完成课题", "13"),
        ("330521", "制定行业标准", "4"),
        // Ningbo: what was solved for 37 champion firms, and the market's year.
        ("330200", "服务企业", "37"),
        ("330200", "解决问题", "16"),
        ("330200", "院企对接活动", "213"),
        ("330200", "成果转化", "990"),
    ];

    fn count(client: &Client, address: &str) -> u64 {
        let page = client.get(&format!("/api/v1/{address}&first=1")).is(200).value();
        page.pointer("/count/n").and_then(Value::as_u64).unwrap_or_else(|| panic!("{address}: {page}"))
    }

    fn items(client: &Client, address: &str) -> Vec<Value> {
        let page = client.get(&format!("/api/v1/{address}&first=100")).is(200).value();
        page["items"].as_array().cloned().unwrap_or_default()
    }

    fn that(filter: &str) -> String {
        format!("where={}", encode(filter))
    }

    /// The recorded figures of a place by the label of the indicator.
    fn recorded(client: &Client, place: &str) -> BTreeMap<String, String> {
        let text = client.get(&format!("/figures.jsonl?place={place}")).is(200).text();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line"));
        let of = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
        lines.map(|line| (of(&line, "indicator"), of(&line, "recorded"))).collect()
    }

    fn figures_of_the_year(client: &Client, wrong: &mut Vec<String>) {
        let mut known: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
        for (place, name, expected) in FIGURES {
            let figures = known.entry(place).or_insert_with(|| recorded(client, place));
            let found = figures.get(name).cloned().unwrap_or_default();
            if found != expected {
                wrong.push(format!("{place} {name}: {found} recorded, not {expected}"));
            }
        }
    }

    /// Ningbo: 37 champion firms, 19 intents beside the 13 of one session, which come to 6.4 million.
    fn ningbo(client: &Client, wrong: &mut Vec<String>) {
        let mut is = |name: &str, found: String, expected: &str| {
            if found != expected {
                wrong.push(format!("{name}: {found}, not {expected}"));
            }
        };
        let firms = count(
            client,
            &format!("organizations?{}", that("all(labels=champion,place=330200,stage=listed)")),
        );
        is("champion firms", firms.to_string(), "37");
        let session = items(client, "events?type=docking&place=330200")
            .into_iter()
            .find(|event| text(event, "title").contains("第 13 场"))
            .expect("the session");
        let signed = format!("all(type=intent,event@{})", text(&session, "id"));
        let letters = items(client, &format!("agreements?{}", that(&signed)));
        let fen: i64 = letters.iter().filter_map(|one| one.pointer("/values/amount/0/fen")?.as_i64()).sum();
        is("letters of the session", letters.len().to_string(), "13");
        is("their amount", (fen / 1_000_000).to_string(), "640");
        is("amount of each", format!("{:.2}", fen as f64 / 1e6 / letters.len() as f64), "49.23");
        let intents =
            count(client, &format!("agreements?{}", that("all(type=intent,place=330200,stage=listed)")));
        let beside = intents - letters.len() as u64;
        is("intents of champion firms", beside.to_string(), "19");
        is("intents per champion firm", format!("{:.2}", beside as f64 / firms as f64), "0.51");
        let figures = recorded(client, "330200");
        let figure =
            |name: &str| figures.get(name).and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
        let share = figure("成果转化") / figure("院企对接活动");
        is("transfers per session", format!("{share:.2}"), "4.65");
    }

    /// The pilot's targets of the year, 3, 5, 10, 20 and 30, each with as much as there is.
    fn targets(client: &Client, wrong: &mut Vec<String>) {
        let all = items(client, &format!("targets?{}", that("not(stage=sourced)")));
        let mut asked: Vec<String> = all
            .iter()
            .map(|target| client.get(&format!("/api/v1/targets/{}", text(target, "number"))).is(200).value())
            .map(|target| target.pointer("/fields/value/min").map(Value::to_string).unwrap_or_default())
            .map(|number| number.trim_matches('"').to_owned())
            .collect();
        asked.sort_by_key(|number| number.parse::<u32>().unwrap_or_default());
        if asked != ["3", "5", "10", "20", "30"] {
            wrong.push(format!("targets: {asked:?}"));
        }
    }

    #[test]
    fn what_the_documents_tell_of_cases_is_counted_again_from_the_years_records() {
        let server = Site::new(Store::Sqlite).demonstrate();
        let client = server.visitor();
        world::settle(&client);
        let mut wrong = Vec::new();
        figures_of_the_year(&client, &mut wrong);
        ningbo(&client, &mut wrong);
        targets(&client, &mut wrong);
        let visits = count(&client, "visits?type=service&place=330521");
        if visits < 50 {
            wrong.push(format!("{visits} visits in Deqing"));
        }
        chain(&client, &mut wrong);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Steps of the chain: each a part of the one before, each opening to as many demands, none of them empty.
    fn chain(client: &Client, wrong: &mut Vec<String>) {
        const STEPS: [&str; 6] = ["需求", "有响应", "已见面", "达成意向", "签订合同", "取得成效"];
        let page = client.get("/figures?place=330000").is(200).text();
        let drawn = page.split("<ol class=\"funnel\">").nth(1).and_then(|rest| rest.split("</ol>").next());
        let drawn = drawn.unwrap_or_else(|| panic!("no chain: {page}"));
        let mut before = u64::MAX;
        for (step, label) in drawn.split("<li>").skip(1).zip(STEPS) {
            let figure = step.split("<a class=\"figure\" href=\"").nth(1).expect("a figure that opens");
            let (address, rest) = figure.split_once('"').expect("an address");
            let shown = rest.trim_start_matches('>').split('<').next().unwrap_or_default();
            let n: u64 = shown.parse().unwrap_or_else(|_| panic!("{label}: {shown}"));
            let address = address.replace("&#38;", "&").replace("&amp;", "&");
            let listed = count(client, address.trim_start_matches('/'));
            let percent = step.split("上一级的 ").nth(1).and_then(|rest| rest.split('%').next());
            let percent = percent.and_then(|text| text.parse::<u64>().ok());
            let part = before == u64::MAX || percent.is_some_and(|percent| percent <= 100);
            if !(step.contains(label) && n == listed && n <= before && n >= 5 && part) {
                wrong.push(format!("{label}: {n} shown, {listed} listed, {before} before, {percent:?} %"));
            }
            before = n;
        }
    }
}
