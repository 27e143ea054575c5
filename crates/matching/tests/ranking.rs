//! What is ranked above what, and why.

use std::collections::BTreeMap;

use matching::{Document, Index, Judged, Need, Reason, weights};

fn document(id: u64, title: &str, text: &str) -> Document {
    Document {
        id,
        group: "achievement".to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        ..Document::default()
    }
}

fn corpus() -> Vec<Document> {
    vec![
        document(1, "低温烧结微波介质陶瓷", "用于滤波器的低损耗介质陶瓷粉体与流延工艺"),
        document(2, "兽用鱼腥草口服液", "中药提取与口服液灌装"),
        document(3, "高速电主轴轴承游隙调控装置", "主轴轴承的预紧力与温升控制"),
        document(4, "氧化铝陶瓷注射成形", "陶瓷粉体与粘结剂的混炼，脱脂烧结"),
        document(5, "微波干燥设备", "食品的微波真空干燥"),
        document(6, "轴承钢热处理", "渗碳轴承钢的残余奥氏体控制"),
    ]
}

fn index() -> Index {
    let mut index = Index::new();
    corpus().into_iter().for_each(|d| index.put(d));
    index
}

fn need(title: &str, text: &str) -> Need {
    Need { title: title.to_owned(), text: text.to_owned(), ..Need::default() }
}

fn order(index: &Index, need: &Need) -> Vec<u64> {
    index.rank(need, &|_| true, &[], 10).iter().map(|hit| hit.id).collect()
}

fn fits(id: u64, fits: bool, reason: Option<&str>) -> Judged {
    Judged { id, fits, reason: reason.map(str::to_owned) }
}

/// The formula of the ranking, written down once more without an index.
mod naive {
    use super::*;

    type Counts = BTreeMap<String, f32>;

    fn pairs(text: &str, times: f32, into: &mut Counts) {
        for run in text.split('，') {
            let run: Vec<char> = run.chars().collect();
            run.windows(2).for_each(|pair| *into.entry(pair.iter().collect()).or_default() += times);
        }
    }

    fn of(document: &Document) -> Counts {
        let mut counts = Counts::new();
        pairs(&document.title, weights::DOCUMENT_TITLE as f32, &mut counts);
        pairs(&document.text, 1.0, &mut counts);
        counts
    }

    fn worth(pair: &str, all: &[Counts]) -> f32 {
        let n = all.len() as f32;
        let with = |part: &dyn Fn(&String) -> bool| all.iter().filter(|d| d.keys().any(part)).count() as f32;
        let together = with(&|p| p == pair);
        let cohesion = pair.chars().fold(together * n, |c, one| c / with(&|p| p.contains(one)).max(1.0));
        let held = cohesion.clamp(weights::COHESION_LEAST, weights::COHESION_FULL) / weights::COHESION_FULL;
        (1.0 + (n - together + 0.5) / (together + 0.5)).ln().powf(weights::RARITY_POWER) * held.sqrt()
    }

    fn asked(text: &str, weight: f32, all: &[Counts]) -> Counts {
        let mut counts = Counts::new();
        pairs(text, 1.0, &mut counts);
        let k = weights::NEED_SATURATION;
        counts.iter().map(|(p, n)| (p.clone(), weight * n * (k + 1.0) / (n + k) * worth(p, all))).collect()
    }

    fn rare_most(documents: usize) -> usize {
        (documents as f32 * weights::RARE_SHARE).ceil() as usize
    }

    /// Ids and scores, best first.
    pub fn rank(documents: &[Document], need: &Need) -> Vec<(u64, f32)> {
        let all: Vec<Counts> = documents.iter().map(of).collect();
        let parts =
            [asked(&need.title, weights::NEED_TITLE, &all), asked(&need.text, weights::NEED_TEXT, &all)];
        let average = all.iter().flat_map(|d| d.values()).sum::<f32>() / all.len() as f32;
        let score = |held: &Counts| {
            let b = weights::LENGTH_DISCOUNT;
            let discount = weights::SATURATION * (1.0 - b + b * held.values().sum::<f32>() / average);
            let presence = |p: &String| held.get(p).map_or(0.0, |n| n / (n + discount));
            parts.iter().flatten().map(|(p, w)| w * presence(p)).sum::<f32>()
        };
        let top = all.iter().map(score).fold(f32::MIN_POSITIVE, f32::max);
        let rare = |p: &String| all.iter().filter(|d| d.contains_key(p)).count() <= rare_most(all.len());
        let asked = |p: &String| parts.iter().any(|part| part.contains_key(p));
        let cover =
            |held: &Counts| held.keys().filter(|p| rare(p) && asked(p)).count() as f32 / held.len() as f32;
        let whole = |held: &Counts| match score(held) / top {
            words if words > 0.0 => words + weights::COVER * cover(held),
            _ => 0.0,
        };
        let mut out: Vec<(u64, f32)> =
            documents.iter().zip(&all).map(|(d, held)| (d.id, whole(held))).collect();
        out.retain(|(_, score)| *score > 0.0);
        out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let best = out.first().map_or(1.0, |(_, score)| *score);
        out.into_iter().map(|(id, score)| (id, score / best)).collect()
    }
}

