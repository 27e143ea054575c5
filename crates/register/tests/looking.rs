//! Looking without reading: by title, by ids, along edges; and what is left when a record is erased.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod common;

use common::*;

use base::id::RecordId;
use register::{Direction, Key, New};
use serde_json::json;

fn firm(title: &str) -> New {
    new("organization", "firm", json!({"title": title, "place": "330521"}))
}

#[test]
fn one_title_leads_to_one_readable_record_or_to_none() {
    on_both(|store| {
        let make = |title: &str| store.create(&steward(), firm(title)).unwrap().item.id;
        let (one, _, _) = (make("云岫木业（演示）"), make("同名（演示）"), make("同名（演示）"));
        let titled = |title: &str| {
            let found = store.register.read(|r| r.titled(&visitor(), "organization", title)).unwrap();
            found.map(|item| item.id)
        };
        assert_eq!(titled("云岫木业（演示）"), Some(one));
        assert_eq!(titled("同名（演示）"), None, "two share it");
        assert_eq!(titled("云岫"), None, "a beginning is not a title");
        let demand = new("demand", "", json!({"title": "草稿", "organization": one.to_string()}));
        let owner = register_owner(one);
        let draft = store.create(&owner, demand).unwrap().item.id;
        let of = |me: &catalogue::Asker| store.register.read(|r| r.titled(me, "demand", "草稿")).unwrap();
        assert_eq!(of(&owner).map(|item| item.id), Some(draft));
        assert_eq!(of(&visitor()), None);
    });
}

fn register_owner(firm: RecordId) -> catalogue::Asker {
    catalogue::Asker { organizations: vec![firm], ..catalogue::Asker::default() }
}

#[test]
fn seen_are_the_readable_in_the_order_asked() {
    on_both(|store| {
        let firms: Vec<RecordId> = (0..3)
            .map(|n| store.create(&steward(), firm(&format!("甲{n}（演示）"))).unwrap().item.id)
            .collect();
        let owner = register_owner(firms[0]);
        let demand = new("demand", "", json!({"title": "草稿", "organization": firms[0].to_string()}));
        let draft = store.create(&owner, demand).unwrap().item.id;
        let asked = [firms[2], draft, firms[0], RecordId::new(1, [7; 10])];
        let seen = |me: &catalogue::Asker| -> Vec<RecordId> {
            let found = store.register.read(|r| r.seen_all(me, &asked)).unwrap();
            found.into_iter().map(|item| item.id).collect()
        };
        assert_eq!(seen(&visitor()), [firms[2], firms[0]]);
        assert_eq!(seen(&owner), [firms[2], draft, firms[0]]);
        let one = |me: &catalogue::Asker| store.register.read(|r| r.seen(me, &Key::Id(draft)));
        assert_eq!(one(&owner).unwrap().owner_title.as_deref(), Some("甲0（演示）"));
        assert_eq!(one(&visitor()).unwrap_err().code(), "not-found");
    });
}

#[test]
fn many_links_of_one_field_do_not_crowd_out_another() {
    on_both(|store| {
        let hub = store.create(&steward(), firm("枢纽（演示）")).unwrap().item;
        let owner = register_owner(hub.id);
        let (to, mine) = (hub.id.to_string(), owner.clone());
        store
            .write(move |w| {
                let branch = |n: usize| {
                    let mut one = firm(&format!("分支 {n}（演示）"));
                    one.fields.insert("parent".to_owned(), json!(to));
                    one
                };
                w.import(&steward(), "organization", (0..1_200).map(branch).collect())?;
                let need =
                    |n: usize| new("demand", "", json!({"title": format!("需求 {n}"), "organization": to}));
                w.import(&mine, "demand", (0..30).map(need).collect())
            })
            .unwrap();
        let edges = |me: &catalogue::Asker, field: Option<&str>, first: usize| {
            let found = store.register.read(|r| r.edges(me, hub.row, Direction::To, field, first)).unwrap();
            let of = |name: &str| found.iter().filter(|edge| edge.field == name).count();
            assert!(found.windows(2).all(|w| w[0].field != w[1].field || w[0].item.row > w[1].item.row));
            (of("organization"), of("parent"), found.len())
        };
        assert_eq!(edges(&owner, None, 5), (5, 5, 10));
        assert_eq!(edges(&visitor(), None, 5), (0, 5, 5), "drafts are the owner's");
        assert_eq!(edges(&owner, None, usize::MAX), (30, 1_000, 1_030));
        assert_eq!(edges(&owner, Some("organization"), 100), (30, 0, 30));
        assert_eq!(edges(&owner, Some("liaison"), 100), (0, 0, 0));
    });
}

