//! The life of a demand through the front door: entered for a firm, asked back, published without a name, opened person by
//! person, declined with grounds, combined; and what is pressed twice, too late or from the wrong stage.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod demand_life {
    use serde_json::{Value, json};

    use crate::harness::client::{Answer, Client};
    use crate::harness::world::{self, ANSWERS, CONTACT, Filed, NEED, file, make, text};
    use crate::harness::{Holder, House, Store, link_in};

    const COUNTY: Holder = ("shi", "officer", "330521", "施小满（虚构）");
    const PROVINCE: Holder = ("li", "officer", "330000", "李望舒（虚构）");

    fn house() -> House {
        House::open(Store::Sqlite, &[COUNTY, PROVINCE])
    }

    /// The value of a hidden input of a page.
    fn hidden(page: &str, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        page.split(&mark).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }

    fn demand_at(answer: &Answer) -> Filed {
        let number = answer.location().split('/').nth(2).unwrap_or_default().to_owned();
        Filed { kind: "demands".to_owned(), number, id: String::new() }
    }

    const TOLD: [(&str, &str); 10] = [
        ("type", "technical"),
        ("told_by", "telephone"),
        ("firm_name", "云岫木业（演示）"),
        ("contact_name", "郑知远（虚构）"),
        ("contact_phone", "0572-0000101"),
        ("title", NEED.0),
        ("problem", NEED.1),
        ("place", "330521"),
        ("present_value", "0.7 MPa"),
        ("do", "save"),
    ];

    /// Enters the demand as the county officer heard it, and the link its contact gets.
    fn entered(officer: &Client) -> (Filed, String) {
        let form = officer.get("/demands/behalf").is(200).text();
        let token = hidden(&form, "token");
        let mut typed = TOLD.to_vec();
        typed.push(("token", &token));
        let made = officer.post("/demands/behalf", &typed).is(303);
        let shown = officer.get(made.location()).is(200).text();
        (demand_at(&made), link_in(&shown).unwrap_or_else(|| panic!("no link in {shown}")))
    }

    #[test]
    fn what_a_firm_tells_on_the_telephone_is_the_firms_from_the_start() {
        for store in Store::ALL {
            let house = House::open(store, &[COUNTY, PROVINCE]);
            let officer = house.person("shi");
            let (demand, link) = entered(&officer);
            let page = officer.get(&demand.page()).is(200).text();
            assert!(
                page.contains("待审核") && page.contains("施小满（虚构）（代 云岫木业（演示））"),
                "{page}"
            );
            assert!(page.contains("电话"), "how it was told stands there");
            let firm = house.visitor();
            firm.enter(&link);
            let theirs = firm.get(&demand.page()).is(200).text();
            assert!(theirs.contains("撤回"), "the firm's contact acts for the firm: {theirs}");
            house.visitor().get(&demand.page()).is(404);
            let twice = officer.get("/api/v1/organizations?first=100").is(200);
            entered(&officer);
            let after = officer.get("/api/v1/organizations?first=100").is(200);
            assert_eq!(world::titles(&twice), world::titles(&after), "the same firm is not filed twice");
        }
    }

    #[test]
    fn nobody_enters_for_a_firm_of_another_county_and_every_gap_is_told_at_once() {
        let house = house();
        let officer = house.person("shi");
        let mut away: Vec<_> = TOLD.to_vec();
        away.retain(|(name, _)| *name != "place");
        away.push(("place", "330523"));
        let refused = officer.post("/demands/behalf", &away).is(422).text();
        assert!(refused.contains("不在您负责的地区") && refused.contains("0.7 MPa"), "{refused}");
        let bare = officer.post("/demands/behalf", &[("type", "technical"), ("do", "save")]).is(422).text();
        for name in ["title", "problem", "place", "told_by", "contact_name", "organization"] {
            assert!(bare.contains(&format!("href=\"#{name}\"")), "{name} in {bare}");
        }
        let firm = house.visitor();
        assert!(matches!(firm.get("/demands/behalf").status, 303 | 401 | 403));
    }

    #[test]
    fn a_form_that_is_sent_twice_files_one_record() {
        let house = house();
        let firm = house.visitor();
        let token = hidden(&firm.get("/demands/post").is(200).text(), "token");
        assert!(token.len() > 40, "{token}");
        let typed = [
            ("title", NEED.0),
            ("problem", NEED.1),
            ("place", "330521"),
            ("do", "save"),
            ("token", token.as_str()),
        ];
        let first = firm.post("/demands/post", &typed).is(303);
        // The answer of the first was lost: the browser sends the same form again, without the session it would have had.
        let again = house.visitor();
        let second = again.post("/demands/post", &typed).is(303);
        assert_eq!(demand_at(&first).number, demand_at(&second).number);
        again.get(&demand_at(&second).page()).is(200);
        let officer = house.person("shi");
        let token = hidden(&officer.get("/organizations/new").is(200).text(), "token");
        let unit = [
            ("type", "university"),
            ("title", "云栖农林大学（演示）"),
            ("place", "330521"),
            ("do", "save"),
            ("token", token.as_str()),
        ];
        let (one, two) = (
            officer.post("/organizations/new", &unit).is(303),
            officer.post("/organizations/new", &unit).is(303),
        );
        assert_eq!(one.location(), two.location());
    }

    fn submitted(house: &House) -> (Client, Filed) {
        let firm = house.visitor();
        let demand = world::post_need(&firm, NEED.0, NEED.1);
        let contact: Vec<_> = CONTACT.iter().map(|(name, value)| (*name, json!(value))).collect();
        world::revise(&firm, &demand, &contact).is(200);
        make(&firm, &demand, "submit", json!({}));
        (firm, demand)
    }

    #[test]
    fn each_question_stands_beside_its_field_and_answered_ones_fold_away() {
        let house = house();
        let (firm, demand) = submitted(&house);
        let officer = house.person("shi");
        let ask = officer.get(&format!("{}/moves/ask-back", demand.page())).is(200).text();
        assert!(ask.contains("现在能做到多少？") && ask.contains("什么时候要用上？"), "one row a gap: {ask}");
        let questions = json!([
            { "code": "present-value", "text": "冷压后强度现在是多少？" },
            { "code": "budget", "text": "愿意投入多少？" },
        ]);
        make(&officer, &demand, "ask-back", json!({ "questions": questions }));
        let page = format!("{}/moves/answer", demand.page());
        let form = firm.get(&page).is(200).text();
        let beside = |form: &str, field: &str, question: &str| {
            let at = form.find(&format!("for=\"{field}\"")).unwrap_or_else(|| panic!("{field} in {form}"));
            form[at..].split("</div>").next().unwrap_or_default().contains(question)
        };
        assert!(
            beside(&form, "present_value", "冷压后强度现在是多少？")
                && beside(&form, "budget", "愿意投入多少？"),
            "{form}"
        );
        assert!(form.contains("<details class=\"section\">"), "what nobody asked is folded");
        let version = hidden(&form, "version");
        let typed = [("version", version.as_str()), ("present_value", "0.7 MPa"), ("more", "")];
        let again = firm.post(&page, &typed).is(200).text();
        assert!(!again.contains("冷压后强度现在是多少？") && again.contains("愿意投入多少？"), "{again}");
        assert!(again.contains("value=\"0.7 MPa\""), "what was typed stands");
    }

    #[test]
    fn the_check_up_looks_again_without_saving() {
        let house = house();
        let firm = house.visitor();
        let mut typed: Vec<_> = ANSWERS.to_vec();
        typed.extend([
            ("title", NEED.0),
            ("problem", NEED.1),
            ("place", "330521"),
            ("type", "technical"),
            ("more", ""),
        ]);
        let (_, demand) = submitted(&house);
        let officer = house.person("shi");
        let version = hidden(&officer.get(&format!("{}/edit", demand.page())).is(200).text(), "version");
        typed.push(("version", &version));
        let again = officer.post(&format!("{}/edit", demand.page()), &typed).is(200).text();
        assert!(again.contains("grade-A"), "{again}");
        assert!(!officer.get(&demand.page()).is(200).text().contains("0.7 MPa"), "nothing was saved");
        drop(firm);
    }

    #[test]
    fn a_published_demand_names_its_firm_only_where_that_was_chosen() {
        let house = house();
        let officer = house.person("li");
        let secret =
            world::publish_need(&house.visitor(), &officer, &[("firm_name", json!("云岫木业（演示）"))]);
        let seen = house.visitor().get(&secret.page()).is(200).text();
        assert!(seen.contains("某企业（德清县）") && !seen.contains("云岫木业"), "{seen}");
        let firm = house.visitor();
        let named =
            world::post_need(&firm, "竹材重组地板户外霉变严重", "露台铺装两年后发霉变黑，浸渍防霉剂压不住。");
        let more = ANSWERS.iter().chain(&CONTACT).map(|(name, value)| (*name, json!(value)));
        let more: Vec<(&str, Value)> = more.chain([("firm_name", json!("青岚竹业（演示）"))]).collect();
        world::revise(&firm, &named, &more).is(200);
        make(&firm, &named, "submit", json!({}));
        make(&officer, &named, "check", json!({}));
        let mut given = world::cleared_by(&officer);
        given["shows_firm"] = json!("named");
        given["public_name"] = json!("别人的名字");
        make(&officer, &named, "publish", given);
        let seen = house.visitor().get(&named.page()).is(200).text();
        assert!(seen.contains("青岚竹业（演示）") && !seen.contains("别人的名字"), "{seen}");
    }

    #[test]
    fn who_is_on_it_and_by_when_stands_plainly_for_the_firm() {
        let house = house();
        let (firm, demand) = submitted(&house);
        let page = firm.get(&demand.page()).is(200).text();
        assert!(
            page.contains("谁在办，何时答复")
                && page.contains("德清县科协工作人员")
                && page.contains("审核时限"),
            "{page}"
        );
    }

    #[test]
    fn an_honest_no_says_why_and_what_next_and_a_wrong_stage_is_told() {
        let house = house();
        let (firm, demand) = submitted(&house);
        let officer = house.person("shi");
        let bare =
            officer.post(&format!("{}/moves/decline", demand.page()), &[("do", "save")]).is(422).text();
        assert!(
            bare.contains("href=\"#close_reason\"") && bare.contains("href=\"#close_note\""),
            "both at once: {bare}"
        );
        let grounds =
            json!({ "close_reason": "out-of-scope", "close_note": "属市场监管事项，请联系当地市场监管所。" });
        make(&officer, &demand, "decline", grounds);
        let told = firm.get(&demand.page()).is(200).text();
        assert!(told.contains("不属于受理范围") && told.contains("市场监管所"), "{told}");
        let late = world::try_make(&officer, &demand, "check", json!({}));
        assert_eq!((late.status, late.code().as_str()), (409, "wrong-stage"), "{}", late.text());
        let page = officer.post(&format!("{}/moves/check", demand.page()), &[("do", "save")]);
        assert_eq!(page.status, 409, "{}", page.text());
        assert!(page.text().contains("已不在这一步"), "in words: {}", page.text());
    }

    #[test]
    fn two_people_on_one_record_are_shown_both_texts() {
        let house = house();
        let (_, demand) = submitted(&house);
        let (one, other) = (house.person("shi"), house.person("li"));
        let edit = format!("{}/edit", demand.page());
        let version = hidden(&one.get(&edit).is(200).text(), "version");
        let typed = |present: &'static str| {
            vec![
                ("version", version.as_str()),
                ("title", NEED.0),
                ("problem", NEED.1),
                ("place", "330521"),
                ("contact_name", "郑知远（虚构）"),
                ("contact_phone", "0572-0000101"),
                ("present_value", present),
                ("do", "save"),
            ]
        };
        other.post(&edit, &typed("0.65 MPa")).is(303);
        let stale = one.post(&edit, &typed("0.72 MPa")).text();
        assert!(stale.contains("0.65 MPa") && stale.contains("0.72 MPa"), "{stale}");
    }

    #[test]
    fn the_owner_opens_what_is_sealed_person_by_person_and_closes_it_again() {
        let house = house();
        let officer = house.person("li");
        let firm = house.visitor();
        let demand = world::publish_need(&firm, &officer, &[("details", json!("豆粕胶固含量 38%"))]);
        let university = json!({ "title": "云栖农林大学（演示）", "place": "330100" });
        let university = file(&officer, "organizations", "university", university);
        make(&officer, &university, "list", json!({}));
        let expert = json!({ "title": "沈砚秋（虚构）", "employer": university.id, "place": "330100" });
        let expert = file(&officer, "people", "expert", expert);
        make(&officer, &expert, "list", json!({}));
        let openings = format!("{}/openings", demand.page());
        officer.get(&openings).is(404);
        assert!(firm.get(&openings).is(200).text().contains("还没有开放给任何人"));
        let form = firm.get(&format!("{openings}/new")).is(200).text();
        let (token, until) = (hidden(&form, "token"), "2099-01-01");
        let past = [("to", expert.id.as_str()), ("until", "2020-01-01"), ("purpose", "诊断"), ("do", "save")];
        assert!(firm.post(&format!("{openings}/new"), &past).is(422).text().contains("已经过去"));
        let typed = [
            ("to", expert.id.as_str()),
            ("until", until),
            ("purpose", "诊断冷压配方"),
            ("do", "save"),
            ("token", token.as_str()),
        ];
        firm.post(&format!("{openings}/new"), &typed).is(303);
        firm.post(&format!("{openings}/new"), &typed).is(303);
        let list = firm.get(&openings).is(200).text();
        assert!(list.contains("沈砚秋（虚构）") && list.contains("诊断冷压配方"), "{list}");
        assert_eq!(list.matches("/end\"").count(), 1, "pressed twice, opened once: {list}");
        officer.post(&format!("{}/open", demand.page()), &[]).is(403);
        assert!(
            firm.get(&openings).is(200).text().contains("李望舒（虚构）（未获准）"),
            "who was refused is told"
        );
        let end =
            list.split("action=\"").find(|part| part.split('"').next().is_some_and(|a| a.ends_with("/end")));
        let end = end
            .and_then(|part| part.split('"').next())
            .unwrap_or_else(|| panic!("no end in {list}"))
            .to_owned();
        officer.post(&end, &[]).is(404);
        firm.post(&end, &[]).is(303);
        assert!(firm.get(&openings).is(200).text().contains("已收回"));
        let again = json!({ "type": "opening", "fields": {
            "title": "开放", "from": demand.id, "to": expert.id, "until": until, "purpose": "经接口",
        }});
        let by_api = firm.json("POST", "/api/v1/ties", &again, &[]).is(201).value();
        let ended = json!({ "fields": { "until": "2026-11-21" } });
        firm.json("POST", &format!("/api/v1/ties/{}/moves/end", text(&by_api, "number")), &ended, &[])
            .is(200);
        assert!(officer.json("POST", "/api/v1/ties", &again, &[]).status >= 400, "no officer opens it");
    }

    /// A demand a firm submitted that reads like the others.
    fn like(house: &House, title: &str) -> Filed {
        let firm = house.visitor();
        let demand = world::post_need(&firm, title, NEED.1);
        let more: Vec<_> = CONTACT
            .iter()
            .map(|(name, value)| (*name, json!(value)))
            .chain([("present_value", json!("0.7 MPa"))])
            .collect();
        world::revise(&firm, &demand, &more).is(200);
        make(&firm, &demand, "submit", json!({}));
        demand
    }

    #[test]
    fn three_demands_become_a_common_one_and_keep_their_pages() {
        let house = house();
        let officer = house.person("shi");
        let titles = ["无醛胶合板冷压强度不足", "胶合板冷压后边角开裂", "豆粕胶板坯冷压分层"];
        let members = titles.map(|title| like(&house, title));
        world::settle(&officer);
        let near = officer.get(&members[0].page()).is(200).text();
        assert!(near.contains("相近需求") && near.contains("/demands/common?of="), "{near}");
        let list = officer.get("/demands").is(200).text();
        assert_eq!(list.matches("name=\"of\"").count(), 3, "each may be ticked");
        assert!(!house.visitor().get("/demands").is(200).text().contains("name=\"of\""));
        let asked =
            members.iter().map(|member| format!("of={}", member.number)).collect::<Vec<_>>().join("&");
        let form = officer.get(&format!("/demands/common?{asked}")).is(200).text();
        assert!(form.contains("1. 0.7 MPa；2. 0.7 MPa；3. 0.7 MPa"), "side by side: {form}");
        assert_eq!(form.matches("name=\"drawn_from\" value=").count(), 3);
        let token = hidden(&form, "token");
        let ids: Vec<String> =
            members.iter().map(|member| text(&officer.get(&member.api()).is(200).value(), "id")).collect();
        let mut typed = vec![
            ("title", "胶合板冷压成型共性需求"),
            ("problem", "多家企业冷压强度不足。"),
            ("place", "330521"),
            ("firms_concerned", "3"),
            ("contact_name", "施小满（虚构）"),
            ("contact_phone", "0572-0000102"),
            ("token", token.as_str()),
            ("do", "save"),
        ];
        typed.extend(ids.iter().map(|id| ("drawn_from", id.as_str())));
        let one = [typed[..8].to_vec(), vec![("drawn_from", ids[0].as_str())]].concat();
        assert!(officer.post("/demands/common", &one).is(422).text().contains("至少要两条"));
        let made = officer.post("/demands/common", &typed).is(303);
        assert_eq!(officer.post("/demands/common", &typed).is(303).location(), made.location(), "once");
        for member in &members {
            let page = officer.get(&member.page()).is(200).text();
            assert!(page.contains("已归并到") && page.contains("胶合板冷压成型共性需求"), "{page}");
        }
        let common = officer.get(made.location()).is(200).text();
        assert!(titles.iter().all(|title| common.contains(title)), "{common}");
    }
}