#[test]
fn ranking_follows_the_formula() {
    let check = |title: &str, text: &str| {
        let need = need(title, text);
        let expect = naive::rank(&corpus(), &need);
        let found = index().rank(&need, &|_| true, &[], 10);
        assert_eq!(
            found.iter().map(|h| h.id).collect::<Vec<_>>(),
            expect.iter().map(|e| e.0).collect::<Vec<_>>(),
            "{title}"
        );
        for (hit, (_, score)) in found.iter().zip(&expect) {
            assert!((hit.score - score).abs() < 1e-5, "{title}: {} {score}", hit.score);
        }
    };
    check("介质陶瓷粉体", "滤波器用的低损耗陶瓷，低温烧结");
    check("主轴轴承", "轴承温升，轴承轴承");
    check("", "微波真空干燥，陶瓷粉体");
    check("口服液", "");
    check("量子通信", "卫星");
}

#[test]
fn words_in_like_company_are_near_in_meaning() {
    let mut index = Index::new();
    // 冰箱 and 冷柜 stand beside the same words and never together; 年糕 stands elsewhere.
    let texts = [
        "冰箱压缩机制冷剂泄漏",
        "冷柜压缩机制冷剂泄漏",
        "冰箱蒸发器结霜化霜",
        "冷柜蒸发器结霜化霜",
        "年糕蒸煮浸泡粳米",
        "年糕切片粳米保鲜",
        "冰箱压缩机噪声",
        "冷柜压缩机噪声",
    ];
    for (at, text) in texts.iter().enumerate() {
        index.put(document(at as u64 + 1, text, ""));
    }
    index.put(document(20, "冷柜门封条，门封", ""));
    index.put(document(21, "年糕门封条，门封", ""));
    let near = |index: &Index, id: u64| {
        let hits = index.rank(&need("冰箱门封", ""), &|_| true, &[], 20);
        let hit = hits.into_iter().find(|hit| hit.id == id).unwrap();
        hit.signals.iter().find(|signal| signal.name == "meaning").map(|signal| signal.value)
    };
    assert_eq!(near(&index, 20), None, "nothing is learned before it is asked for");
    index.learn();
    assert!(near(&index, 20) > near(&index, 21), "{:?} {:?}", near(&index, 20), near(&index, 21));
    index.put(document(22, "冷柜门封条", ""));
    assert!(near(&index, 22).is_some(), "what comes later is placed too");
    let meaning = index.lesson().learn();
    let placed = index.placed(&meaning, 0, 100).unwrap();
    let before = near(&index, 20);
    assert!(index.placed(&meaning, 100, 100).is_none());
    index.put(document(20, "年糕门封条，门封", ""));
    index.install(meaning, placed);
    assert!(near(&index, 20) < before, "what changed meanwhile is placed as it stands");
}

#[test]
fn works_speak_for_their_makers_unless_hidden() {
    let mut index = index();
    for maker in [31, 32] {
        let person =
            Document { mark: maker, group: "person".to_owned(), ..document(maker as u64, "某人", "") };
        index.put(person);
    }
    index.put(Document { by: vec![31], ..document(40, "氮化铝陶瓷基板", "低温烧结，导热") });
    index.put(Document { by: vec![32], ..document(41, "氮化铝陶瓷基板", "低温烧结，导热") });
    let need = need("氮化铝基板低温烧结", "");
    let hits = index.rank(&need, &|id| id != 41, &["person"], 10);
    assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [31], "a hidden work speaks for nobody");
    let says = |reason: &Reason| matches!(reason, Reason::Work { id: 40, words } if words.contains(&"低温烧结".to_owned()));
    assert!(hits[0].reasons.iter().any(says), "{:?}", hits[0].reasons);
    index.remove(40);
    assert!(index.rank(&need, &|id| id != 41, &["person"], 10).is_empty());
}

