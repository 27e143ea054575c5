//! A campaign as a county officer runs it: firms called on from a list, links sent, answers counted, the rest reminded.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod campaigns {
    use serde_json::json;

    use crate::harness::client::{Answer, Client};
    use crate::harness::world::{Filed, file, make};
    use crate::harness::{Holder, House, Store};

    const COUNTY: Holder = ("shi", "officer", "330521", "施小满（虚构）");
    const OTHER: Holder = ("an", "officer", "330523", "安知夏（虚构）");
    const CITY: Holder = ("hu", "officer", "330500", "胡令仪（虚构）");
    const PROVINCE: Holder = ("li", "officer", "330000", "李望舒（虚构）");

    struct Call {
        house: House,
        page: String,
    }

    fn firm(officer: &Client, title: &str, place: &str) -> Filed {
        let fields = json!({
            "title": title, "place": place, "industry": ["C202"],
            "contact_name": format!("{title}联系人（虚构）"), "contact_phone": "0572-0000201",
        });
        let filed = file(officer, "organizations", "firm", fields);
        make(officer, &filed, "list", json!({}));
        filed
    }

    /// Three firms of Deqing, two of Anji, and a campaign of the city until far ahead.
    fn call(store: Store, until: &str) -> Call {
        let house = House::open(store, &[COUNTY, OTHER, CITY, PROVINCE]);
        let province = house.person("li");
        for (title, place) in [
            ("云岫木业（演示）", "330521"),
            ("莫干机械（演示）", "330521"),
            ("下渚食品（演示）", "330521"),
            ("翠筠竹业（演示）", "330523"),
            ("灵峰家具（演示）", "330523"),
        ] {
            firm(&province, title, place);
        }
        let fields = json!({ "title": "2026 年技术需求征集（演示）", "place": "330500", "until": until,
            "contact_name": "胡令仪（虚构）", "contact_phone": "0572-0000105" });
        let programme = file(&province, "programmes", "campaign", fields);
        make(&province, &programme, "list", json!({}));
        Call { page: format!("{}/campaign", programme.page()), house }
    }

    impl Call {
        fn invite(&self, who: &Client, typed: &[(&str, &str)]) -> Answer {
            let mut typed = typed.to_vec();
            typed.push(("do", "save"));
            who.post(&format!("{}/invite", self.page), &typed)
        }

        /// The rows of the letters: firm, link.
        fn letters(&self, who: &Client, how: &str) -> Vec<(String, String, String)> {
            let answer = who.post(&format!("{}/{how}", self.page), &[]).is(200);
            let mut book: calamine::Xlsx<_> =
                calamine::open_workbook_from_rs(std::io::Cursor::new(answer.body.clone()))
                    .expect("a workbook");
            let sheet = calamine::Reader::worksheet_range_at(&mut book, 0).expect("a sheet").expect("rows");
            let cell = |row: &[calamine::Data], at: usize| row[at].to_string();
            let path = |link: String| link.find("/l/").map(|at| link[at..].to_owned()).unwrap_or_default();
            sheet.rows().skip(1).map(|row| (cell(row, 0), path(cell(row, 4)), cell(row, 5))).collect()
        }

        fn counts(&self, who: &Client) -> Vec<(String, String)> {
            let csv = who.get(&format!("{}.csv", self.page)).is(200).text();
            let mut rows: Vec<(String, String)> = csv
                .lines()
                .skip(1)
                .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>())
                .map(|cells| (cells[0].clone(), cells[5].clone()))
                .collect();
            rows.sort();
            rows
        }
    }

    fn states(call: &Call, who: &Client) -> Vec<String> {
        call.counts(who).into_iter().map(|(_, state)| state).collect()
    }

    #[test]
    fn a_county_calls_on_its_firms_and_sees_each_answer() {
        for store in Store::ALL {
            let call = call(store, "2099-12-31");
            let (county, city) = (call.house.person("shi"), call.house.person("hu"));
            let said = call
                .invite(
                    &county,
                    &[("firms", "云岫木业（演示）\n莫干机械（演示）\n没有这家\n翠筠竹业（演示）")],
                )
                .is(200)
                .text();
            assert!(said.contains("新邀请 2 家") && said.contains("不在您的地区 1 家"), "{said}");
            assert!(said.contains("没有这家"), "what leads to nobody stays to be put right");
            let again = call.invite(&county, &[("place", "330521")]).is(200).text();
            assert!(again.contains("新邀请 1 家，此前已邀请 2 家"), "{again}");
            assert_eq!(states(&call, &county), ["已邀请", "已邀请", "已邀请"]);
            let letters = call.letters(&county, "links");
            assert_eq!(letters.len(), 3);
            let of = |firm: &str| letters.iter().find(|(name, ..)| name == firm).expect(firm);
            assert!(of("云岫木业（演示）").2.contains("2099年12月31日"), "{letters:?}");
            // One opens, one submits, one has nothing.
            let clients = ["云岫木业（演示）", "莫干机械（演示）", "下渚食品（演示）"].map(|name| {
                let client = call.house.visitor();
                client.get(&of(name).1).is(200);
                client
            });
            let enter =
                |client: &Client, name: &str| client.post(&of(name).1, &[]).is(303).location().to_owned();
            enter(&clients[0], "云岫木业（演示）");
            let mine = enter(&clients[1], "莫干机械（演示）");
            let page = clients[1].get(&mine).is(200).text();
            assert!(page.contains("2026 年技术需求征集（演示）") && page.contains("0572-0000105"), "{page}");
            assert!(
                page.contains("莫干机械（演示）") && page.contains("德清县"),
                "filled in from the register"
            );
            clients[1]
                .post(
                    &format!("{mine}/moves/submit"),
                    &[
                        ("problem", "主轴温升快，连续加工两小时后精度漂移。"),
                        ("contact_name", "莫联系（虚构）"),
                        ("contact_phone", "0572-0000202"),
                        ("place", "330521"),
                        ("do", "save"),
                    ],
                )
                .is(303);
            let theirs = enter(&clients[2], "下渚食品（演示）");
            clients[2].post(&format!("{theirs}/moves/none"), &[("do", "save")]).is(303);
            assert_eq!(
                call.counts(&county),
                [
                    ("下渚食品（演示）", "无需求"),
                    ("云岫木业（演示）", "已打开"),
                    ("莫干机械（演示）", "已提交")
                ]
                .map(|(firm, state)| (firm.to_owned(), state.to_owned())),
            );
            let board = county.get(&call.page).is(200).text();
            assert!(board.contains("2/3"), "{board}");
            call.invite(&call.house.person("an"), &[("place", "330523")]).is(200);
            assert_eq!(states(&call, &county).len(), 3, "a county sees its own");
            assert_eq!(states(&call, &city).len(), 5, "the city sees all");
            let list = city.get(&format!("{}?state=none&place=330521", call.page)).is(200).text();
            assert!(list.contains("名单（1 家）") && list.contains("下渚食品（演示）"), "{list}");
        }
    }

    #[test]
    fn a_reminder_names_its_day_and_ends_the_links_before() {
        let call = call(Store::Sqlite, "2099-12-31");
        let county = call.house.person("shi");
        call.invite(&county, &[("place", "330521")]).is(200);
        let first = call.letters(&county, "links");
        let firm = call.house.visitor();
        firm.enter(&first[0].1);
        let second = call.letters(&county, "remind");
        assert_eq!(second.len(), 3, "all who have not answered");
        assert!(call.house.visitor().get(&first[1].1).status >= 400, "the link before has ended");
        call.house.visitor().get(&second[1].1).is(200);
        let opened = call.counts(&county).into_iter().filter(|(_, state)| state == "已打开").count();
        assert_eq!(opened, 1, "that it was opened stays known");
        let csv = county.get(&format!("{}.csv", call.page)).is(200).text();
        let day = csv.lines().nth(1).and_then(|line| line.split(',').nth(6)).unwrap_or_default().to_owned();
        assert!(day.starts_with("20"), "{csv}");
        let demand =
            csv.lines().nth(1).and_then(|line| line.split(',').nth(7)).unwrap_or_default().to_owned();
        let page = county.get(&format!("/demands/{}", crate::harness::client::encode(&demand)));
        assert!(
            county.follow(page).text().contains("提醒填报"),
            "who reminded, and when, stands in its history"
        );
    }

    #[test]
    fn an_officer_fills_in_for_a_firm_after_a_call_and_one_who_said_no_may_still_answer() {
        let call = call(Store::Sqlite, "2020-12-31");
        let county = call.house.person("shi");
        call.invite(&county, &[("firms", "云岫木业（演示）")]).is(200);
        let csv = county.get(&format!("{}.csv", call.page)).is(200).text();
        let number =
            csv.lines().nth(1).and_then(|line| line.split(',').nth(7)).unwrap_or_default().to_owned();
        let page = county.get(&format!("/demands/{}", crate::harness::client::encode(&number)));
        let here = page.location().to_owned();
        assert!(
            county.follow(page).text().contains("征集已于"),
            "the link says that the day has passed and whom to ask"
        );
        county.post(&format!("{here}/moves/none"), &[("told_by", "phone"), ("do", "save")]).is(303);
        assert_eq!(states(&call, &county), ["无需求"]);
        county.post(&format!("{here}/moves/reopen"), &[("do", "save")]).is(303);
        county
            .post(
                &format!("{here}/moves/submit"),
                &[
                    ("problem", "冷压强度不足。"),
                    ("contact_name", "郑知远（虚构）"),
                    ("contact_phone", "0572-0000101"),
                    ("place", "330521"),
                    ("told_by", "phone"),
                    ("do", "save"),
                ],
            )
            .is(303);
        let done = county.get(&here).is(200).text();
        assert!(
            done.contains("施小满（虚构）（代 云岫木业（演示））"),
            "the record says who entered it for whom: {done}"
        );
        assert_eq!(states(&call, &county), ["已提交"]);
    }

    #[test]
    fn only_who_works_there_runs_a_campaign() {
        let call = call(Store::Sqlite, "2099-12-31");
        let visitor = call.house.visitor();
        assert!(matches!(visitor.get(&call.page).status, 303 | 401 | 403 | 404));
        let other = call.house.person("an");
        let refused = call.invite(&other, &[("place", "330521")]);
        assert_eq!(refused.status, 403, "{}", refused.text());
        assert!(states(&call, &call.house.person("hu")).is_empty());
    }
}
