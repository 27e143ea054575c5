//! Two sides of a match: both answer, and only then does either learn how to reach the other. Whom one invites is not
//! overrun, not of the asking side, and may say “not me, but”.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod matches {
    use serde_json::{Value, json};

    use crate::harness::client::{Answer, Client, encode};
    use crate::harness::world::{self, Filed, file, make, text, try_make};
    use crate::harness::{Holder, House, Store};

    const OFFICERS: [Holder; 3] = [
        ("hu", "officer", "330000", "胡令仪（虚构）"),
        ("far", "officer", "340000", "王越（虚构）"),
        ("steward", "steward", "", "章一苇（虚构）"),
    ];
    /// How each side is reached; in no answer before both have said yes.
    const FIRM: [&str; 3] = ["0572-0000101", "郑知远", "云岫木业"];
    const EXPERT: [&str; 2] = ["0571-7770301", "yanqiu@example.com"];

    /// What an invitation says.
    fn words() -> Value {
        json!({ "message": "您做过豆粕胶冷压", "firm_type": "德清县 · 木材加工", "effort": "半天", "reward": "paid" })
    }

    fn invitation(expert: &Filed) -> Value {
        let mut given = words();
        given["expert"] = json!(expert.id);
        given
    }

    fn expert(officer: &Client, name: &str, more: Value) -> Filed {
        let mut fields = json!({
            "title": name, "place": "330100", "industry": ["C202"], "keywords": ["豆粕胶", "冷压", "胶合板"],
            "expertise": "植物蛋白胶黏剂：豆粕胶冷压初黏低、胶合板板坯分层、边角开裂，无醛添加胶合板冷压强度不足的诊断",
            "contact_phone": EXPERT[0], "contact_email": EXPERT[1],
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            fields[name] = value.clone();
        }
        let filed = file(officer, "people", "expert", fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    fn need(firm: &Client, officer: &Client) -> Filed {
        let more = [("firm_name", json!("云岫木业（演示）")), ("not_duplicate", json!(true))];
        world::publish_need(firm, officer, &more[..1])
    }

    /// The expert is put beside the demand; nobody has said anything yet.
    fn suggested(officer: &Client, demand: &Filed, candidate: &Filed) -> Filed {
        let fields = json!({
            "title": "推荐一位专家", "demand": demand.id, "candidate": candidate.id, "place": "330521",
        });
        file(officer, "matches", "", fields)
    }

    /// Invites from the page; the client of who came by the link.
    fn invite(house: &House, officer: &Client, of: &Filed, expert: &Filed) -> Client {
        let said = [
            ("expert", expert.id.as_str()),
            ("message", "您做过豆粕胶冷压"),
            ("firm_type", "德清县 · 木材加工"),
            ("effort", "半天"),
            ("reward", "paid"),
            ("do", "make"),
        ];
        let sent = officer.post(&format!("{}/invite", of.page()), &said).is(303);
        let fresh = sent.headers.iter().find_map(|(_, value)| value.strip_prefix("fresh="));
        let secret = fresh.and_then(|rest| rest.split(';').next()).expect("a link");
        let client = house.visitor();
        client.enter(&format!("/l/{secret}"));
        client
    }

    fn stage(who: &Client, record: &Filed) -> String {
        text(&who.get(&record.api()).is(200).value(), "stage")
    }

    /// Every answer in which a side could look for the other.
    fn answers(who: &Client, of: &Filed, demand: &Filed, expert: &Filed) -> Vec<(String, Answer)> {
        let mut paths: Vec<String> = [of, demand, expert].iter().flat_map(|r| [r.page(), r.api()]).collect();
        paths.extend([format!("/en{}", of.page()), format!("{}/posted", of.page()), "/work".into()]);
        for list in ["matches", "cases", "people", "demands", "organizations"] {
            paths.extend([format!("/{list}"), format!("/api/v1/{list}"), format!("/{list}.csv")]);
        }
        for list in ["matches", "people", "demands"] {
            paths.extend([format!("/{list}.jsonl"), format!("/api/v1/{list}?first=100")]);
        }
        for word in FIRM.iter().chain(&EXPERT) {
            // The page repeats what was asked: the answer for programs does not.
            paths.push(format!("/api/v1/search?q={}", encode(word)));
        }
        let mut found: Vec<(String, Answer)> =
            paths.into_iter().map(|path| (path.clone(), who.get(&path))).collect();
        for name in ["accept", "fit", "invite", "nonsense"] {
            let answer = who.json(
                "POST",
                &format!("{}/moves/{name}", of.api()),
                &json!({ "fields": { "demand": "x" } }),
                &[],
            );
            assert!(answer.status >= 400, "{name} with a field it does not take");
            found.push((format!("an error of {name}"), answer));
        }
        found
    }

    /// Whether any answer tells one of the words.
    fn told(found: &[(String, Answer)], words: &[&str]) -> Vec<String> {
        let tells = |answer: &Answer| words.iter().any(|word| answer.text().contains(word));
        found.iter().filter(|(_, answer)| tells(answer)).map(|(path, _)| path.clone()).collect()
    }

    fn both_say_yes(store: Store) {
        let house = House::open(store, &OFFICERS);
        let (officer, firm) = (house.person("hu"), house.visitor());
        let (asked, demand) = (expert(&officer, "沈砚秋（虚构）", json!({})), need(&firm, &officer));
        let of = suggested(&officer, &demand, &asked);
        assert_eq!(stage(&firm, &of), "suggested", "the asking side reads it: it is theirs to judge");
        assert_eq!(told(&answers(&firm, &of, &demand, &asked), &EXPERT), Vec::<String>::new());
        try_make(&officer, &of, "invite", invitation(&asked)).is(409);
        make(&firm, &of, "fit", json!({}));
        let invited = invite(&house, &officer, &of, &asked);

        let page = invited.get(&of.page()).is(200).text();
        for word in ["您做过豆粕胶冷压", "德清县 · 木材加工", "半天", "有酬", "接受邀请", "婉拒", "另荐他人"]
        {
            assert!(page.contains(word), "{word} on {page}");
        }
        assert_eq!(told(&answers(&firm, &of, &demand, &asked), &EXPERT), Vec::<String>::new());
        assert_eq!(told(&answers(&invited, &of, &demand, &asked), &FIRM), Vec::<String>::new());

        make(&invited, &of, "accept", json!({}));
        let contacts = |who: &Client, name: &str| text(&who.get(&of.api()).is(200).value()["fields"], name);
        assert!(EXPERT.iter().all(|word| contacts(&firm, "candidate_contact").contains(word)));
        assert!(FIRM.iter().all(|word| contacts(&invited, "asking_contact").contains(word)));
        assert!(firm.get(&of.page()).text().contains(EXPERT[0]), "on the page too");
        assert!(invited.get(&of.page()).text().contains(FIRM[0]));
        assert_eq!(stage(&officer, &demand), "docking", "the demand goes on");
        for who in [&firm, &invited, &officer] {
            let cases = who.get("/api/v1/cases").is(200).value();
            let one = &cases["items"][0];
            assert_eq!((text(one, "stage"), text(one, "type")), ("open".into(), "docking".into()), "{cases}");
        }
        for stranger in [house.visitor(), house.person("far")] {
            stranger.get(&of.api()).is(404);
            let found = answers(&stranger, &of, &demand, &asked);
            assert_eq!(told(&found, &FIRM), Vec::<String>::new());
            assert_eq!(told(&found, &EXPERT), Vec::<String>::new());
        }
    }

    #[test]
    fn contacts_appear_only_after_both_said_yes_on_sqlite() {
        both_say_yes(Store::Sqlite);
    }

    #[test]
    fn contacts_appear_only_after_both_said_yes_on_postgres() {
        both_say_yes(Store::Postgres);
    }

    /// Numbers from a seed.
    fn below(seed: &mut u64, n: usize) -> usize {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        usize::try_from((*seed >> 11) % n as u64).unwrap_or_default()
    }

    #[test]
    fn whatever_is_tried_in_whatever_order_no_contact_shows_before_both_said_yes() {
        const HISTORIES: usize = 16;
        const TRIES: usize = 14;
        let house = House::open(Store::Sqlite, &OFFICERS);
        let (officer, firm) = (house.person("hu"), house.visitor());
        let demand = need(&firm, &officer);
        let (mut seed, mut agreed) = (20_261_121_u64, 0);
        for history in 0..HISTORIES {
            let asked = expert(&officer, &format!("专家第{history}位（虚构）"), json!({}));
            let of = suggested(&officer, &demand, &asked);
            // Whoever comes by link is a person; this one is invited to another match first, and so holds one.
            let (other, side) = (suggested(&officer, &demand, &asked), house.visitor());
            make(&firm, &other, "fit", json!({}));
            let invited = invite(&house, &officer, &other, &asked);
            let (mut both, mut said) = (false, Vec::new());
            for _ in 0..TRIES {
                let names = [
                    "fit", "fit", "invite", "invite", "accept", "accept", "unfit", "decline", "refer",
                    "lapse",
                ];
                let (name, who) = (names[below(&mut seed, names.len())], below(&mut seed, 4));
                let given = match name {
                    "invite" => invitation(&asked),
                    "unfit" | "decline" => json!({ "reason": "too-far" }),
                    "refer" => json!({ "refers_to": "另一位" }),
                    _ => json!({}),
                };
                let client = [&firm, &invited, &officer, &side][who];
                let answer = try_make(client, &of, name, given);
                said.push(format!("{name} by {who}: {}", answer.status));
                both |= name == "accept" && answer.status == 200;
                let tells = |who: &Client, words: &[&str]| {
                    let answers = [of.api(), of.page(), "/matches.csv".to_owned()].map(|path| who.get(&path));
                    answers.iter().any(|answer| words.iter().any(|word| answer.text().contains(word)))
                };
                // The list holds all histories so far: the record alone says of this one.
                let shows = |who: &Client, words: &[&str]| {
                    words.iter().any(|word| who.get(&of.api()).text().contains(word))
                };
                assert_eq!(shows(&firm, &EXPERT), both, "{history}: {said:?}");
                assert_eq!(shows(&invited, &FIRM), both, "{history}: {said:?}");
                assert!(!tells(&side, &FIRM) && !tells(&side, &EXPERT), "{history}: {said:?}");
            }
            agreed += usize::from(both);
        }
        assert!(agreed > 0 && agreed < HISTORIES, "{agreed} of {HISTORIES} came to an agreement");
    }

    #[test]
    fn an_expert_is_not_invited_beyond_their_number_and_the_next_best_are_named() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let (officer, firm) = (house.person("hu"), house.visitor());
        let asked = expert(&officer, "沈砚秋（虚构）", json!({ "invitations_max": 1 }));
        let next = expert(&officer, "陆闻笛（虚构）", json!({}));
        let paused = expert(&officer, "江予白（虚构）", json!({ "paused": true }));
        let demand = need(&firm, &officer);
        let fitting = |candidate: &Filed| {
            let of = suggested(&officer, &demand, candidate);
            make(&officer, &of, "fit", json!({}));
            of
        };
        invite(&house, &officer, &fitting(&asked), &asked);
        world::settle(&officer);
        let again = fitting(&asked);
        try_make(&officer, &again, "invite", invitation(&asked)).is(409);
        let mut said = vec![("expert", asked.id.as_str()), ("do", "make")];
        said.extend([("message", "您做过豆粕胶冷压"), ("effort", "半天"), ("reward", "paid")]);
        let page = officer.post(&format!("{}/invite", again.page()), &said);
        let page = page.text();
        assert!(page.contains("本月已有 1 次邀请，上限 1 次"), "{page}");
        assert!(page.contains("看看 陆闻笛（虚构）"), "{page}");
        assert!(!page.contains("看看 江予白"), "who takes none is not named");
        assert!(page.contains("您做过豆粕胶冷压"), "nothing typed is lost");
        try_make(&officer, &fitting(&paused), "invite", invitation(&paused)).is(409);
        make(&officer, &fitting(&next), "invite", invitation(&next));
    }

    #[test]
    fn nobody_is_invited_to_their_own_side_or_to_what_they_declined() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let (officer, firm) = (house.person("hu"), house.visitor());
        let unit = file(
            &officer,
            "organizations",
            "firm",
            json!({ "title": "云岫木业（演示）", "place": "330521" }),
        );
        make(&officer, &unit, "list", json!({}));
        let own = expert(&officer, "陆闻笛（虚构）", json!({ "employer": unit.id }));
        let asked = expert(&officer, "沈砚秋（虚构）", json!({}));
        let demand = need(&firm, &officer);
        world::revise(&officer, &demand, &[("organization", json!(unit.id))]).is(200);
        let fitting = |candidate: &Filed| {
            let of = suggested(&officer, &demand, candidate);
            make(&officer, &of, "fit", json!({}));
            of
        };
        let refused = try_make(&officer, &fitting(&own), "invite", invitation(&own)).is(409);
        assert!(refused.text().contains("需要回避"), "{}", refused.text());
        let first = fitting(&asked);
        let invited = invite(&house, &officer, &first, &asked);
        make(&invited, &first, "decline", json!({ "reason": "capacity" }));
        try_make(&officer, &fitting(&asked), "invite", invitation(&asked)).is(409);
        // Nobody files a match as if the demand were theirs.
        let mine = json!({ "title": "冒名推荐", "demand": demand.id, "candidate": own.id, "party": own.id });
        let faults = world::try_file(&officer, "matches", "", mine).is(422);
        assert!(faults.text().contains("not-asking-side"), "{}", faults.text());
    }

    fn lapses(store: Store) {
        let house = House::open(store, &OFFICERS);
        let (officer, firm) = (house.person("hu"), house.visitor());
        let (asked, demand) = (expert(&officer, "沈砚秋（虚构）", json!({})), need(&firm, &officer));
        let of = suggested(&officer, &demand, &asked);
        make(&firm, &of, "fit", json!({}));
        invite(&house, &officer, &of, &asked);
        let due: jiff::civil::Date =
            text(&officer.get(&of.api()).is(200).value(), "due").parse().expect("a day to answer by");
        let site = house.close();
        let at = |day: jiff::civil::Date| format!("{day}T01:00:00Z");
        let catalogue = crate::harness::shipped;
        assert_eq!(site.ring(catalogue(), &at(due)), 0, "the last day still counts");
        assert_eq!(site.ring(catalogue(), &at(due.tomorrow().expect("a day"))), 1);
        let house = House::on(site);
        let officer = house.again(&officer);
        assert_eq!(stage(&officer, &of), "expired");
        assert!(officer.get(&of.page()).text().contains("未答复"));
        make(&officer, &of, "invite", invitation(&asked));
        assert_eq!(stage(&officer, &of), "invited");
    }

    #[test]
    fn an_invitation_nobody_answers_lapses_and_may_be_sent_again_on_sqlite() {
        lapses(Store::Sqlite);
    }

    #[test]
    fn an_invitation_nobody_answers_lapses_and_may_be_sent_again_on_postgres() {
        lapses(Store::Postgres);
    }

    #[test]
    fn not_me_but_another_stands_beside_the_demand_with_the_credit_of_the_referral() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let (officer, firm) = (house.person("hu"), house.visitor());
        let (asked, demand) = (expert(&officer, "沈砚秋（虚构）", json!({})), need(&firm, &officer));
        let other = expert(&officer, "陆闻笛（虚构）", json!({}));
        let of = suggested(&officer, &demand, &asked);
        make(&firm, &of, "fit", json!({}));
        let invited = invite(&house, &officer, &of, &asked);
        make(&invited, &of, "refer", json!({ "refers_to": "陆闻笛，竹木所", "refers_person": other.id }));
        assert_eq!(stage(&officer, &of), "referred");
        let found = officer.get("/api/v1/matches?stage=suggested").is(200).value();
        let number = text(&found["items"][0], "number");
        let made = officer.get(&format!("/api/v1/matches/{number}")).is(200).value();
        assert_eq!(made["fields"]["candidate"], json!(other.id), "{made}");
        assert_eq!(made["fields"]["referred_by"], json!(asked.id));
        assert_eq!(made["owner"], found["items"][0]["owner"]);
        firm.get(&format!("/api/v1/matches/{number}")).is(200);
    }

    #[test]
    fn who_asked_not_to_be_ranked_is_listed_and_never_put_forward() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let (officer, firm) = (house.person("hu"), house.visitor());
        expert(&officer, "沈砚秋（虚构）", json!({}));
        let quiet = expert(&officer, "陆闻笛（虚构）", json!({ "no_ranking": true }));
        let paused = expert(&officer, "江予白（虚构）", json!({ "paused": true }));
        let demand = need(&firm, &officer);
        world::settle(&officer);
        let page = || officer.get(&format!("{}/match", demand.page())).is(200).text();
        assert!(page().contains("沈砚秋"));
        assert!(!page().contains("陆闻笛") && !page().contains("江予白"));
        assert!(house.visitor().get("/people").text().contains("陆闻笛"), "the list still shows them");
        world::revise(&officer, &paused, &[("paused", json!(false))]).is(200);
        world::revise(&officer, &quiet, &[("no_ranking", json!(false))]).is(200);
        world::settle(&officer);
        assert!(page().contains("陆闻笛") && page().contains("江予白"), "until they say otherwise");
    }

    #[test]
    fn officers_answer_for_either_side_and_the_change_says_for_whom() {
        let house = House::open(Store::Sqlite, &OFFICERS);
        let (officer, firm) = (house.person("hu"), house.visitor());
        let (asked, demand) = (expert(&officer, "沈砚秋（虚构）", json!({})), need(&firm, &officer));
        let of = suggested(&officer, &demand, &asked);
        make(&officer, &of, "fit", json!({}));
        make(&officer, &of, "invite", invitation(&asked));
        make(&officer, &of, "accept", json!({ "note": "电话答应" }));
        let page = officer.get(&of.page()).is(200).text();
        assert!(page.contains("（代 沈砚秋（虚构））"), "{page}");
        assert!(page.contains("交换联系方式"), "{page}");
        try_make(&house.person("far"), &of, "decline", json!({ "reason": "other" })).is(404);
    }
}
