//! Nothing that is not admitted shows in any answer, and the order of puts and removes leaves no trace.

use matching::{Document, Found, Index, Judged, Need, Reason};
use proptest::prelude::*;

/// Few characters, so that random texts meet often.
fn text(most: usize) -> impl Strategy<Value = String> {
    let character =
        prop::sample::select("陶瓷烧结介质微波兽药口服液电机轴承 ，a1".chars().collect::<Vec<_>>());
    prop::collection::vec(character, 0..most).prop_map(String::from_iter)
}

fn keys() -> impl Strategy<Value = Vec<String>> {
    let key = prop::sample::select(vec![
        "industry:C20",
        "industry:C202",
        "place:330500",
        "place:330502",
        "discipline:430",
    ]);
    prop::collection::vec(key.prop_map(str::to_owned), 0..3)
}

fn document() -> impl Strategy<Value = Document> {
    let group = prop::sample::select(vec!["person", "achievement"]).prop_map(str::to_owned);
    let by = prop::collection::vec(1_u128..20, 0..3);
    (0_u64..20, group, text(8), text(24), keys(), prop::option::of(19_000..20_000), by).prop_map(
        |(id, group, title, text, keys, day, by)| {
            let mark = u128::from(id);
            Document { id, group, title, text, keys, day, mark, by }
        },
    )
}

fn index_of<'a>(documents: impl IntoIterator<Item = &'a Document>) -> Index {
    let mut index = Index::new();
    documents.into_iter().for_each(|d| index.put(d.clone()));
    learned(index)
}

fn learned(mut index: Index) -> Index {
    index.learn();
    index
}

fn need(title: &str, text: &str, keys: &[String]) -> Need {
    let judged = vec![
        Judged { id: 0, fits: true, reason: None },
        Judged { id: 1, fits: false, reason: None },
        Judged { id: 2, fits: true, reason: None },
    ];
    Need { title: title.to_owned(), text: text.to_owned(), keys: keys.to_vec(), judged }
}

fn check_found(found: &Found, index: &Index, admit: &dyn Fn(u64) -> bool) {
    assert_eq!(found.hits.len(), found.total);
    assert!(found.hits.iter().all(|hit| admit(hit.id)));
    assert_eq!(found.groups.iter().map(|(_, count)| count).sum::<usize>(), found.total);
    for facet in &found.facets {
        let carries = |id: u64| index.document(id).is_some_and(|d| d.keys.contains(&facet.key));
        assert_eq!(facet.count, found.hits.iter().filter(|hit| carries(hit.id)).count(), "{}", facet.key);
    }
}

