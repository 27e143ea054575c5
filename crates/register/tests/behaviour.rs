//! What the register promises, held on both stores through its public face.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use base::id::RecordId;
use catalogue::step::Guard;
use catalogue::{Asker, Filter, Refusal};
use jiff::civil::date;
use register::{Direction, Fault, Find, Key, New, Order, Record, Register, StoreAt};
use serde_json::json;

/// An organisation, a member of it, and two experts.
struct World {
    firm: RecordId,
    me: Asker,
    expert: RecordId,
    other: RecordId,
}

fn world(store: &TestStore) -> World {
    let steward = steward();
    let firm = store
        .create(
            &steward,
            new("organization", "firm", json!({"title": "云岫木业（演示）", "place": "330521"})),
        )
        .unwrap();
    let firm = firm.item.id;
    let make = |name: &str, organization: Option<RecordId>| {
        let mut value = json!({"title": name, "place": "330000"});
        if let Some(id) = organization {
            value["organization"] = json!(id.to_string());
        }
        store.create(&steward, new("person", "", value)).unwrap().item.id
    };
    let (me, expert, other) =
        (make("郑知远（虚构）", Some(firm)), make("林一（虚构）", None), make("周二（虚构）", None));
    World { firm, me: member(me, firm), expert, other }
}

fn demand(world: &World, title: &str) -> New {
    new(
        "demand",
        "",
        json!({"title": title, "organization": world.firm.to_string(), "place": "330521",
               "industry": ["C202"], "note": "内部", "details": "固含量 38%"}),
    )
}

fn submit_and_publish(store: &TestStore, world: &World, id: RecordId) -> Record {
    let me = world.me.clone();
    let expert = world.expert.to_string();
    store
        .write(move |w| {
            w.make(&me, &Key::Id(id), Some(1), "submit", &fields(json!({})), 0)?;
            w.make(
                &officer("330500"),
                &Key::Id(id),
                Some(2),
                "publish",
                &fields(json!({"liaison": expert})),
                0,
            )
        })
        .unwrap()
}

#[test]
fn a_demand_goes_its_way_and_each_sees_what_is_theirs() {
    on_both(|store| {
        let world = world(store);
        let draft = store.create(&world.me, demand(&world, "冷压强度不足")).unwrap();
        let id = draft.item.id;
        assert_eq!(
            (draft.item.stage.as_str(), draft.item.version, draft.item.owner),
            ("draft", 1, Some(world.firm))
        );
        assert_eq!(draft.item.owner_title.as_deref(), Some("云岫木业（演示）"));
        assert!(draft.sealed && draft.may_open && !draft.fields.contains_key("details"));
        assert_eq!(store.find(&visitor(), id).unwrap_err().code(), "not-found");
        assert_eq!(store.find(&officer("330500"), id).unwrap_err().code(), "not-found");

        let published = submit_and_publish(store, &world, id);
        assert_eq!((published.item.stage.as_str(), published.item.version), ("published", 3));
        let seen = store.find(&visitor(), id).unwrap();
        assert!(seen.sealed && !seen.may_open && !seen.fields.contains_key("note"));
        assert!(store.find(&officer("330500"), id).unwrap().fields.contains_key("note"));
        assert_eq!(store.find(&person(world.expert), id).unwrap().subject.assigned, [world.expert]);

        let number = published.item.number.clone();
        let by_number =
            store.register.read(|r| r.find(&visitor(), &Key::Number("demand".into(), number.clone())));
        assert_eq!(by_number.unwrap().item.id, id);
        assert!(store.register.verify().unwrap().sound(), "{:?}", store.register.verify());
    });
}

#[test]
fn what_only_the_level_above_may_do_is_refused_on_the_same_level() {
    on_both(|store| {
        let world = world(store);
        let id = store.create(&world.me, demand(&world, "翘曲变形")).unwrap().item.id;
        let me = world.me.clone();
        store.write(move |w| w.make(&me, &Key::Id(id), Some(1), "submit", &fields(json!({})), 0)).unwrap();
        let endorse = |me: Asker| {
            store.write(move |w| w.make(&me, &Key::Id(id), None, "endorse", &fields(json!({})), 0))
        };
        let refused = Refusal::Guards(vec![Guard::ByLevelAbove]);
        let told = |me: &Asker| {
            let why =
                store.register.read(|r| r.why(me, &Key::Id(id), "2026-11-20".parse().unwrap())).unwrap();
            why.moves.into_iter().find(|mv| mv.name == "endorse").unwrap().refusal
        };
        assert!(matches!(endorse(officer("330521")), Err(Fault::Refused(refusal)) if refusal == refused));
        assert_eq!((told(&officer("330521")), told(&officer("330500"))), (Some(refused), None));
        assert_eq!(endorse(officer("330500")).unwrap().item.version, 3);
    });
}

