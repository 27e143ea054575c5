//! People and events: memos and benefits of an expert, bodies and the tasks they decide, who came to an event, who goes where
//! when, and the certificate of a year.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod service {
    use jiff::ToSpan as _;
    use serde_json::{Value, json};

    use crate::harness::client::{Answer, Client};
    use crate::harness::world::{Filed, file, make, text, try_file, try_make};
    use crate::harness::{Holder, House, Store, link_in, now};

    const HOLDERS: [Holder; 5] = [
        ("shi", "officer", "330521", "施小满（虚构）"),
        ("luo", "liaison", "330521", "罗清和（虚构）"),
        ("hu", "officer", "330000", "胡令仪（虚构）"),
        ("feng", "officer", "330281", "冯渡桥（虚构）"),
        ("lead", "leader", "330521", "李行之（虚构）"),
    ];

    /// A day so many days from today, as forms write it.
    fn day(days: i64) -> String {
        let today = now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date();
        today.checked_add(days.days()).expect("a day").to_string()
    }

    fn expert(officer: &Client, name: &str, more: Value) -> Filed {
        let mut fields = json!({ "title": name, "place": "330100" });
        fields.as_object_mut().expect("fields").extend(more.as_object().cloned().unwrap_or_default());
        let filed = file(officer, "people", "expert", fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    fn unit(officer: &Client, of: &str, title: &str, place: &str) -> Filed {
        let filed = file(officer, "organizations", of, json!({ "title": title, "place": place }));
        make(officer, &filed, "list", json!({}));
        filed
    }

    fn event(officer: &Client, of: &str, title: &str, held: &str, more: Value) -> Filed {
        let mut fields = json!({ "title": title, "place": "330521", "held_on": held });
        fields.as_object_mut().expect("fields").extend(more.as_object().cloned().unwrap_or_default());
        let filed = file(officer, "events", of, fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    /// Someone of a unit, or the person themselves, with a session; the house stands on the same site afterwards.
    fn with(house: House, words: &[&str]) -> (House, Client) {
        let site = house.close();
        let said = site.run(words);
        let told = String::from_utf8_lossy(&said.stdout).into_owned();
        let link = link_in(&told).unwrap_or_else(|| panic!("no link in {told:?}"));
        let house = House::on(site);
        let client = house.visitor();
        client.enter(&link);
        (house, client)
    }

    fn stage(who: &Client, record: &Filed) -> String {
        text(&who.get(&record.api()).is(200).value(), "stage")
    }

    #[track_caller]
    fn faults(answer: &Answer) -> Vec<String> {
        let body = answer.value();
        let all = body.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
        let told = |fault: &Value| format!("{} {}", text(fault, "pointer"), text(fault, "code"));
        all.iter().map(told).collect()
    }

    #[test]
    fn a_memo_is_read_by_those_who_keep_it_and_climbs_when_nobody_follows_up() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let (county, province) = (house.person("shi"), house.person("hu"));
        let expert = expert(&province, "沈砚秋（虚构）", json!({}));
        let fields = |title: &str, on: String| {
            json!({
                "title": title, "expert": expert.id, "noted_on": day(-3), "place": "330521",
                "content": "想要一条能停线半天的冷压机", "next_step": "回话", "next_on": on,
            })
        };
        let late = file(&county, "memos", "follow", fields("答应寄样板", day(-1)));
        let ahead = file(&house.person("luo"), "memos", "follow", fields("约下次进厂", day(9)));
        let page = county.get(&expert.page()).is(200).text();
        for shown in ["答应寄样板", "约下次进厂", "回话", "本月邀请", "0 / 4"] {
            assert!(page.contains(shown), "{shown} on {page}");
        }
        // Another county, a visitor and a leader find neither the memo nor a word of it.
        for other in [house.person("feng"), house.visitor(), house.person("lead")] {
            let seen = other.get(&expert.page()).is(200).text();
            assert!(!seen.contains("寄样板") && !seen.contains("约下次"), "{seen}");
            assert!(matches!(other.get(&late.page()).status, 404 | 303 | 401));
            assert_eq!(other.get(&late.api()).status, 404);
        }
        // What is late stands first on the desk of whoever is above the county, until someone says what came of it.
        let work = province.get("/work").is(200).text();
        let overdue = work.split("id=\"late\"").nth(1).and_then(|rest| rest.split("id=\"later\"").next());
        let overdue = overdue.unwrap_or_else(|| panic!("{work}"));
        assert!(overdue.contains("答应寄样板") && !overdue.contains("约下次进厂"), "{work}");
        // What is not due yet rests, for whoever keeps it as well.
        let work = county.get("/work").is(200).text();
        assert!(work.contains("答应寄样板") && !work.contains("约下次进厂"), "{work}");
        let refused = try_make(&county, &late, "follow-up", json!({}));
        assert_eq!(refused.status, 422, "{}", refused.text());
        make(&county, &late, "follow-up", json!({ "progress": "样板已寄，专家收到" }));
        assert_eq!(stage(&county, &late), "kept");
        make(&county, &ahead, "put-off", json!({ "next_on": day(20) }));
        let due = text(&county.get(&ahead.api()).is(200).value(), "due");
        assert_eq!(due, day(20), "the clock goes by the new day");
        let future = try_file(
            &county,
            "memos",
            "talk",
            json!({ "title": "明天的事", "expert": expert.id, "noted_on": day(1), "place": "330521" }),
        );
        assert_eq!(faults(&future.is(422)), ["/fields/noted_on in-future"]);
    }

    #[test]
    fn the_experts_own_page_tells_the_load_and_the_benefits_but_no_memo() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let county = house.person("shi");
        let expert = expert(&county, "沈砚秋（虚构）", json!({ "place": "330521" }));
        let memo = json!({
            "title": "私下说起的事", "expert": expert.id, "noted_on": day(-1), "place": "330521",
        });
        let memo = file(&county, "memos", "talk", memo);
        let benefit = json!({
            "title": "民宿体验券（演示）", "expert": expert.id, "amount": "6000元", "granted_on": day(-1),
            "place": "330521",
        });
        let benefit = file(&county, "benefits", "voucher", benefit);
        let uses = |amounts: [&str; 2]| {
            let one = |amount: &str| json!({ "on": day(0), "amount": amount, "note": "两晚" });
            json!({ "used": amounts.map(one) })
        };
        let above = try_make(&county, &benefit, "use", uses(["4000元", "2000.01元"]));
        assert_eq!(faults(&above.is(422)), ["/fields/used above-benefit"]);
        make(&county, &benefit, "use", uses(["1000元", "1280元"]));
        let page = county.get(&expert.page()).is(200).text();
        assert!(page.contains("3720元"), "what is left is told: {page}");
        let asked = [("name", "shen"), ("number", &*expert.number), ("role", "expert"), ("place", "330521")];
        let invited = county.post("/accounts/invite", &asked).is(200).text();
        let own = house.visitor();
        own.enter(&link_in(&invited).unwrap_or_else(|| panic!("{invited}")));
        let page = own.get(&expert.page()).is(200).text();
        assert!(page.contains("民宿体验券") && page.contains("专家近况"), "{page}");
        assert!(!page.contains("私下说起"), "{page}");
        own.get(&memo.page()).is(404);
        assert!(!house.visitor().get(&expert.page()).text().contains("专家近况"));
    }

    /// Types what a meeting decided, wrongly first, then right and twice.
    fn decide(county: &Client, meeting: &Filed) {
        let desk = format!("{}/decisions", meeting.page());
        let wrong = [
            ("task-0", "列出检测清单"),
            ("unit-0", "没有这个单位"),
            ("due-0", "2020-01-01"),
            ("task-1", ""),
            ("unit-1", "企业服务中心（演示）"),
            ("due-1", "后天"),
        ];
        let again = county.post(&desk, &wrong).is(422).text();
        for told in ["没有叫“没有这个单位”的在册单位", "这一天已经过去", "不是日期", "value=\"列出检测清单\""]
        {
            assert!(again.contains(told), "{told} on {again}");
        }
        let token = again.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert!(token.is_some());
        let form = county.get(&desk).is(200).text();
        let token = form.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let (soon, today) = (day(9), day(0));
        let right = [
            ("token", token.unwrap_or_default()),
            ("task-0", "列出检测清单"),
            ("unit-0", "企业服务中心（演示）"),
            ("due-0", soon.as_str()),
            ("task-2", "定下停线时间"),
            ("unit-2", "企业服务中心（演示）"),
            ("due-2", today.as_str()),
        ];
        // Sent twice, each decision is filed once.
        county.post(&desk, &right).is(303);
        county.post(&desk, &right).is(303);
    }

    #[test]
    fn what_a_meeting_decides_is_assigned_told_and_climbs_when_late() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let county = house.person("shi");
        let body = unit(&county, "body.joint_meeting", "融合工作联席会议（演示）", "330521");
        let owner = unit(&county, "department", "企业服务中心（演示）", "330521");
        let old = json!({
            "title": "镇里的成员", "from": owner.id, "to": body.id, "role": "team_member", "since": "2020", "until": "2023-03",
        });
        file(&county, "ties", "membership", old);
        let chair = json!({
            "title": "召集人", "from": owner.id, "to": body.id, "role": "team_leader", "since": "2024-03", "until": "2099-03",
        });
        file(&county, "ties", "post", chair);
        let meeting = event(&county, "meeting", "第一次会议（演示）", &day(-2), json!({ "body": body.id }));
        let (house, member) = with(
            house,
            &["account", "qi", "--role", "member", "--organization", &owner.id, "--person", "戚问舟（虚构）"],
        );
        let county = house.again(&county);
        decide(&county, &meeting);
        let list = county.get("/api/v1/tasks").is(200).value();
        let items = list["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(items.len(), 2, "{list}");
        assert!(items.iter().all(|item| text(item, "stage") == "open"));
        let work = member.get("/work").is(200).text();
        assert!(work.contains("列出检测清单") && work.contains("报告办结"), "{work}");
        let page = county.get(&body.page()).is(200).text();
        for shown in ["召集人", "任期已满", "第一次会议（演示）", "定下停线时间", "办理中的任务"]
        {
            assert!(page.contains(shown), "{shown} on {page}");
        }
        let task = |title: &str| {
            let item = items.iter().find(|item| text(item, "title") == title).expect("a task");
            Filed { kind: "tasks".into(), number: text(item, "number"), id: text(item, "id") }
        };
        let first = task("列出检测清单");
        make(&county, &first, "put-off", json!({ "due_on": day(-1), "note": "提前" }));
        let province = house.person("hu");
        let climbed = province.get("/work").is(200).text();
        assert!(climbed.contains("列出检测清单"), "late, it stands with those above: {climbed}");
        assert_eq!(try_make(&member, &first, "finish", json!({})).status, 422);
        make(&member, &first, "finish", json!({ "report": "十二家都列好了" }));
        assert_eq!(stage(&county, &first), "done");
        assert!(!province.get("/work").is(200).text().contains("列出检测清单"));
        assert_eq!(house.person("feng").get(&first.api()).status, 404);
    }

    #[test]
    fn a_list_is_typed_counted_once_and_taken_over_and_signing_in_is_optional() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let county = house.person("shi");
        unit(&county, "firm", "云岫木业（演示）", "330521");
        let event = event(&county, "docking", "木业专场（演示）", &day(-1), json!({ "series": "百日百场" }));
        let desk = format!("{}/attendance", event.page());
        let typed = "白露晞（虚构），云岫木业（演示），工艺主管，0572-0000401\n柏舟远（虚构）\t云岫木业（演示）\n丁晚枫（虚构）,翠筠人造板（演示）";
        let wrong = county
            .post(&desk, &[("people", &format!("{typed}\n一")), ("part", "firm"), ("do", "list")])
            .is(422)
            .text();
        assert!(wrong.contains("第 4 行") && wrong.contains("柏舟远（虚构）"), "{wrong}");
        county.post(&desk, &[("people", typed), ("part", "firm"), ("came", "1"), ("do", "list")]).is(303);
        // The same people again and one more: nobody stands twice.
        let more = format!("{typed}\n常棣华（虚构），钱屿科技大学（演示），教授");
        county.post(&desk, &[("people", &more), ("part", "expert"), ("do", "list")]).is(303);
        let page = county.get(&desk).is(200).text();
        assert!(page.contains("名单 4 人，到会 3 人；其中专家 0 人，企业 2 家"), "{page}");
        let row = page.split("name=\"row\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        county.post(&desk, &[("do", "sign-in"), ("row", row.unwrap_or_default())]).is(303);
        county.post(&desk, &[("do", "take")]).is(303);
        let taken = county.get(&event.api()).is(200).value();
        assert_eq!(
            (taken["fields"]["people"].as_u64(), taken["fields"]["firms"].as_u64()),
            (Some(4), Some(2)),
            "{taken}"
        );
        assert!(county.get(&format!("{desk}.csv")).is(200).text().contains("柏舟远（虚构）"));
        // The list is of those who hold the event; that it was held is public, with its series counted.
        for other in [house.visitor(), house.person("feng")] {
            assert!(matches!(other.get(&desk).status, 404 | 303 | 401), "{}", other.get(&desk).status);
            let page = other.get(&event.page()).is(200).text();
            assert!(page.contains("系列“百日百场”") && page.contains("1 场"), "{page}");
            assert!(!page.contains("白露晞"), "{page}");
        }
    }

    #[test]
    fn events_that_clash_or_read_alike_are_shown_beside_a_new_one() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let (county, province) = (house.person("shi"), house.person("hu"));
        let wood = json!({ "industry": ["C202"] });
        event(&county, "docking", "竹木加工专场（演示）", &day(10), wood.clone());
        event(&county, "lecture", "老年照护讲座（演示）", &day(10), json!({ "industry": ["Q84"] }));
        let far = json!({ "industry": ["C27"], "place": "330324" });
        event(&province, "roadshow", "医药路演（演示）", &day(11), far);
        event(&county, "docking", "明年的木业会（演示）", &day(90), wood.clone());
        let fields = json!({ "title": "人造板交流会（演示）", "place": "330521", "held_on": day(11), "industry": ["C202"] });
        let new = file(&county, "events", "docking", fields);
        let page = county.get(&new.page()).is(200).text();
        let near = page.rsplit("前后三周相近的活动").next().unwrap_or_default();
        let near = near.split("</table>").next().unwrap_or_default();
        assert!(near.contains("竹木加工专场") && near.contains("同一行业"), "{page}");
        assert!(near.contains("老年照护讲座") && near.contains("同一地方、日期相邻"), "{near}");
        assert!(!near.contains("医药路演") && !near.contains("明年的木业会"), "{near}");
    }

    #[test]
    fn the_board_shows_who_is_wanted_twice_on_one_day() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let (county, province) = (house.person("shi"), house.person("hu"));
        let away = json!({ "away": [{ "since": day(12), "until": day(14) }], "place": "330521" });
        let shen = expert(&province, "沈砚秋（虚构）", away);
        let lu = expert(&province, "陆闻笛（虚构）", json!({}));
        let firm = unit(&county, "firm", "云岫木业（演示）", "330521");
        let trip = |title: &str, who: &Filed, since: i64, until: i64| {
            let fields = json!({
                "title": title, "experts": [who.id], "firm": firm.id, "place": "330521",
                "starts_on": day(since), "ends_on": day(until),
            });
            file(&county, "trips", "firm", fields)
        };
        let long = trip("驻厂三天（演示）", &shen, 3, 5);
        let short = trip("半天诊断（演示）", &shen, 5, 5);
        let other = trip("看压机（演示）", &lu, 5, 5);
        let blocked = trip("学期里的一天（演示）", &shen, 13, 13);
        let clashes = |trip: &Filed| county.get(&trip.page()).is(200).text();
        assert!(clashes(&long).contains("半天诊断（演示）"), "{}", clashes(&long));
        assert!(clashes(&short).contains("驻厂三天（演示）"));
        assert!(!clashes(&other).contains("日期相撞"), "another expert goes there");
        assert!(clashes(&blocked).contains("不便外出"));
        let board = county.get("/dispatch").is(200).text();
        assert!(board.contains("八周内 4 项安排，其中 3 项日期相撞"), "{board}");
        make(&county, &short, "cancel", json!({ "note": "企业停线" }));
        assert!(!clashes(&long).contains("日期相撞"), "what is cancelled clashes with nothing");
        let sheet = county.get("/dispatch.csv").is(200).text();
        assert!(sheet.contains("驻厂三天（演示）") && !sheet.contains("半天诊断（演示）"), "{sheet}");
        assert!(house.person("feng").get("/dispatch").is(200).text().contains("八周内 0 项安排"));
        assert!(matches!(house.visitor().get("/dispatch").status, 303 | 401));
    }

    #[test]
    fn a_pair_is_one_university_and_one_township() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let county = house.person("shi");
        let university = unit(&county, "university", "云栖林业大学（演示）", "330521");
        let towns =
            ["雾溪镇（演示）", "稻屿镇（演示）"].map(|town| unit(&county, "township", town, "330521"));
        let firm = unit(&county, "firm", "云岫木业（演示）", "330521");
        let pair = |from: &Filed, to: &Filed, theme: &str| {
            let fields = json!({
                "title": "结对", "from": from.id, "to": to.id, "theme": theme, "deliverables": "两份工艺单",
                "place": "330521", "since": "2024",
            });
            file(&county, "ties", "pairing", fields)
        };
        pair(&university, &towns[0], "竹材就地加工");
        let over = pair(&towns[1], &university, "梨园管护");
        pair(&university, &firm, "不是乡镇");
        make(&county, &over, "end", json!({ "until": "2026-01" }));
        let page = county.get("/pairs").is(200).text();
        assert!(page.contains("有效 1 对：高校 1 所，乡镇（街道）1 个"), "{page}");
        assert!(page.contains("竹材就地加工") && page.contains("梨园管护") && page.contains("两份工艺单"));
        assert!(!page.contains("不是乡镇"), "{page}");
        let public = house.visitor().get("/pairs.csv").is(200).text();
        assert!(public.contains("竹材就地加工") && !public.contains("梨园管护"), "{public}");
    }

    #[test]
    fn a_year_of_service_is_computed_and_certified_once() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let county = house.person("shi");
        let expert = expert(&county, "沈砚秋（虚构）", json!({ "place": "330521" }));
        let firm = unit(&county, "firm", "云岫木业（演示）", "330521");
        let page = format!("{}/record", expert.page());
        assert!(county.get(&page).is(200).text().contains("这一年还没有登记的服务"));
        assert_eq!(county.post(&page, &[("year", "")]).status, 404, "nothing is certified of nothing");
        for (title, ceiling) in [("冷压诊断（演示）", "public"), ("不公开的一次（演示）", "node")]
        {
            let fields = json!({
                "title": title, "visited_on": day(0), "place": "330521", "firm": firm.id,
                "experts": [expert.id], "ceiling": ceiling,
            });
            let visit = file(&county, "visits", "service", fields);
            make(&county, &visit, "list", json!({}));
        }
        let record = county.get(&page).is(200).text();
        assert!(record.contains("走访 2 次，涉及单位 1 家"), "{record}");
        assert!(record.contains("冷压诊断") && !record.contains("不公开的一次"), "{record}");
        // Another county reads it and issues nothing.
        let other = house.person("feng");
        assert!(!other.get(&page).is(200).text().contains("证明按此刻的记录出具"));
        assert_eq!(other.post(&page, &[("year", "")]).status, 403);
        county.post(&page, &[("year", "")]).is(303);
        county.post(&page, &[("year", "")]).is(303);
        let issued = county.get("/api/v1/certificates").is(200).value();
        let items = issued["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(items.len(), 1, "one text, one certificate: {issued}");
        let number = text(&items[0], "number");
        let kept = county.get(&format!("/api/v1/certificates/{number}")).is(200).value();
        let words = text(&kept["fields"], "text");
        assert!(words.contains("沈砚秋（虚构）") && words.contains("另有走访 1 次"), "{words}");
        assert!(!words.contains("不公开的一次"), "{words}");
        assert_eq!(text(&kept["fields"], "code").len(), 14);
        assert!(county.get(&page).is(200).text().contains(&text(&kept["fields"], "code")));
        for other in [house.visitor(), house.person("lead")] {
            assert!(matches!(other.get(&page).status, 404 | 303 | 401));
        }
        assert_eq!(county.get(&format!("{page}?year=1999")).status, 404);
    }
}