proptest! {
    #[test]
    fn only_admitted_documents_answer(
        documents in prop::collection::vec(document(), 0..30), title in text(8), text in text(20), keys in keys(), odd: bool,
    ) {
        let index = index_of(&documents);
        let admit = |id: u64| (id % 2 == 1) == odd;
        check_found(&index.search(&title, &[], &admit, &[], 0, 100), &index, &admit);
        check_found(&index.search(&title, &keys, &admit, &[], 0, 100), &index, &admit);
        for hit in index.rank(&need(&title, &text, &keys), &admit, &[], 100) {
            prop_assert!(admit(hit.id) && hit.id != 1);
            for reason in &hit.reasons {
                let names_unadmitted = matches!(reason, Reason::Like { id, .. } | Reason::Work { id, .. } if !admit(*id));
                prop_assert!(!names_unadmitted);
            }
        }
        prop_assert!(index.alike(&title, &text, &admit, &[], 100).iter().all(|(id, share)| admit(*id) && *share <= 1.0));
    }

    #[test]
    fn a_judgment_of_an_unadmitted_document_changes_nothing(
        documents in prop::collection::vec(document(), 0..30), title in text(8), text in text(20),
    ) {
        let index = index_of(&documents);
        let judged = need(&title, &text, &[]);
        let plain = Need { judged: Vec::new(), ..judged.clone() };
        let admit = |id: u64| id > 2;
        prop_assert_eq!(index.rank(&judged, &admit, &[], 100), index.rank(&plain, &admit, &[], 100));
    }

    #[test]
    fn put_and_remove_equal_a_rebuild(
        documents in prop::collection::vec(document(), 0..40), gone in prop::collection::vec(0_u64..20, 0..10),
        title in text(8), text in text(20), keys in keys(),
    ) {
        let mut lived = Index::new();
        for (at, document) in documents.iter().enumerate() {
            lived.put(document.clone());
            if let Some(id) = gone.get(at) {
                lived.remove(*id);
            }
        }
        let lived = learned(lived);
        let left: Vec<Document> = (0..20).rev().filter_map(|id| lived.document(id).cloned()).collect();
        let fresh = index_of(&left);
        prop_assert_eq!(lived.len(), fresh.len());
        prop_assert_eq!(lived.is_empty(), left.is_empty());
        let all = |_| true;
        prop_assert_eq!(lived.search(&text, &[], &all, &[], 0, 9), fresh.search(&text, &[], &all, &[], 0, 9));
        prop_assert_eq!(lived.search("", &keys, &all, &["person"], 1, 9), fresh.search("", &keys, &all, &["person"], 1, 9));
        let need = need(&title, &text, &keys);
        prop_assert_eq!(lived.rank(&need, &all, &[], 9), fresh.rank(&need, &all, &[], 9));
        prop_assert_eq!(lived.alike(&title, &text, &all, &[], 9), fresh.alike(&title, &text, &all, &[], 9));
        prop_assert_eq!(lived.snippet(3, &title, 8), fresh.snippet(3, &title, 8));
    }

    #[test]
    fn scores_are_the_sum_of_what_is_shown(
        documents in prop::collection::vec(document(), 0..30), title in text(8), text in text(20), keys in keys(),
    ) {
        let index = index_of(&documents);
        let ranked = index.rank(&need(&title, &text, &keys), &|_| true, &[], 100);
        let found = index.search(&title, &[], &|_| true, &[], 0, 100).hits;
        for hit in ranked.iter().chain(&found) {
            prop_assert_eq!(hit.score, hit.signals.iter().map(|s| s.contribution).sum::<f32>());
            prop_assert!(hit.score <= 1.0001 && hit.signals.iter().all(|s| s.contribution == s.value * s.weight));
            prop_assert!(hit.signals.iter().all(|s| s.value.abs() <= 1.0001), "{:?}", hit);
        }
        for pair in ranked.windows(2) {
            prop_assert!(pair[0].score > pair[1].score || (pair[0].score == pair[1].score && pair[0].id < pair[1].id));
        }
    }

    #[test]
    fn shown_phrases_stand_in_both_texts(
        documents in prop::collection::vec(document(), 0..30), title in text(8), text in text(20),
    ) {
        let index = index_of(&documents);
        let need = Need { title: title.clone(), text: text.clone(), ..Need::default() };
        for hit in index.rank(&need, &|_| true, &[], 100) {
            let document = index.document(hit.id).unwrap();
            for reason in &hit.reasons {
                if let Reason::Words(phrases) = reason {
                    let stands = |p: &String| (title.contains(p) || text.contains(p)) && (document.title.contains(p) || document.text.contains(p));
                    prop_assert!(phrases.iter().all(stands), "{:?}", phrases);
                }
                if let Reason::Title(phrases) = reason {
                    prop_assert!(phrases.iter().all(|p| title.contains(p) && document.title.contains(p)), "{:?}", phrases);
                }
            }
        }
    }

    #[test]
    fn snippets_quote_the_document(document in document(), query in text(8), chars in 0_usize..40) {
        let index = index_of([&document]);
        let pieces = index.snippet(document.id, &query, chars);
        let shown: String = pieces.iter().map(|p| p.text.as_str()).collect();
        prop_assert!(document.text.contains(shown.trim_matches('…')));
        prop_assert!(pieces.windows(2).all(|pair| pair[0].hit != pair[1].hit));
    }
}