#[test]
fn the_sealed_layer_opens_to_its_owner_and_to_whom_the_owner_names() {
    on_both(|store| {
        let world = world(store);
        let id = store.create(&world.me, demand(&world, "胶合板开裂")).unwrap().item.id;
        submit_and_publish(store, &world, id);
        let open = |me: Asker| store.write(move |w| w.open(&me, &Key::Id(id)));
        assert!(open(world.me.clone()).unwrap().unwrap().contains_key("details"));
        assert_eq!(open(officer("330500")).unwrap(), None);
        assert_eq!(open(person(world.other)).unwrap(), None);

        let opening =
            |to: RecordId| new("tie", "opening", json!({"from": id.to_string(), "to": to.to_string()}));
        // One who does not own the demand cannot open it to themselves.
        let forged = store.create(&person(world.other), opening(world.other));
        assert_eq!(forged.unwrap_err().code(), "not-allowed");
        let tie = store.create(&world.me, opening(world.other)).unwrap().item.id;
        assert!(open(person(world.other)).unwrap().is_some());
        let me = world.me.clone();
        store.write(move |w| w.make(&me, &Key::Id(tie), None, "end", &fields(json!({})), 0)).unwrap();
        assert_eq!(open(person(world.other)).unwrap(), None);

        let row = store.find(&world.me, id).unwrap().item.row;
        let log = store.register.read(|r| r.access_log(&world.me, row)).unwrap();
        assert_eq!(log.iter().map(|l| l.opened).collect::<Vec<_>>(), [false, true, false, false, true]);
        let refused = store.register.read(|r| r.access_log(&visitor(), row));
        assert_eq!(refused.unwrap_err().code(), "not-allowed");
    });
}

#[test]
fn a_revision_replaces_what_is_readable_and_refuses_a_stale_version() {
    on_both(|store| {
        let world = world(store);
        let id = store.create(&world.me, demand(&world, "第一稿")).unwrap().item.id;
        let revise = |me: Asker, version, value| {
            store.write(move |w| w.revise(&me, &Key::Id(id), version, fields(value)))
        };
        let after =
            revise(world.me.clone(), 1, json!({"title": "第二稿", "organization": world.firm.to_string()}))
                .unwrap();
        assert_eq!((after.item.title.as_str(), after.item.version), ("第二稿", 2));
        assert!(after.sealed, "sealed fields nobody gave are kept");
        assert!(!after.fields.contains_key("note"));
        match revise(world.me.clone(), 1, json!({"title": "旧稿"})) {
            Err(Fault::Stale { yours: 1, theirs }) => assert_eq!(theirs.item.title, "第二稿"),
            other => panic!("{other:?}"),
        }
        let fault = revise(world.me.clone(), 2, json!({"title": "x", "colour": "red"})).unwrap_err();
        let Fault::Invalid(faults) = &fault else { panic!("{fault:?}") };
        assert_eq!(faults.len(), 2, "every fault at once: {faults:?}");
        let history = store.register.read(|r| r.history(&world.me, after.item.row)).unwrap();
        assert_eq!(history.iter().map(|c| c.move_name.as_str()).collect::<Vec<_>>(), ["create", "revise"]);
        let first = store.register.read(|r| r.version(&world.me, after.item.row, 1)).unwrap();
        assert_eq!(first["title"], "第一稿");
        assert!(store.register.verify().unwrap().sound());
    });
}

