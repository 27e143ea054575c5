//! Two servers on one PostgreSQL: one house, whichever door one comes by.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod two_servers {
    use serde_json::json;

    use crate::harness::client::{Answer, Client, encode};
    use crate::harness::world::{self, file, make, titles};
    use crate::harness::{Server, Site, Store};

    struct Pair {
        here: Server,
        there: Server,
        _site: Site,
        officer: Client,
    }

    /// Two servers, and an officer who signed in at the first.
    fn pair() -> Pair {
        let mut site = Site::new(Store::Postgres);
        site.admit(&[
            ("li", "officer", "330000", "李望舒（虚构）"),
            ("steward", "steward", "", "章一苇（虚构）"),
        ]);
        let (here, there) = (site.serve(), site.serve());
        let officer = here.visitor();
        officer.enter(site.link("li"));
        Pair { here, there, _site: site, officer }
    }

    /// What a search answers once it includes what a write answered.
    fn found(who: &Client, words: &str, after: &Answer) -> Vec<String> {
        let position = after.header("position").unwrap_or_default();
        assert!(!position.is_empty(), "a write tells its position");
        titles(&who.get(&format!("/api/v1/search?q={}&after={position}", encode(words))).is(200))
    }

    #[test]
    fn each_server_finds_at_once_what_the_other_wrote() {
        let pair = pair();
        let at_both = [pair.here.address(), pair.there.address()];
        for (turn, (write, read)) in
            at_both.into_iter().zip(at_both.into_iter().rev()).cycle().take(6).enumerate()
        {
            let (writer, reader) = (pair.officer.at(write), pair.here.visitor().at(read));
            let title = format!("第{turn}号蜜梨科技小院（演示）");
            let unit =
                file(&writer, "organizations", "institute", json!({ "title": title, "place": "330110" }));
            let listed = make(&writer, &unit, "list", json!({}));
            assert!(found(&reader, &title, &listed).contains(&title), "turn {turn}");
            reader.get(&unit.page()).is(200);
        }
    }

    #[test]
    fn a_changed_word_is_found_and_the_old_one_lost_on_both() {
        let pair = pair();
        let elsewhere = pair.officer.at(pair.there.address());
        let fields = json!({ "title": "旧名机械研究所（演示）", "place": "330110", "strengths": "滚珠丝杠" });
        let unit = file(&pair.officer, "organizations", "institute", fields);
        make(&pair.officer, &unit, "list", json!({}));
        let revised = world::revise(&elsewhere, &unit, &[("strengths", json!("静压导轨"))]).is(200);
        for who in [pair.here.visitor(), pair.there.visitor()] {
            assert_eq!(found(&who, "静压导轨", &revised).len(), 1);
            assert_eq!(found(&who, "滚珠丝杠", &revised).len(), 0);
        }
    }

    #[test]
    fn someone_signed_in_at_one_door_is_known_at_the_other_and_signed_out_at_both() {
        let pair = pair();
        let elsewhere = pair.officer.at(pair.there.address());
        elsewhere.get("/work").is(200);
        elsewhere.post("/signout", &[]).is(303);
        assert_eq!(pair.officer.get("/work").status, 401, "the session ended on the server");
    }

    #[test]
    fn a_server_with_another_catalogue_does_not_join() {
        let pair = pair();
        pair._site.put(
            "catalogue/vocabularies/local_extra.toml",
            "label = { zh = \"又一个\", en = \"One more\" }\nterms = [{ code = \"x\", zh = \"甲\", en = \"A\" }]\n",
        );
        let third = pair._site.run(&["serve", "--listen", "127.0.0.1:0"]);
        let said = String::from_utf8_lossy(&third.stderr).into_owned();
        assert!(!third.status.success() && said.contains("other-catalogue"), "{said}");
        pair.there.visitor().get("/health").is(200);
    }
}