#[test]
fn erasing_twice_changes_nothing_more_and_takes_only_files_no_other_record_names() {
    on_both(|store| {
        let put = |text: &str| {
            store.register.store_file(now(), &mut text.as_bytes(), "附件.txt", "text/plain").unwrap()
        };
        let (own, shared, dropped) = (put("独有"), put("共有"), put("早先"));
        let owner = store.create(&steward(), firm("甲（演示）")).unwrap().item.id;
        let me = register_owner(owner);
        let need = |file: &register::FileRef| {
            let mut made = new("demand", "", json!({"title": "带附件", "organization": owner.to_string()}));
            made.fields.insert("paper".to_owned(), file.value());
            store.create(&me, made).unwrap().item
        };
        let (first, second, revised) = (need(&own), need(&shared), need(&dropped));
        let third = need(&shared);
        let mut fields = store.find(&me, revised.id).unwrap().fields;
        fields.insert("paper".to_owned(), shared.value());
        let (mine, id) = (me.clone(), revised.id);
        store.write(move |w| w.revise(&mine, &Key::Id(id), 1, fields)).unwrap();

        let erase = |row: i64| store.write(move |w| w.erase(&house(), &Key::Row(row), "consent"));
        let there = |file: &register::FileRef| store.register.file(&file.hash).is_some();
        erase(first.row).unwrap();
        assert!(!there(&own) && there(&shared) && there(&dropped));
        erase(revised.row).unwrap();
        assert!(there(&shared) && !there(&dropped), "an older version named it, and nobody else");
        erase(second.row).unwrap();
        assert!(there(&shared), "another record names it");
        erase(third.row).unwrap();
        assert!(!there(&shared));
        // The same bytes may come again.
        assert!(there(&put("共有")));

        let changes = store.register.verify().unwrap().changes;
        erase(first.row).unwrap();
        let verdict = store.register.verify().unwrap();
        assert!(verdict.sound(), "{verdict:?}");
        assert_eq!((verdict.changes, verdict.erased), (changes, 4));
    });
}

/// Who may erase anything.
fn house() -> catalogue::Asker {
    steward()
}

#[test]
fn a_job_tells_how_far_it_is_and_that_it_is_done() {
    on_both(|store| {
        let job = store.write(|w| w.enqueue("import", "{\"rows\":3}")).unwrap();
        store.write(|w| w.lease("a", 1)).unwrap();
        let state = || store.register.read(|r| r.job(job)).unwrap().unwrap();
        for done in 1..=3 {
            store.write(move |w| w.progress(job, done, 3)).unwrap();
            assert_eq!((state().done, state().total, state().state.as_str()), (done, 3, "waiting"));
        }
        let later = now() + jiff::SignedDuration::from_mins(1);
        store.write(move |w| w.failed(job, "no route", Some(later))).unwrap();
        assert_eq!(state().error.as_deref(), Some("no route"));
        assert!(store.write(|w| w.lease("b", 1)).unwrap().is_empty(), "not before it is due");
        let again = store.register.write_now(later, |w| w.lease("b", 1)).unwrap().value;
        assert_eq!((again[0].id, again[0].tries), (job, 1));
        store.write(move |w| w.done(job)).unwrap();
        assert_eq!((state().state.as_str(), state().error), ("done", None));
        assert_eq!(store.register.read(|r| r.job_counts()).unwrap(), register::JobCounts::default());
        assert_eq!(store.register.read(|r| r.job(job + 1)).unwrap(), None);
    });
}

#[test]
fn erasing_reaches_what_was_merged_into_the_record() {
    on_both(|store| {
        let filed = |title: &str| store.create(&steward(), firm(title)).unwrap().item;
        let (keep, lose) = (filed("留下的（演示）"), filed("并入的（演示）"));
        let (kept, lost) = (Key::Id(keep.id), Key::Id(lose.id));
        store.write(move |w| w.merge(&steward(), &kept, &lost)).unwrap();
        // The number of the duplicate leads to the one that was kept: whoever asks for either asks for both.
        store.write(move |w| w.erase(&steward(), &Key::Id(lose.id), "withdrawn-consent")).unwrap();
        let verdict = store.register.verify().unwrap();
        assert!(verdict.sound(), "{:?}", verdict.breaks);
        assert_eq!(verdict.erased, 2);
    });
}