#[test]
fn claims_circles_and_references_are_refused_with_their_field() {
    on_both(|store| {
        let firm = |title: &str, more: serde_json::Value| {
            let mut value = json!({"title": title, "place": "330521"});
            value.as_object_mut().unwrap().extend(fields(more));
            store.create(&steward(), new("organization", "firm", value))
        };
        let first = firm("甲（演示）", json!({"credit_code": "91990000MA000001X0"})).unwrap();
        match firm("乙（演示）", json!({"credit_code": "91990000MA000001X0"})) {
            Err(Fault::Claimed { field, by: Some(by), .. }) => {
                assert_eq!((field.as_str(), by.id), ("credit_code", first.item.id))
            }
            other => panic!("{other:?}"),
        }
        let second = firm("丙（演示）", json!({"parent": first.item.id.to_string()})).unwrap();
        let third = firm("丁（演示）", json!({"parent": second.item.id.to_string()})).unwrap();
        let (id, parent) = (first.item.id, third.item.id.to_string());
        let circle = store.write(move |w| {
            w.revise(&steward(), &Key::Id(id), 1, fields(json!({"title": "甲（演示）", "parent": parent})))
        });
        assert!(matches!(&circle, Err(Fault::Cycle { field }) if field == "parent"), "{circle:?}");
        let nothing = firm("戊（演示）", json!({"parent": "00000000-0000-7000-8000-000000000000"}));
        assert!(matches!(&nothing, Err(Fault::Invalid(f)) if f[0].field == "parent"), "{nothing:?}");
        assert!(store.register.verify().unwrap().sound());
    });
}

#[test]
fn merged_records_lead_to_the_one_kept_and_links_follow() {
    on_both(|store| {
        let world = world(store);
        let twin = store.create(&steward(), new("organization", "firm", json!({"title": "云岫木业公司（演示）", "place": "330521", "phone": "0572-0000101", "credit_code": "X1"}))).unwrap().item.id;
        let id = store.create(&world.me, demand(&world, "归属待并")).unwrap().item.id;
        let (keep, lose) = (twin, world.firm);
        let merged =
            store.write(move |w| w.merge(&officer("330521"), &Key::Id(keep), &Key::Id(lose))).unwrap();
        assert_eq!(merged.item.id, twin);
        assert_eq!(store.find(&visitor(), world.firm).unwrap().item.id, twin);
        let heir = Asker { organizations: vec![twin], ..Asker::default() };
        assert_eq!(store.find(&heir, id).unwrap().item.owner, Some(twin));
        let firms = store.register.read(|r| r.list(&visitor(), &Find::kind("organization"))).unwrap();
        assert_eq!(firms.items.iter().map(|i| i.id).collect::<Vec<_>>(), [twin]);
        let verdict = store.register.verify().unwrap();
        assert!(verdict.sound(), "{verdict:?}");
    });
}

#[test]
fn erasing_leaves_no_text_and_a_sound_chain() {
    on_both(|store| {
        let world = world(store);
        let id = store.create(&world.me, demand(&world, "要抹去的")).unwrap().item.id;
        submit_and_publish(store, &world, id);
        let row = store.find(&world.me, id).unwrap().item.row;
        assert_eq!(
            store.write(move |w| w.erase(&officer("330500"), &Key::Id(id), "consent")).unwrap_err().code(),
            "not-allowed"
        );
        store.write(move |w| w.erase(&steward(), &Key::Id(id), "consent")).unwrap();
        assert_eq!(store.find(&world.me, id).unwrap_err().code(), "not-found");
        assert!(store.register.read(|r| r.document(row)).unwrap().is_none());
        assert!(store.register.read(|r| r.list(&visitor(), &Find::kind("demand"))).unwrap().items.is_empty());
        let verdict = store.register.verify().unwrap();
        assert!(verdict.sound() && verdict.erased == 1, "{verdict:?}");
    });
}

#[test]
fn verify_finds_what_was_changed_behind_its_back() {
    for sql in [
        "update record set stage = 'published' where kind = 'demand'",
        "update record set title = '别的' where kind = 'demand'",
        "update layer set body = '{\"title\":\"别的\"}' where layer = 0",
        "update change set actor = null",
        "delete from change where position = 2",
        "delete from key where field = 'industry'",
        "update edge set assigns = 1",
        "delete from layer where layer = 2",
    ] {
        on_both(|store| {
            let world = world(store);
            store.create(&world.me, demand(&world, "看守")).unwrap();
            assert!(store.register.verify().unwrap().sound());
            store.tamper(sql);
            assert!(!store.register.verify().unwrap().sound(), "{sql}");
        });
    }
}

#[test]
fn an_accepted_match_joins_the_expert_to_the_demand() {
    on_both(|store| {
        let world = world(store);
        let id = store.create(&world.me, demand(&world, "缺一位专家")).unwrap().item.id;
        submit_and_publish(store, &world, id);
        let expert = world.other;
        let offer =
            new("match", "", json!({"title": "荐", "demand": id.to_string(), "expert": expert.to_string()}));
        let offered = store.create(&steward(), offer).unwrap().item.row;
        store
            .write(move |w| {
                w.make(&person(expert), &Key::Row(offered), None, "accept", &fields(json!({})), 0)
            })
            .unwrap();
        let seen = store.find(&person(expert), id).unwrap();
        assert_eq!(seen.fields["experts"], json!([expert.to_string()]));
        let back = store
            .register
            .read(|r| r.edges(&person(expert), seen.item.row, Direction::To, None, 10))
            .unwrap();
        assert_eq!(back.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["demand"]);
        assert!(store.register.verify().unwrap().sound());
    });
}

