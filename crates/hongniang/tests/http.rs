//! What the house answers to bad input and to other people's pages: always something clear, never an error of its own.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod bad_input {
    use serde_json::{Value, json};

    use crate::harness::client::encode;
    use crate::harness::world::{self, NEED, file, post_need, text, try_file};
    use crate::harness::{House, Site, Store};

    /// Invented, division 990000, both check characters right.
    const CREDIT_CODE: &str = "91990000HN00000167";

    fn house() -> House {
        House::open(Store::Sqlite, &[("steward", "steward", "", "章一苇（虚构）")])
    }

    fn codes(body: &Value) -> Vec<(String, String)> {
        let errors = body.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
        errors.iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
    }

    #[test]
    fn every_fault_of_a_record_is_told_at_once_and_an_unknown_field_with_its_neighbour() {
        let house = house();
        let steward = house.person("steward");
        let fields =
            json!({ "titel": "需求", "title": "冷", "budget": "许多", "due_on": "下个月", "place": "火星" });
        let answer = try_file(&steward, "demands", "technical", fields).is(422);
        assert_eq!(answer.code(), "invalid");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        let found = codes(&answer.value());
        for pointer in ["/fields/titel", "/fields/title", "/fields/budget", "/fields/due_on", "/fields/place"]
        {
            assert!(found.iter().any(|(at, _)| at == pointer), "{pointer} in {found:?}");
        }
        assert!(found.contains(&("/fields/titel".into(), "unknown-field".into())), "{found:?}");
        assert!(answer.text().contains("title"), "the nearest name is told");
    }

    #[test]
    fn every_fault_of_a_form_is_told_at_once_beside_what_was_typed() {
        let house = house();
        let typed = [("title", "冷"), ("problem", ""), ("do", "save")];
        let told = house.visitor().post("/demands/post", &typed).is(422).text();
        for name in ["title", "problem"] {
            assert!(told.contains(&format!("href=\"#{name}\"")), "the fault of {name} in {told}");
        }
        let steward = house.person("steward");
        let typed = [
            ("type", "expert"),
            ("title", ""),
            ("industry", "养蜂"),
            ("orcid", "0000-0000-0000-0000"),
            ("do", "save"),
        ];
        let told = steward.post("/people/new", &typed).is(422).text();
        for name in ["title", "industry", "orcid"] {
            assert!(told.contains(&format!("href=\"#{name}\"")), "the fault of {name} in {told}");
        }
        assert!(
            told.contains("value=\"养蜂\"") && told.contains("value=\"0000-0000-0000-0000\""),
            "what was typed is kept"
        );
    }

    #[test]
    fn a_stale_version_shows_both_texts_and_keeps_what_was_typed() {
        let house = house();
        let firm = house.visitor();
        let demand = post_need(&firm, NEED.0, NEED.1);
        let edit = format!("{}/edit", demand.page());
        let form = firm.get(&edit).is(200);
        assert!(form.text().contains("name=\"version\" value=\"1\""), "{}", form.text());
        world::revise(&firm, &demand, &[("conditions", json!("先写的条件"))]).is(200);
        let typed = [
            ("title", NEED.0),
            ("problem", NEED.1),
            ("conditions", "后写的条件"),
            ("version", "1"),
            ("do", "save"),
        ];
        let stale = firm.post(&edit, &typed).is(412).text();
        assert!(stale.contains("先写的条件") && stale.matches("后写的条件").count() >= 2, "{stale}");
        assert!(stale.contains("name=\"version\" value=\"2\""), "the next press speaks of the version shown");
        let kept = firm.get(&demand.api()).value();
        assert_eq!(kept.pointer("/fields/conditions"), Some(&json!("先写的条件")), "nothing was overwritten");
    }

    #[test]
    fn a_stale_write_of_a_program_is_told_the_text_as_it_stands() {
        let house = house();
        let firm = house.visitor();
        let demand = post_need(&firm, NEED.0, NEED.1);
        world::revise(&firm, &demand, &[("volume", json!("年产 1 万 m³"))]).is(200);
        let body = json!({ "fields": { "title": NEED.0, "problem": NEED.1, "volume": "年产 2 万 m³" } });
        let stale = firm.json("PUT", &demand.api(), &body, &[("if-match", "\"1\"")]).is(412);
        assert_eq!(stale.code(), "stale");
        assert_eq!(stale.value().pointer("/current/fields/volume"), Some(&json!("年产 1 万 m³")));
        assert_eq!(stale.value().pointer("/current/version"), Some(&json!(2)));
    }

    #[test]
    fn a_credit_code_that_is_taken_names_the_record_that_has_it() {
        let house = house();
        let steward = house.person("steward");
        let unit = |title: &str| json!({ "title": title, "credit_code": CREDIT_CODE, "place": "330521" });
        let first = file(&steward, "organizations", "firm", unit("德清云岫木业有限公司（演示）"));
        let taken = try_file(&steward, "organizations", "firm", unit("云岫木业（演示）")).is(409);
        assert_eq!(taken.code(), "claimed");
        assert_eq!(taken.value().pointer("/claimed/number"), Some(&json!(first.number)));
        let typed = [
            ("type", "firm"),
            ("title", "云岫木业（演示）"),
            ("credit_code", CREDIT_CODE),
            ("place", "330521"),
            ("do", "save"),
        ];
        let form = steward.post("/organizations/new", &typed).is(409).text();
        assert!(form.contains("德清云岫木业有限公司（演示）"), "the page names the other record: {form}");
        assert!(form.contains(&first.page()), "and leads to it");
        assert!(form.contains("云岫木业（演示）") && form.contains(CREDIT_CODE), "and keeps what was typed");
    }

    #[test]
    fn two_units_cannot_stand_above_each_other() {
        let house = house();
        let steward = house.person("steward");
        let unit = |title: &str| json!({ "title": title, "place": "330521" });
        let upper = file(&steward, "organizations", "association", unit("甲科协（演示）"));
        let mut below = unit("乙科协（演示）");
        below["parent"] = json!(upper.id);
        let lower = file(&steward, "organizations", "association", below);
        let cycle = world::revise(&steward, &upper, &[("parent", json!(lower.id))]).is(422);
        assert_eq!(cycle.code(), "cycle");
        let own = world::revise(&steward, &upper, &[("parent", json!(upper.id))]).is(422);
        assert_eq!(own.code(), "cycle");
    }

    #[test]
    fn a_reference_to_nothing_or_to_a_wrong_kind_is_a_fault_of_its_field() {
        let house = house();
        let steward = house.person("steward");
        let nothing = json!({ "title": "某某（虚构）", "employer": "0198a000-0000-7000-8000-000000000000" });
        let answer = try_file(&steward, "people", "expert", nothing).is(422);
        assert_eq!(codes(&answer.value()), [("/fields/employer".to_owned(), "reference-unknown".to_owned())]);
        let person = file(&steward, "people", "expert", json!({ "title": "某某（虚构）" }));
        let wrong = json!({ "title": "另一人（虚构）", "employer": person.id });
        let answer = try_file(&steward, "people", "expert", wrong).is(422);
        assert_eq!(codes(&answer.value()), [("/fields/employer".to_owned(), "reference-kind".to_owned())]);
    }

    #[test]
    fn text_that_is_not_utf8_or_no_text_at_all_is_told_so() {
        let house = house();
        let visitor = house.visitor();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let json = [("content-type", "application/json")];
        // 需求 in GBK, a bare surrogate, NUL, a cut escape.
        for body in ["title=%D0%E8%C7%F3", "title=%ED%A0%80", "title=a%00b", "title=%4"] {
            let answer = visitor.send("POST", "/demands/post", &form, body.as_bytes());
            assert_eq!(answer.status, 400, "{body}");
            assert!(answer.text().contains("UTF-8"), "{body}");
        }
        for body in [b"{\"fields\":{\"title\":\"\xd0\xe8\"}}".as_slice(), br#"{"fields":{"title":"\ud800"}}"#]
        {
            let answer = visitor.send("POST", "/api/v1/demands", &json, body).is(400);
            assert_eq!(answer.code(), "bad-encoding");
        }
        for query in
            ["/search?q=%FF", "/demands?stage=%FF", "/demands?place=%00", "/api/v1/search?q=%ED%A0%80"]
        {
            assert_eq!(visitor.get(query).status, 400, "{query}");
        }
    }

    #[test]
    fn a_character_nobody_can_see_is_a_fault_of_its_field() {
        let house = house();
        let steward = house.person("steward");
        for hidden in ["冷压\u{0}强度不足", "冷压\u{7}强度不足", "冷压\u{1b}[31m强度不足"] {
            let answer =
                try_file(&steward, "demands", "technical", json!({ "title": hidden, "problem": NEED.1 }));
            assert!(matches!(answer.status, 400 | 422), "{hidden:?}: {}", answer.text());
        }
    }

    #[test]
    fn json_that_is_too_deep_or_cut_or_of_another_shape_is_told_so() {
        let house = house();
        let visitor = house.visitor();
        let deep = format!("{{\"fields\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
        let check = |body: &str, code: &str| {
            let answer = visitor.send(
                "POST",
                "/api/v1/demands",
                &[("content-type", "application/json")],
                body.as_bytes(),
            );
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (400, code),
                "{}",
                body.chars().take(40).collect::<String>()
            );
        };
        check(&deep, "too-deep");
        check("[]", "malformed");
        check("{\"fields\":", "malformed");
        check("{\"fields\":[]}", "malformed");
        check("null", "malformed");
    }

    #[test]
    fn a_body_beyond_the_limit_is_refused_and_the_next_one_is_read() {
        let house = house();
        let visitor = house.visitor();
        let long = json!({ "fields": { "title": "长".repeat(1024 * 1024) } }).to_string();
        let answer =
            visitor.send("POST", "/api/v1/demands", &[("content-type", "application/json")], long.as_bytes());
        assert_eq!((answer.status, answer.code().as_str()), (413, "too-large"));
        let form = format!("title=x&problem={}", "a".repeat(21 * 1024 * 1024));
        let posted = visitor.send(
            "POST",
            "/demands/post",
            &[("content-type", "application/x-www-form-urlencoded")],
            form.as_bytes(),
        );
        assert_eq!(posted.status, 413);
        let upload =
            visitor.post_file("/demands/post", "attachments", "大.pdf", &vec![b'x'; 21 * 1024 * 1024]);
        assert_eq!(upload.status, 413);
        visitor.get("/health").is(200);
    }

    #[test]
    fn a_forged_cursor_and_that_of_another_list_are_refused() {
        let house = house();
        let steward = house.person("steward");
        for n in 0..3 {
            let unit = file(
                &steward,
                "organizations",
                "firm",
                json!({ "title": format!("第{n}厂（演示）"), "place": "330521" }),
            );
            world::make(&steward, &unit, "list", json!({}));
        }
        let page = steward.get("/api/v1/organizations?first=1").is(200).value();
        let next = text(&page, "next");
        assert!(!next.is_empty(), "{page}");
        steward.get(&format!("/api/v1/organizations?first=1&after={}", encode(&next))).is(200);
        let mut forged = next.clone();
        forged.replace_range(0..1, if next.starts_with('A') { "B" } else { "A" });
        for cursor in [forged.as_str(), "x", "AAAA", "'; drop table record; --", &"A".repeat(4000)] {
            let answer = steward.get(&format!("/api/v1/organizations?after={}", encode(cursor)));
            assert_eq!((answer.status, answer.code().as_str()), (400, "bad-cursor"), "{cursor}");
            assert_eq!(steward.get(&format!("/organizations?after={}", encode(cursor))).status, 400);
        }
        let other = steward.get(&format!("/api/v1/people?after={}", encode(&next)));
        assert_eq!((other.status, other.code().as_str()), (400, "bad-cursor"));
        let turned = steward.get(&format!("/api/v1/organizations?order=title&after={}", encode(&next)));
        assert_eq!((turned.status, turned.code().as_str()), (400, "bad-cursor"));
    }

    #[test]
    fn a_second_process_on_one_folder_is_refused_and_the_first_serves_on() {
        let house = house();
        let second = house.site().run(&["serve", "--listen", "127.0.0.1:0"]);
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(!second.status.success() && said.contains("in-use"), "{said}");
        assert!(said.contains(&*house.site().folder().to_string_lossy()), "it names the folder: {said}");
        house.visitor().get("/health").is(200);
    }

    #[test]
    fn a_local_catalogue_with_faults_stops_the_start_and_names_each_place() {
        let site = Site::new(Store::Sqlite);
        site.put(
            "catalogue/local_bees/kind.toml",
            "name = \"local_bees\"\npath = 7\n[fields.title]\ntype = \"lin\"\n",
        );
        let start = site.run(&["serve", "--listen", "127.0.0.1:0"]);
        let said = String::from_utf8_lossy(&start.stderr).into_owned();
        assert!(!start.status.success(), "{said}");
        for place in ["local_bees/kind.toml:2:", "local_bees/kind.toml:4:"] {
            assert!(said.contains(place), "{place} in {said}");
        }
    }

    #[test]
    fn no_value_in_any_field_makes_the_house_fail() {
        let house = house();
        let steward = house.person("steward");
        let described = steward.get("/api/v1/openapi.json").is(200).value();
        let hostile = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1e300),
            json!([]),
            json!({}),
            json!(""),
            json!("=1+1"),
            json!("\u{202e}反"),
            json!("a".repeat(30_000)),
            json!([[["x"]]]),
            json!({ "a": { "b": [null] } }),
            json!([null, 1, "x", {}]),
            json!("0198a000-0000-7000-8000-000000000000"),
            json!("9999年13月"),
        ];
        let schemas =
            described.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut tried = 0;
        for (kind, type_path, names) in bodies(&described, &schemas) {
            for value in &hostile {
                let fields: serde_json::Map<String, Value> =
                    names.iter().map(|name| (name.clone(), value.clone())).collect();
                let answer = try_file(&steward, &kind, &type_path, Value::Object(fields));
                assert!(answer.status < 500, "{kind}/{type_path} {value}: {}", answer.text());
                tried += 1;
            }
        }
        assert!(tried > 50, "{tried} bodies were tried");
        assert!(!house.log().contains("panicked"), "{}", house.log());
    }

    /// Every kind's path with a type and the names of its fields, from the description.
    fn bodies(
        described: &Value,
        schemas: &serde_json::Map<String, Value>,
    ) -> Vec<(String, String, Vec<String>)> {
        let paths = described.get("paths").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut bodies = Vec::new();
        for (path, operations) in paths {
            let Some(kind) = path.strip_prefix("/api/v1/").filter(|rest| !rest.contains('/')) else {
                continue;
            };
            let Some(body) = operations.pointer("/post/requestBody/content/application~1json/schema") else {
                continue;
            };
            let types =
                body.pointer("/properties/type/enum").and_then(Value::as_array).cloned().unwrap_or_default();
            let wanted = body
                .pointer("/properties/fields/anyOf")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            for (of, schema) in types.iter().zip(&wanted).take(2) {
                let name = text(schema, "$ref").rsplit('/').next().unwrap_or_default().to_owned();
                let fields = schemas.get(&name).and_then(|s| s.get("properties")).and_then(Value::as_object);
                let names = fields.map(|fields| fields.keys().cloned().collect()).unwrap_or_default();
                bodies.push((kind.to_owned(), of.as_str().unwrap_or_default().to_owned(), names));
            }
        }
        bodies
    }
}

