//! People: links that keep to a record and are answered once, invitations within one's own, an organisation's own
//! administrator, requests to join, opposite interests, substitutes, moves made after a telephone call.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod people {
    use std::sync::Arc;

    use catalogue::Asker;
    use jiff::{SignedDuration, Timestamp};
    use register::{New, Register, StoreAt};
    use serde_json::json;
    use sha2::{Digest as _, Sha256};

    use crate::harness::client::{Answer, Client};
    use crate::harness::world::{self, Filed, file, make, text, titles, try_make};
    use crate::harness::{Holder, House, Site, Store, link_in};

    const HOLDERS: [Holder; 4] = [
        ("steward", "steward", "", "章一苇（虚构）"),
        ("shi", "officer", "330521", "施小满（虚构）"),
        ("li", "officer", "330000", "李望舒（虚构）"),
        ("zhou", "liaison", "330521", "周行（虚构）"),
    ];

    /// The link a page shows once.
    #[track_caller]
    fn link_on(answer: &Answer) -> String {
        link_in(&answer.text()).unwrap_or_else(|| panic!("no link: {} {}", answer.status, answer.text()))
    }

    /// The link an invitation to a match hands out.
    fn invite(officer: &Client, of: &Filed, expert: &Filed) -> String {
        let said = [
            ("expert", expert.id.as_str()),
            ("message", "您做过这一类"),
            ("effort", "半天"),
            ("reward", "paid"),
            ("do", "make"),
        ];
        let sent = officer.post(&format!("{}/invite", of.page()), &said);
        let sent = sent.is(303);
        let fresh = sent.headers.iter().find_map(|(_, value)| value.strip_prefix("fresh="));
        format!("/l/{}", fresh.and_then(|rest| rest.split(';').next()).expect("a link"))
    }

    fn a_match(officer: &Client, title: &str, expert: &Filed) -> Filed {
        let demand =
            json!({ "title": format!("{title}的需求"), "problem": world::NEED.1, "place": "330521" });
        let demand = file(officer, "demands", "technical", demand);
        let fields =
            json!({ "title": title, "demand": demand.id, "candidate": expert.id, "place": "330521" });
        let of = file(officer, "matches", "", fields);
        make(officer, &of, "fit", json!({}));
        of
    }

    fn an_expert(officer: &Client) -> Filed {
        let fields = json!({ "title": "江予白（虚构）", "place": "330521", "contact_phone": "0572-0000999" });
        let expert = file(officer, "people", "expert", fields);
        make(officer, &expert, "list", json!({}));
        expert
    }

    fn a_firm(officer: &Client, title: &str) -> Filed {
        let firm = file(officer, "organizations", "firm", json!({ "title": title, "place": "330521" }));
        make(officer, &firm, "list", json!({}));
        firm
    }

    #[test]
    fn a_link_keeps_to_its_record_is_answered_once_and_can_be_taken_back() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let officer = house.person("shi");
        let expert = an_expert(&officer);
        let (one, two) = (a_match(&officer, "甲荐", &expert), a_match(&officer, "乙荐", &expert));
        let links = [&one, &two].map(|of| invite(&officer, of, &expert));
        let [me, other] = [house.visitor(), house.visitor()];
        me.enter(&links[0]);
        other.enter(&links[1]);

        me.get(&one.page()).is(200);
        me.get(&two.page()).is(404);
        assert_eq!(titles(&me.get("/api/v1/matches").is(200)), ["甲荐"]);
        assert!(!me.get("/work").is(200).text().contains("乙荐"));
        let card = me.get(&expert.api()).is(200);
        assert!(!card.text().contains("0572-0000999"), "their own card is read as anyone reads it");
        let tag = card.header("etag").unwrap_or_default().to_owned();
        let written = json!({ "fields": { "title": "改名（虚构）", "place": "330521" } });
        me.json("PUT", &expert.api(), &written, &[("if-match", &tag)]).is(403);
        try_make(&me, &two, "accept", json!({})).is(404);

        // Someone else is signed in: they are told, and nothing happens by looking.
        let seen = officer.get(&links[0]).is(200).text();
        assert!(seen.contains("您现在以 施小满（虚构） 登录"), "{seen}");
        officer.get(&one.page()).is(200);

        make(&me, &one, "accept", json!({}));
        me.get(&one.page()).is(200);
        let again = try_make(&me, &one, "decline", json!({ "reason": "other" }));
        assert!([403, 409].contains(&again.status), "{}", again.text());
        let closed = house.visitor().get(&links[0]).is(200).text();
        assert!(closed.contains("已经答复") && closed.contains("接受邀请"), "{closed}");
        house.visitor().post(&links[0], &[]).is(410);

        // The officer sees both links with what became of them, and takes one back.
        let desk = format!("{}/links", two.page());
        assert!(officer.get(&one.page()).text().contains(&format!("{}/links", one.page())));
        assert!(officer.get(&format!("{}/links", one.page())).is(200).text().contains("已答复"));
        let page = officer.get(&desk).is(200).text();
        let handle = page.split("name=\"revoke\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let handle = handle.expect("a button to take it back");
        house.person("zhou").get(&desk).is(404);
        other.get(&desk).is(404);
        officer.post(&desk, &[("revoke", handle)]).is(303);
        other.get(&two.page()).is(404);
        let closed = house.visitor().get(&links[1]).is(410).text();
        assert!(closed.contains("收回") && closed.contains("施小满"), "{closed}");

        // A new one is shown once, with a sentence to pass it on.
        let fresh = officer.post(&desk, &[("person", &expert.id)]).is(200);
        assert!(fresh.text().contains("江予白（虚构）您好"));
        let link = link_on(&fresh);
        let back = house.visitor();
        back.enter(&link);
        back.get(&two.page()).is(200);
        officer.post(&desk, &[("person", &one.id)]).is(404);
        assert!(!officer.get(&desk).text().contains(&link));
    }

    #[test]
    fn a_poster_keeps_to_the_demand_and_a_link_past_its_days_says_so() {
        let mut site = Site::new(Store::Sqlite);
        site.admit(&HOLDERS);
        put_an_old_link(site.folder());
        let house = House::on(site);
        let closed = house.visitor().get("/l/an-old-secret").is(410).text();
        assert!(closed.contains("链接已过期") && closed.contains("请联系"), "{closed}");
        let unknown = house.visitor().get("/l/nobody").is(410).text();
        assert!(unknown.contains("没有这个链接") && unknown.contains("请联系"), "{unknown}");

        let firm = house.visitor();
        let first = world::post_need(&firm, world::NEED.0, world::NEED.1);
        let second = world::post_need(&firm, "另一条需求：安全阀漏气", world::NEED.1);
        firm.get(&second.page()).is(200);
        firm.get(&first.page()).is(404);
        world::revise(&firm, &second, &[("contact_name", json!("郑知远（虚构）"))]).is(200);
        make(&firm, &second, "withdraw", json!({ "withdrawn_reason": "other" }));
        firm.get(&second.page()).is(200);
    }

    /// A link about a demand that ended an hour ago.
    fn put_an_old_link(folder: &std::path::Path) {
        let now: Timestamp = crate::harness::now();
        let (catalogue, faults) = catalogue::Catalogue::load(files());
        assert!(faults.is_empty(), "{faults:?}");
        let at = StoreAt::Folder(folder.to_owned());
        let calendar = base::calendar::Calendar::bundled();
        let chance = Arc::new(|bytes: &mut [u8]| bytes.fill(7));
        let register = Register::open(&at, Arc::new(catalogue), calendar, now, chance).expect("a register");
        let digest = Sha256::digest("an-old-secret".as_bytes()).to_vec();
        register
            .write_now(now, move |writer| {
                let fields = json!({ "title": "过期的需求", "problem": world::NEED.1 });
                let fields = fields.as_object().cloned().unwrap_or_default();
                let person = writer.accounts(0, 1)?.remove(0).person;
                let me = Asker { person: Some(person), ..Asker::default() };
                let new =
                    New { kind: "demand".into(), type_path: "technical".into(), fields, ..New::default() };
                let about = writer.create(&me, new)?.item.id;
                let past = now - SignedDuration::from_hours(1);
                writer.make_link(&digest, person, Some(about), false, past)
            })
            .expect("a link");
    }

    fn files() -> Vec<(String, String)> {
        fn gather(folder: &std::path::Path, prefix: &str, found: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = format!("{prefix}/{}", path.file_name().unwrap_or_default().to_string_lossy());
                match path.is_dir() {
                    true => gather(&path, &name, found),
                    false if name.ends_with(".toml") => {
                        found.push((name, std::fs::read_to_string(&path).expect("a text")));
                    }
                    false => {}
                }
            }
        }
        let mut found = Vec::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
        gather(&folder, "catalogue", &mut found);
        found
    }

    fn invited(who: &Client, name: &str, person: &str, role: &str, over: (&str, &str)) -> Answer {
        let typed = [("name", name), ("person", person), ("role", role), over];
        who.post("/accounts/invite", &typed)
    }

    /// The page of the account a fresh link leads into.
    fn account_of(answer: &Answer) -> String {
        let page = answer.text();
        let mut rows = page.split("href=\"/accounts/").filter_map(|rest| rest.split('"').next());
        let row = rows.find(|row| row.parse::<u32>().is_ok()).unwrap_or_else(|| panic!("{page}"));
        format!("/accounts/{row}")
    }

    #[test]
    fn nobody_invites_beyond_themselves_and_a_role_taken_is_gone_at_once() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let (officer, steward) = (house.person("shi"), house.person("steward"));
        house.person("zhou").get("/accounts").is(403);
        house.visitor().get("/accounts").is(401);
        for (role, over) in [
            ("steward", ("place", "")),
            ("officer", ("place", "")),
            ("officer", ("place", "330500")),
            ("liaison", ("place", "330281")),
            ("admin", ("organization", "330500-2026-000001-4")),
            ("member", ("organization", "")),
        ] {
            let answer = invited(&officer, "too-much", "王越（虚构）", role, over);
            assert_eq!(answer.status, 422, "{role} {over:?}: {}", answer.text());
            assert!(answer.text().contains("too-much"), "nothing typed is lost");
        }
        assert!(!steward.get("/accounts").is(200).text().contains("too-much"), "nothing was made");
        let made = invited(&officer, "hu-lingyi", "胡令仪（虚构）", "liaison", ("place", "330521")).is(200);
        let account = account_of(&made);
        let liaison = house.visitor();
        liaison.enter(&link_on(&made));
        house.visitor().get(&link_on(&made)).is(410);
        assert!(liaison.get("/account").is(200).text().contains("hu-lingyi"));
        let listed = officer.get("/accounts?q=%E8%83%A1").is(200).text();
        assert!(listed.contains("hu-lingyi") && !listed.contains("steward"), "within the county alone");
        assert_eq!(
            invited(&officer, "hu-lingyi", "别人（虚构）", "liaison", ("place", "330521")).status,
            422
        );

        let brief = json!({ "title": "德清县工作报送", "place": "330521", "until": "2026-09" });
        let brief = file(&officer, "reports", "brief", brief);
        make(&officer, &brief, "file", json!({}));
        liaison.get(&brief.page()).is(200);
        let roles = format!("{account}/roles");
        officer.post(&roles, &[("take", "liaison"), ("over", "place 330521")]).is(303);
        liaison.get(&brief.page()).is(404);
        let page = steward.get(&account).is(200).text();
        assert!(page.contains("施小满（虚构）") && page.contains("收回"), "who took it is told: {page}");
        officer.get(&account).is(404);
        steward.post(&roles, &[("role", "expert"), ("place", "330521")]).is(303);
        liaison.post(&roles, &[("role", "officer"), ("place", "330521")]).is(403);

        // The last steward stays, and gives themselves nothing.
        let own = steward.get("/accounts?q=steward").is(200);
        let own = account_of(&own);
        steward.post(&format!("{own}/roles"), &[("take", "steward"), ("over", "node")]).is(422);
        steward.post(&format!("{own}/roles"), &[("role", "officer"), ("place", "330521")]).is(403);
    }

    #[test]
    fn an_organisation_admits_its_own_people_and_who_stands_on_both_sides_keeps_out() {
        let mut site = Site::new(Store::Sqlite);
        site.put("catalogue/local_pair/kind.toml", include_str!("given/pair.toml"));
        site.admit(&HOLDERS);
        let house = House::on(site);
        let (officer, steward, asker) = (house.person("shi"), house.person("steward"), house.person("zhou"));
        let (one, two) = (a_firm(&officer, "云岫木业（演示）"), a_firm(&officer, "青禾胶业（演示）"));
        let made = invited(&officer, "admin-one", "郑知远（虚构）", "admin", ("organization", &one.number));
        let admin = house.visitor();
        admin.enter(&link_on(&made.is(200)));
        let members = format!("{}/members", one.page());
        assert!(admin.get(&one.page()).text().contains(&members));
        admin.get(&format!("{}/members", two.page())).is(403);
        asker.get(&members).is(403);
        let short = admin.post(&members, &[("do", "invite"), ("person", ""), ("name", "x")]).is(422).text();
        assert!(short.contains("没有填") && short.contains("3 至 32"), "{short}");
        let made = admin.post(&members, &[("do", "invite"), ("person", "孟初晴（虚构）"), ("name", "meng")]);
        let member = house.visitor();
        member.enter(&link_on(&made.is(200)));

        let join = format!("{}/join", one.page());
        assert!(asker.get(&one.page()).text().contains(&join));
        asker.post(&join, &[("note", "研发部")]).is(303);
        assert!(admin.get(&one.page()).text().contains("1 份申请待办"));
        admin.post(&members, &[("do", "refuse"), ("row", "1"), ("reason", "")]).is(422);
        admin.post(&members, &[("do", "refuse"), ("row", "1"), ("reason", "请写明部门")]).is(303);
        assert!(asker.get(&join).is(200).text().contains("请写明部门"));
        asker.post(&join, &[("note", "研发部，工艺组")]).is(303);
        admin.post(&members, &[("do", "accept"), ("row", "2")]).is(303);
        assert!(admin.get(&members).is(200).text().contains("周行（虚构）"));

        // Now the asker belongs to the asking firm; made a member of the other, they keep out of what lies between.
        let pair = json!({ "title": "一对", "place": "330521", "asker": one.id, "candidate": two.id });
        let (first, second) = (file(&officer, "pairs", "", pair.clone()), file(&officer, "pairs", "", pair));
        make(&asker, &first, "agree", json!({}));
        let account = account_of(&steward.get("/accounts?q=zhou").is(200));
        let both = [("role", "member"), ("organization", two.number.as_str())];
        steward.post(&format!("{account}/roles"), &both).is(303);
        let told = try_make(&asker, &second, "agree", json!({})).is(409);
        assert_eq!(told.code(), "guards");
        assert!(asker.get(&second.page()).is(200).text().contains("要回避"));
        let row = account.rsplit('/').next().unwrap_or_default().to_owned();
        admin.post(&members, &[("do", "remove"), ("row", &row)]).is(303);
        asker.get(&second.api()).is(404);

        // After a telephone call the officer confirms for the firm, and has to say how it was told.
        let page = officer.get(&first.page()).is(200).text();
        assert!(page.contains("代 云岫木业（演示） 确认"), "{page}");
        let form = format!("{}/moves/confirm", first.page());
        assert!(officer.get(&form).is(200).text().contains("告知方式"));
        let silent = officer.post(&form, &[("for_party", "1"), ("do", "save")]).is(422).text();
        assert!(silent.contains("告知方式") && silent.contains("没有填"), "{silent}");
        let said = [("for_party", "1"), ("told_by", "phone"), ("told_note", "郑知远来电"), ("do", "save")];
        officer.post(&form, &said).is(303);
        let history = officer.get(&first.page()).is(200).text();
        assert!(history.contains("施小满（虚构）（代 云岫木业（演示），电话，郑知远来电）"), "{history}");

        // The office is handed on, and then it is gone.
        let row = account_of(&steward.get("/accounts?q=meng").is(200));
        let row = row.rsplit('/').next().unwrap_or_default().to_owned();
        admin.post(&members, &[("do", "hand-over"), ("row", &row)]).is(303);
        admin.get(&members).is(403);
        member.get(&members).is(200);
    }

    #[test]
    fn a_substitute_works_for_the_days_under_a_band_and_the_history_says_so() {
        let house = House::open(Store::Sqlite, &HOLDERS);
        let (away, by) = (house.person("shi"), house.person("zhou"));
        let private = json!({ "title": "私下的需求", "problem": world::NEED.1 });
        let private = file(&away, "demands", "technical", private);
        let today = crate::harness::now().in_tz("Asia/Shanghai").expect("a zone").date();
        let (first, last) = (today.to_string(), today.tomorrow().expect("a day").to_string());
        let wrong = [("by", "nobody"), ("since", "x"), ("until", last.as_str())];
        let told = away.post("/account/leave", &wrong).is(422).text();
        assert!(told.contains("没有这个登录名") && told.contains("不是日期"), "{told}");
        let days = [("by", "zhou"), ("since", first.as_str()), ("until", last.as_str())];
        away.post("/account/leave", &days).is(303);
        let page = by.get("/account/leave").is(200).text();
        let seat = page.split("name=\"seat\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let seat = seat.unwrap_or_else(|| panic!("{page}")).to_owned();
        house.person("li").get("/account/leave").is(200);
        by.get("/accounts").is(403);
        by.post("/account/seat", &[("seat", &seat)]).is(303);
        assert!(by.get("/").is(200).text().contains("您正在代 施小满（虚构） 办理"));
        by.get("/accounts").is(200);
        by.get(&private.page()).is(404);
        by.get("/account/leave").is(403);
        let fields = json!({ "title": "代办的活动", "place": "330521" });
        let filed = file(&by, "events", "lecture", fields);
        let history = away.get(&filed.page()).is(200).text();
        assert!(history.contains("周行（虚构）（代 施小满（虚构））"), "{history}");
        assert!(away.get("/account/leave").is(200).text().contains("代办的活动"), "the log of who is away");
        by.post("/account/seat", &[]).is(303);
        assert!(!by.get("/").is(200).text().contains("您正在代"));
        assert!(by.get("/account/leave").is(200).text().contains("代办的活动"), "the log of who stood in");
        by.post("/account/seat", &[("seat", &seat)]).is(303);
        away.post("/account/leave", &[("revoke", &seat)]).is(303);
        by.get("/accounts").is(403);
        by.post("/account/seat", &[("seat", &seat)]).is(403);
        assert_eq!(text(&by.get("/api/v1/people?first=1").is(200).value(), "code"), "");
    }
}