#[test]
fn pages_follow_on_without_gap_and_forged_cursors_are_refused() {
    on_both(|store| {
        let world = world(store);
        let (me, firm) = (world.me.clone(), world.firm.to_string());
        store
            .write(move |w| {
                let one = |n: i32| {
                    new(
                        "demand",
                        "",
                        json!({"title": format!("需求 {n}"), "organization": firm, "weight": n % 7}),
                    )
                };
                w.import(&me, "demand", (0..55).map(one).collect())
            })
            .unwrap();
        for order in [
            Order::Newest,
            Order::Oldest,
            Order::Due,
            Order::By("title".into()),
            Order::ByDesc("weight".into()),
        ] {
            let mut find = Find::kind("demand").order(order.clone()).first(10);
            let mut seen = Vec::new();
            loop {
                let page = store.register.read(|r| r.list(&world.me, &find)).unwrap();
                assert_eq!((page.count.n, page.count.capped), (55, false));
                seen.extend(page.items.iter().map(|item| item.row));
                match page.next {
                    Some(next) => find = find.after(Some(next)),
                    None => break,
                }
            }
            let mut once = seen.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!((seen.len(), once.len()), (55, 55), "{order:?}");
        }
        let page = store.register.read(|r| r.list(&world.me, &Find::kind("demand").first(10))).unwrap();
        let cursor = page.next.unwrap();
        let mut forged = cursor.clone();
        forged.pop();
        forged.push(if cursor.ends_with('0') { '1' } else { '0' });
        for (cursor, order) in
            [(forged, Order::Newest), ("红娘".to_owned(), Order::Newest), (cursor, Order::Oldest)]
        {
            let found = store
                .register
                .read(|r| r.list(&world.me, &Find::kind("demand").order(order).after(Some(cursor))));
            assert_eq!(found.unwrap_err().code(), "bad-cursor");
        }
        let unlisted =
            store.register.read(|r| r.list(&world.me, &Find::kind("demand").order(Order::By("note".into()))));
        assert_eq!(unlisted.unwrap_err().code(), "not-listed");
    });
}

#[test]
fn headings_are_listed_in_pinyin_order() {
    on_both(|store| {
        for title in ["浙江（演示）", "安吉（演示）", "宁波（演示）", "杭州（演示）"]
        {
            store.create(&steward(), new("organization", "firm", json!({"title": title}))).unwrap();
        }
        let page = store
            .register
            .read(|r| r.list(&visitor(), &Find::kind("organization").order(Order::By("title".into()))));
        let titles: Vec<String> = page.unwrap().items.into_iter().map(|item| item.title).collect();
        assert_eq!(titles, ["安吉（演示）", "杭州（演示）", "宁波（演示）", "浙江（演示）"]);
    });
}

#[test]
fn work_waits_for_those_who_may_do_it() {
    on_both(|store| {
        let world = world(store);
        let id = store.create(&world.me, demand(&world, "待提交")).unwrap().item.id;
        let work = |me: &Asker| store.register.read(|r| r.work(me, date(2026, 11, 20), 20)).unwrap();
        assert_eq!(work(&world.me)[0].moves, ["submit"]);
        assert!(work(&officer("330500")).is_empty());
        let me = world.me.clone();
        store.write(move |w| w.make(&me, &Key::Id(id), None, "submit", &fields(json!({})), 0)).unwrap();
        let waiting = work(&officer("330500"));
        assert_eq!(
            (waiting[0].item.id, waiting[0].moves.as_slice()),
            (id, ["publish".to_owned()].as_slice())
        );
        assert_eq!(waiting[0].item.due.map(|due| due.to_string()).as_deref(), Some("2026-11-25"));
        assert!(work(&officer("330200")).is_empty() && work(&visitor()).is_empty());
    });
}