#[test]
fn the_nearer_text_comes_first_and_says_why() {
    let hits = index().rank(&need("微波介质陶瓷粉体", "需要低温烧结的陶瓷"), &|_| true, &["achievement"], 2);
    assert_eq!(hits.iter().map(|h| h.id).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(hits[0].reasons[0], Reason::Title(vec!["微波介质陶瓷".to_owned()]));
    assert!(
        matches!(&hits[0].reasons[1], Reason::Words(w) if w.contains(&"低温烧结".to_owned())),
        "{:?}",
        hits[0].reasons
    );
    assert!(index().rank(&need("微波介质陶瓷", ""), &|_| true, &["person"], 2).is_empty());
}

#[test]
fn words_of_asking_are_neither_weight_nor_reason() {
    let mut index = index();
    index.put(document(7, "一种技术研究开发项目", "公司希望解决技术难题"));
    assert!(!order(&index, &need("轴承技术研究开发项目", "公司希望解决技术难题")).contains(&7));
}

#[test]
fn judgments_change_the_order() {
    let mut need = need("陶瓷轴承", "微波");
    let plain = order(&index(), &need);
    need.judged = vec![fits(6, true, None)];
    let lifted = order(&index(), &need);
    let place = |order: &[u64], id: u64| order.iter().position(|o| *o == id).unwrap_or(usize::MAX);
    assert!(place(&lifted, 3) < place(&plain, 3), "{plain:?} {lifted:?}");
    need.judged = vec![fits(1, false, None)];
    let without = index().rank(&need, &|_| true, &[], 10);
    assert!(without.iter().all(|hit| hit.id != 1));
    let pushed = without
        .iter()
        .find(|hit| hit.id == 4)
        .and_then(|hit| hit.signals.iter().find(|s| s.name == "feedback"));
    assert!(pushed.is_some_and(|signal| signal.value < 0.0), "{without:?}");
    need.judged = vec![fits(1, false, Some("capacity"))];
    let aside = index().rank(&need, &|_| true, &[], 10);
    assert!(aside.iter().all(|hit| hit.id != 1 && hit.signals.iter().all(|s| s.name != "feedback")));
}

#[test]
fn a_fit_names_what_resembles_it() {
    let mut need = need("陶瓷", "");
    need.judged = vec![fits(1, true, None)];
    let hits = index().rank(&need, &|_| true, &[], 10);
    let four = hits.iter().find(|hit| hit.id == 4).unwrap();
    assert!(four.reasons.iter().any(|r| matches!(r, Reason::Like { id: 1, words } if words.contains(&"陶瓷粉体与".to_owned()) || words.contains(&"陶瓷粉体".to_owned()))), "{four:?}");
}

#[test]
fn shared_keys_bring_nearer_and_are_named() {
    let mut index = index();
    let keys = |keys: &[&str]| keys.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>();
    index.put(Document {
        keys: keys(&["industry:C20", "industry:C202", "place:330500"]),
        day: Some(20_000),
        ..document(8, "磨料", "轴承")
    });
    index.put(Document { keys: keys(&["place:330500"]), ..document(9, "磨具", "抛光") });
    let mut need = need("轴承", "");
    need.keys = keys(&["industry:C2021", "place:330502"]);
    let hits = index.rank(&need, &|_| true, &[], 10);
    let eight = hits.iter().find(|hit| hit.id == 8).unwrap();
    for expect in [
        Reason::Key { key: "industry:C202".to_owned() },
        Reason::Near { key: "place:330500".to_owned() },
        Reason::Fresh { day: 20_000 },
    ] {
        assert!(eight.reasons.contains(&expect), "{:?}", eight.reasons);
    }
    assert!(hits.iter().all(|hit| hit.id != 9), "a place alone answers nothing");
}

#[test]
fn search_pages_and_counts() {
    let index = index();
    let all = index.search("陶瓷", &[], &|_| true, &[], 0, 10);
    assert_eq!((all.total, all.hits.len(), all.hits[0].score), (2, 2, 1.0));
    let second = index.search("陶瓷", &[], &|_| true, &[], 1, 10);
    assert_eq!(second.hits, all.hits[1..]);
    assert_eq!(index.search("", &[], &|_| true, &[], 0, 3).total, 6);
    assert_eq!(index.search("", &["industry:C20".to_owned()], &|_| true, &[], 0, 3).total, 0);
    assert_eq!(index.search("量子", &[], &|_| true, &[], 0, 3).total, 0);
    assert_eq!(
        index.search("陶瓷", &[], &|_| true, &["person"], 0, 3).groups,
        [("achievement".to_owned(), 2)]
    );
}

#[test]
fn near_duplicates_are_found_by_title_or_text() {
    let index = index();
    let alike = |title: &str, text: &str| index.alike(title, text, &|_| true, &[], 3);
    assert_eq!(alike("兽用鱼腥草口服液", "中药提取与口服液灌装"), [(2, 1.0)]);
    assert_eq!(alike("兽用鱼腥草口服液的制备", "完全不同的说明文字").first().map(|a| a.0), Some(2));
    assert_eq!(alike("量子通信卫星", ""), []);
}

#[test]
fn snippets_mark_what_was_asked() {
    let pieces = index().snippet(4, "脱脂烧结", 8);
    assert!(pieces.iter().any(|p| p.hit && p.text.contains("脱脂烧结")), "{pieces:?}");
    assert_eq!(index().snippet(99, "陶瓷", 8), []);
}