#[cfg(test)]
mod manners {
    use serde_json::json;

    use crate::harness::client::Answer;
    use crate::harness::world::{self, NEED, post_need};
    use crate::harness::{House, Store};

    fn house() -> House {
        House::open(Store::Sqlite, &[("steward", "steward", "", "章一苇（虚构）")])
    }

    /// Every address of the house with something in its places, and the methods tried on it.
    fn addresses() -> Vec<String> {
        let routes = include_str!("../src/router.rs");
        let routes = routes.lines().filter(|line| line.trim_start().starts_with(".route(\""));
        let filled = |route: &str| {
            route
                .replace("{path}", "demands")
                .replace("{name}", "hongniang.css")
                .replace("{number}", "330521-2026-000001-1")
                .replace("{ending}", "xlsx")
                .replace("{secret}", "nobody")
                .replace("{move}", "submit")
                .replace("{record}", "0198a000-0000-7000-8000-000000000000")
                .replace("{hash}", "00")
                .replace("{job}", "1")
        };
        routes.filter_map(|line| line.split('"').nth(1)).map(filled).collect()
    }

    fn is_safe(answer: &Answer) -> Result<(), String> {
        let wanted = [
            ("content-security-policy", "default-src 'none'"),
            ("content-security-policy", "frame-ancestors 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", ""),
        ];
        for (name, part) in wanted {
            let value = answer.header(name).ok_or_else(|| format!("no {name}"))?;
            if !value.contains(part) {
                return Err(format!("{name}: {value}"));
            }
        }
        let policy = answer.header("content-security-policy").unwrap_or_default();
        if policy.contains("unsafe") { Err(policy.to_owned()) } else { Ok(()) }
    }