#[test]
fn why_names_every_arm_and_every_refusal() {
    on_both(|store| {
        let world = world(store);
        let id = store.create(&world.me, demand(&world, "为什么")).unwrap().item.id;
        let why = |me: &Asker| {
            store.register.read(|r| r.why(me, &Key::Id(id), "2026-11-20".parse().unwrap())).unwrap()
        };
        let own = why(&world.me);
        assert!(own.access.is_some() && own.arms.iter().any(|arm| arm.admits));
        assert!(own.moves.iter().any(|m| m.name == "submit" && m.refusal.is_none()));
        let none = why(&visitor());
        assert!(none.access.is_none() && none.layers.is_empty());
        assert!(none.arms.iter().all(|arm| !arm.admits) && none.moves.iter().all(|m| m.refusal.is_some()));
    });
}

#[test]
fn failing_and_panicking_writes_leave_their_neighbours_be() {
    on_both(|store| {
        let (tell, told) = std::sync::mpsc::channel();
        for n in 0..60 {
            let tell = tell.clone();
            store.register.write(
                now(),
                move |w| {
                    let made = w.create(
                        &steward(),
                        new("organization", "firm", json!({"title": format!("单位 {n}（演示）")})),
                    )?;
                    match n % 3 {
                        1 => Err(Fault::NotAllowed),
                        2 => panic!("on purpose"),
                        _ => Ok(made.item.id),
                    }
                },
                move |result| tell.send((n, result.map(|written| written.value))).unwrap(),
            );
        }
        drop(tell);
        let results: Vec<_> = told.iter().collect();
        assert_eq!(results.len(), 60);
        for (n, result) in results {
            match (n % 3, result) {
                (0, Ok(id)) => assert!(store.find(&visitor(), id).is_ok()),
                (1, Err(Fault::NotAllowed)) | (2, Err(Fault::Panicked(_))) => {}
                (_, other) => panic!("{n}: {other:?}"),
            }
        }
        let page = store.register.read(|r| r.list(&visitor(), &Find::kind("organization"))).unwrap();
        assert_eq!(page.count.n, 20);
        let verdict = store.register.verify().unwrap();
        assert!(verdict.sound() && verdict.changes == 20, "{verdict:?}");
    });
}

#[test]
fn a_second_process_another_catalogue_and_a_newer_store_are_refused() {
    on_both(|store| {
        let other = catalogue_with(&[(
            "catalogue/vocabularies/colour.toml",
            "label = { zh = \"色\", en = \"Colour\" }\nterms = [{ code = \"red\", zh = \"红\", en = \"Red\" }]",
        )]);
        let same =
            Register::open(&store.at, catalogue(), base::calendar::Calendar::bundled(), now(), chance())
                .map(drop);
        let strange =
            Register::open(&store.at, other, base::calendar::Calendar::bundled(), now(), chance()).map(drop);
        match &store.at {
            StoreAt::Folder(_) => {
                assert!(matches!(same, Err(Fault::InUse(_))) && matches!(strange, Err(Fault::InUse(_))));
            }
            StoreAt::Postgres(..) => {
                same.unwrap();
                assert!(matches!(strange, Err(Fault::OtherCatalogue)), "{strange:?}");
                store.tamper("insert into setting_schema (version) values (99)");
                let newer = Register::open(
                    &store.at,
                    catalogue(),
                    base::calendar::Calendar::bundled(),
                    now(),
                    chance(),
                )
                .map(drop);
                assert!(matches!(newer, Err(Fault::NewerStore { found: 99, .. })), "{newer:?}");
            }
        }
    });
}

#[test]
fn files_are_read_by_who_reads_the_layer_that_names_them() {
    on_both(|store| {
        let world = world(store);
        let file =
            store.register.store_file(now(), &mut "合同".as_bytes(), "合同.txt", "text/plain").unwrap();
        assert_eq!(std::fs::read(store.register.file(&file.hash).unwrap()).unwrap(), "合同".as_bytes());
        assert_eq!(store.register.file("../../etc/passwd"), None);
        let mut new = demand(&world, "带附件");
        new.fields.insert("paper".to_owned(), file.value());
        let id = store.create(&world.me, new).unwrap().item.id;
        let of = |me: &Asker| store.register.read(|r| r.file_of(me, &Key::Id(id), &file.hash));
        assert_eq!(of(&world.me).unwrap(), file);
        assert_eq!(of(&visitor()).unwrap_err().code(), "not-found");
        let large = store.register.store_file(now(), &mut std::io::repeat(1), "大", "x/y");
        assert_eq!(large.unwrap_err().code(), "too-large");
    });
}

