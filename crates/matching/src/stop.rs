//! Words of asking and offering that say nothing about the subject: no weight in a question, never a reason.

use std::sync::LazyLock;

use crate::terms::{self, Place, Set, Term};

/// Phrases that stand in every second demand, achievement or report.
const PHRASES: &[&str] = &[
    "技术",
    "研究",
    "开发",
    "研发",
    "一种",
    "方法",
    "应用",
    "项目",
    "公司",
    "企业",
    "有限公司",
    "需求",
    "需求内容",
    "预期目标",
    "目标",
    "现有",
    "工作基础",
    "已开展",
    "工作",
    "投入资金",
    "投入",
    "资金",
    "万元",
    "希望",
    "解决",
    "难题",
    "问题",
    "技术难题",
    "合作",
    "合作单位",
    "产品",
    "进行",
    "实现",
    "提高",
    "采用",
    "主要",
    "具有",
    "以及",
    "我公司",
    "可以",
    "通过",
    "要求",
    "提供",
    "目前",
    "已经",
    "我们",
    "关键技术",
    "产业化",
    "推广",
    "使用",
    "相关",
    "达到",
    "形成",
    "建设",
    "情况",
    "单位",
    "成果",
    "根据",
    "分别",
    "考虑",
    "确定",
    "能够",
    "甚至",
    "更好",
    "很好",
    "建立",
    "介绍",
];

/// Characters that never begin or end a phrase worth showing.
const EDGES: &str = "的了和与及或在对为是将由从以于其之该各等被把使所并而且";

static TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
    let mut all: Vec<Term> = PHRASES.iter().flat_map(|p| terms::counts(p)).map(|(term, _)| term).collect();
    all.sort_unstable();
    all.dedup();
    all
});

/// How often each term occurs outside those phrases. A pair that only joins two of them is part of neither, yet
/// says as little, so it is left out as well.
pub fn telling(text: &str) -> Vec<(Term, u32)> {
    let mut places: Vec<Place> = Vec::new();
    terms::each(text, |place| places.push(place));
    let mut empty: Set<usize> = Set::default();
    for place in places.iter().filter(|p| TERMS.binary_search(&p.term).is_ok()) {
        empty.extend([place.start, place.end - 1]);
    }
    let says = |p: &&Place| !(empty.contains(&p.start) && empty.contains(&(p.end - 1)));
    terms::tally(places.iter().filter(says).map(|p| p.term).collect())
}

/// Whether a character never begins or ends a phrase.
pub fn is_edge(c: char) -> bool {
    EDGES.contains(c)
}
