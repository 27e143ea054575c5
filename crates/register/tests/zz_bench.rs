mod common;
use common::*;
use register::*;
use serde_json::json;
use std::time::Instant;
#[test]
fn bench() {
    on_both(|store| {
        let firm = store
            .create(&steward(), new("organization", "firm", json!({"title":"甲（演示）","place":"330521"})))
            .unwrap()
            .item
            .id;
        let n = 10_000;
        let t = Instant::now();
        std::thread::scope(|s| {
            for k in 0..64 {
                let store = &store;
                s.spawn(move || for i in 0..n/64 {
            let me = member(firm, firm);
            let v = json!({"title": format!("冷压强度 {k} {i}"), "organization": firm.to_string(), "place":"330521","industry":["C202"],"weight":i,"note":"内部","details":"x"});
            store.register.write_now(now(), move |w| w.create(&me, new("demand","",v))).unwrap();
        });
            }
        });
        let s = t.elapsed().as_secs_f64();
        println!("{:?} creates/s {:.0}", store.register.store(), n as f64 / s);
        let me = member(firm, firm);
        let off = officer("330500");
        let id = store.register.read(|r| r.list(&me, &Find::kind("demand"))).unwrap().items[3].id;
        for (name, who) in [("own", &me), ("officer", &off), ("visitor", &visitor())] {
            for kind in ["demand", "organization"] {
                let t = Instant::now();
                for _ in 0..500 {
                    store.register.read(|r| r.list(who, &Find::kind(kind))).unwrap();
                }
                println!(
                    "{:?} list {kind} {name} {:.0} us",
                    store.register.store(),
                    t.elapsed().as_micros() as f64 / 500.0
                );
            }
        }
        let t = Instant::now();
        for _ in 0..2000 {
            store.find(&me, id).unwrap();
        }
        println!("{:?} find {:.1} us", store.register.store(), t.elapsed().as_micros() as f64 / 2000.0);
        let t = Instant::now();
        let st = steward();
        store
            .write(move |w| {
                w.import_keys(
                    &st,
                    "organization",
                    (0..20000)
                        .map(|i| {
                            new("organization", "firm", json!({"title":format!("单位{i}"),"place":"330521"}))
                        })
                        .collect(),
                )
            })
            .unwrap();
        println!("{:?} import/s {:.0}", store.register.store(), 20000.0 / t.elapsed().as_secs_f64());
        for (name, f) in [
            ("place", catalogue::Filter::Place("330500".parse().unwrap())),
            ("none", catalogue::Filter::All(vec![])),
        ] {
            let t = Instant::now();
            for _ in 0..200 {
                store
                    .register
                    .read(|r| {
                        r.list(
                            &visitor(),
                            &Find::kind("organization").filter(f.clone()).order(Order::By("title".into())),
                        )
                    })
                    .unwrap();
            }
            println!(
                "{:?} orgs by title {name} {:.0} us",
                store.register.store(),
                t.elapsed().as_micros() as f64 / 200.0
            );
        }
    });
}