    #[test]
    fn every_address_answers_every_method_with_safe_headers_and_never_fails() {
        let house = house();
        let visitor = house.visitor();
        let steward = house.person("steward");
        let addresses = addresses();
        assert!(addresses.len() > 30, "{addresses:?}");
        for address in &addresses {
            for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
                for (who, client) in [("visitor", &visitor), ("steward", &steward)] {
                    if address == "/signout" {
                        continue;
                    }
                    let answer = client.send(method, address, &[], &[]);
                    assert!(answer.status < 500, "{who} {method} {address}: {}", answer.text());
                    is_safe(&answer).unwrap_or_else(|fault| panic!("{who} {method} {address}: {fault}"));
                }
            }
        }
    }

    #[test]
    fn an_address_nobody_has_and_a_method_nobody_reads_have_names() {
        let house = house();
        let visitor = house.visitor();
        let missing = [
            "/nowhere",
            "/demands/330521-2026-000001-9",
            "/api/v1/nothing",
            "/static/none.css",
            "/demands.pdf",
            "/en/nowhere",
        ];
        for path in missing {
            assert_eq!(visitor.get(path).status, 404, "{path}");
        }
        assert_eq!(visitor.get("/api/v1/nothing").code(), "not-found");
        assert_eq!(visitor.send("DELETE", "/", &[], &[]).status, 405);
        let answer = visitor.send("DELETE", "/api/v1/demands", &[], &[]).is(405);
        assert_eq!(answer.code(), "method");
        assert!(
            answer.header("allow").is_some_and(|allow| allow.contains("GET") && allow.contains("POST")),
            "{answer:?}"
        );
        let xml = visitor.send("POST", "/api/v1/demands", &[("content-type", "text/xml")], b"<x/>").is(415);
        assert_eq!(xml.code(), "unsupported-media");
        assert_eq!(
            visitor.send("POST", "/demands/post", &[("content-type", "text/plain")], b"x").status,
            415
        );
    }

    #[test]
    fn an_address_that_leads_astray_leads_nowhere() {
        let house = house();
        let visitor = house.visitor();
        let astray = [
            "/demands/..%2f..%2fetc%2fpasswd",
            "/static/..%2f..%2fCargo.toml",
            "/static/%2e%2e/secret",
            "/%00",
            "/%FF%FE",
            "//evil.example/demands",
            "/demands/%3Cscript%3Ealert(1)%3C/script%3E",
            "/files/x/y",
            "/demands/'%20or%201=1",
            "/l/..",
            "/demands?place=%3Cscript%3E",
            "/search?q=%3Cscript%3Ealert(1)%3C/script%3E&key=a:b&skip=99999999999",
            "/demands?first=-1&order=%00",
            "/demands?order=nonsense&first=100000",
        ];
        for path in astray
            .into_iter()
            .map(str::to_owned)
            .chain([format!("/{}", "a".repeat(6000)), format!("/demands?stage={}", "b".repeat(6000))])
        {
            let answer = visitor.send("GET", &path, &[], &[]);
            assert!(answer.status < 500, "{path}: {}", answer.status);
            assert!(!answer.text().contains("<script>alert"), "{path}");
        }
    }

    #[test]
    fn a_head_is_a_get_without_its_body() {
        let house = house();
        let visitor = house.visitor();
        for path in ["/", "/demands", "/search?q=x", "/api/v1/demands", "/api/v1/openapi.json"] {
            let (get, head) = (visitor.get(path), visitor.send("HEAD", path, &[], &[]));
            assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
            assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        }
    }

    #[test]
    fn a_write_from_another_page_is_refused_whoever_is_signed_in() {
        let house = house();
        let firm = house.visitor();
        let demand = post_need(&firm, NEED.0, NEED.1);
        let submit = format!("{}/moves/submit", demand.api());
        let bare = firm.bare();
        let foreign: [&[(&str, &str)]; 5] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[],
        ];
        for headers in foreign {
            let mut all = vec![("content-type", "application/json")];
            all.extend(headers);
            let answer = bare.send("POST", &submit, &all, b"{}");
            assert_eq!((answer.status, answer.code().as_str()), (403, "csrf"), "{headers:?}");
        }
        assert_eq!(firm.get(&demand.api()).value().get("version"), Some(&json!(1)), "nothing was written");
        let own = house.url("");
        let answer =
            bare.send("POST", &submit, &[("content-type", "application/json"), ("origin", &own)], b"{}");
        assert_ne!(answer.status, 403, "a page of ours may: {}", answer.text());
    }

    #[test]
    fn a_version_travels_as_a_tag_and_a_write_must_name_it() {
        let house = house();
        let firm = house.visitor();
        let demand = post_need(&firm, NEED.0, NEED.1);
        let shown = firm.get(&demand.api()).is(200);
        assert_eq!(shown.header("etag"), Some("\"1\""));
        let again = firm.send("GET", &demand.api(), &[("if-none-match", "\"1\"")], &[]).is(304);
        assert!(again.body.is_empty());
        let body = json!({ "fields": { "title": NEED.0, "problem": NEED.1, "volume": "2 万 m³" } });
        for headers in [&[][..], &[("if-match", "*")], &[("if-match", "\"x\"")]] {
            let answer = firm.json("PUT", &demand.api(), &body, headers);
            assert_eq!((answer.status, answer.code().as_str()), (428, "version-needed"), "{headers:?}");
        }
        let written = firm.json("PUT", &demand.api(), &body, &[("if-match", "\"1\"")]).is(200);
        assert_eq!(written.header("etag"), Some("\"2\""));
        assert!(written.header("position").is_some());
        firm.send("GET", &demand.api(), &[("if-none-match", "\"1\"")], &[]).is(200);
    }

    #[test]
    fn english_stands_under_its_own_address_and_leads_on_in_english() {
        let house = house();
        let visitor = house.visitor();
        let home = visitor.get("/en").is(200).text();
        assert!(home.contains("<html lang=\"en") && home.contains("href=\"/en/demands"), "{home}");
        let chinese = visitor.get("/").is(200).text();
        assert!(chinese.contains("<html lang=\"zh-CN\"") && chinese.contains("href=\"/demands"), "{chinese}");
        for page in [
            visitor.get("/en/demands"),
            visitor.get("/en/search?q=x"),
            visitor.get("/en/signin"),
            visitor.get("/en/demands/post"),
        ] {
            assert!(page.is(200).text().contains("<html lang=\"en"));
        }
        visitor.get("/english").is(404);
        assert!(
            visitor.get("/en/nowhere").text().contains("<html lang=\"en"),
            "troubles are told in the language of the address"
        );
    }

    #[test]
    fn words_of_others_never_become_markup_or_formulas() {
        let house = house();
        let steward = house.person("steward");
        let title = "</script><script>alert(1)</script>有限公司";
        let firm = world::file(
            &steward,
            "organizations",
            "firm",
            json!({ "title": title, "short_name": "=HYPERLINK(1)", "place": "330521" }),
        );
        world::make(&steward, &firm, "list", json!({}));
        let visitor = house.visitor();
        for path in [
            firm.page(),
            "/organizations".to_owned(),
            "/search?q=%E6%9C%89%E9%99%90%E5%85%AC%E5%8F%B8".to_owned(),
        ] {
            let page = visitor.get(&path).is(200).text();
            assert!(!page.contains("<script>alert"), "{path}");
        }
        let csv = visitor.get("/organizations.csv").is(200).text();
        assert!(!csv.contains(",=HYPERLINK") && csv.contains("'=HYPERLINK"), "{csv}");
    }

    #[test]
    fn guessing_passwords_is_told_to_wait() {
        let house = house();
        let visitor = house.visitor();
        let guess = || {
            visitor.post(
                "/signin",
                &[("name", "steward"), ("password", "not the password"), ("next", "//evil.example")],
            )
        };
        assert_eq!(guess().status, 401);
        let answer = (0..40).map(|_| guess()).find(|answer| answer.status != 401);
        let answer = answer.unwrap_or_else(|| panic!("forty guesses were let through"));
        assert_eq!(answer.status, 429);
        assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
        assert!(
            !visitor.get("/signin?next=//evil.example").text().contains("value=\"//evil"),
            "no way out of the house"
        );
    }

    #[test]
    fn an_expired_or_invented_link_says_what_to_do() {
        let house = house();
        let visitor = house.visitor();
        assert_eq!(visitor.get("/l/nobody").status, 410);
        let link = house.link("steward").to_owned();
        visitor.get(&link).is(200);
        visitor.get(&link).is(200);
        house.visitor().enter(&link);
        assert_eq!(house.visitor().post(&link, &[]).status, 410, "a one-time link works once");
    }
}