#[test]
fn accounts_sessions_links_and_jobs() {
    on_both(|store| {
        let world = world(store);
        let who = world.me.person.unwrap();
        let later = now() + jiff::SignedDuration::from_hours(8);
        let account = store.write(move |w| w.create_account("zheng", Some("$argon2".into()), who)).unwrap();
        assert_eq!(store.write(move |w| w.create_account("zheng", None, who)).unwrap_err().code(), "claimed");
        let (row, firm) = (account.row, world.firm);
        store
            .write(move |w| {
                w.give(row, catalogue::Role::Liaison, &catalogue::Over::Place("330500".parse().unwrap()))?;
                w.give(row, catalogue::Role::Member, &catalogue::Over::Organization(firm))?;
                w.start_session(register::Who::Account(row), b"token", later)
            })
            .unwrap();
        let signed = |at| store.register.read(|r| r.session_asker(b"token", at)).unwrap();
        let found = signed(now()).unwrap();
        assert_eq!((found.person, found.asker.organizations.as_slice()), (who, [world.firm].as_slice()));
        assert_eq!((found.name.as_str(), found.asker.roles.len()), ("郑知远（虚构）", 2));
        assert!(signed(later).is_none());
        store.write(move |w| w.set_password(row, "$other")).unwrap();
        assert!(signed(now()).is_none(), "a new password ends every session");

        store.write(move |w| w.make_link(b"link", who, None, true, later)).unwrap();
        assert!(store.write(|w| w.use_link(b"link")).unwrap().is_some());
        assert!(store.write(|w| w.use_link(b"link")).unwrap().is_none());
        store.write(|w| w.note_attempt("zheng").and_then(|()| w.note_attempt("zheng"))).unwrap();
        let before = now() - jiff::SignedDuration::from_mins(15);
        assert_eq!(store.register.read(|r| r.attempts("zheng", before)).unwrap().n, 2);

        let job = store.write(|w| w.enqueue("notify", "{}")).unwrap();
        assert_eq!(store.write(|w| w.lease("a", 10)).unwrap()[0].id, job);
        assert!(store.write(|w| w.lease("b", 10)).unwrap().is_empty());
        store.write(move |w| w.failed(job, "no route", None)).unwrap();
        assert_eq!(store.register.read(|r| r.job_counts()).unwrap().dead, 1);
    });
}

#[test]
fn an_invented_kind_lives_without_a_line_of_rust() {
    on_both(|store| {
        let world = world(store);
        let me = world.me.clone();
        let make = |name: &str, value: serde_json::Value| {
            let mut all = json!({"called": name, "valley": "330521", "recipe": "糖水"});
            all.as_object_mut().unwrap().extend(fields(value));
            store.create(&me, new("apiary", "fixed.mountain", all)).unwrap().item.id
        };
        let (one, two) = (
            make("桃花坞", json!({"flowers": ["tree.robinia"]})),
            make("菜花坪", json!({"flowers": ["rape"], "hives": 30})),
        );
        let (a, b) = (me.clone(), me.clone());
        store
            .write(move |w| {
                w.revise(
                    &a,
                    &Key::Id(two),
                    1,
                    fields(json!({"called": "菜花坪", "valley": "330521", "flowers": ["rape"], "hives": 40})),
                )?;
                w.make(&a, &Key::Id(two), Some(2), "open-up", &fields(json!({"hives": 45})), 0)
            })
            .unwrap();
        let refused = store.write(move |w| w.make(&b, &Key::Id(one), None, "open-up", &fields(json!({})), 0));
        assert_eq!(refused.unwrap_err().code(), "refused");
        let list = |me: &Asker, filter: Filter| -> Vec<RecordId> {
            let page = store.register.read(|r| r.list(me, &Find::kind("apiary").filter(filter))).unwrap();
            page.items.into_iter().map(|item| item.id).collect()
        };
        assert_eq!(list(&me, Filter::Is("flowers".into(), "tree".into())), [one]);
        assert_eq!(list(&me, Filter::Type("fixed".into())), [two, one]);
        assert_eq!(list(&me, Filter::Place("330000".parse().unwrap())), [two, one]);
        assert_eq!(list(&visitor(), Filter::Type("fixed".into())), [two]);
        let by_officer = store.write(move |w| w.erase(&officer("330000"), &Key::Id(one), "closed"));
        assert_eq!(by_officer.unwrap_err().code(), "not-found", "nor is it said that there is one");
        store.write(move |w| w.erase(&steward(), &Key::Id(one), "closed")).unwrap();
        assert_eq!(list(&me, Filter::Type("fixed".into())), [two]);
        let verdict = store.register.verify().unwrap();
        assert!(verdict.sound() && verdict.erased == 1, "{verdict:?}");
    });
}
