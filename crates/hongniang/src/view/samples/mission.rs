//! Samples of the pages that carry the mission: row by row, the plan, the tour, local lists.

use super::*;

impl Sample {
    pub(super) fn sources(&self) -> Vec<SourceChip> {
        vec![
            SourceChip {
                label: self.say("试点方案 L4", "Pilot plan L4"),
                href: "/compare#L4".to_owned(),
                note: self.say("试点期内新建", "newly built in the pilot period"),
            },
            SourceChip {
                label: self.say("宁波温州报道", "Ningbo–Wenzhou report"),
                href: String::new(),
                note: String::new(),
            },
        ]
    }

    fn compare_row(&self, row: &str, text: (&str, &str), page: Option<Link>) -> CompareRow {
        CompareRow {
            row: row.to_owned(),
            text: self.say(text.0, text.1),
            source: self.t("source.plan_2020_10"),
            figure: "3 / 5".to_owned(),
            page,
        }
    }

    pub(super) fn compare(&self) -> CompareView {
        let see = self.link("/ties", "连接", "Links");
        let rows = vec![
            self.compare_row("A1", ("按五类对象登记连接关系", "Register five kinds of links"), Some(see)),
            self.compare_row("A2", ("登记学会引荐关系", "Record which society introduced which"), None),
        ];
        let group = |letter: &str, key: &str, rows: Vec<CompareRow>, tally: Tally| CompareGroup {
            letter: letter.to_owned(),
            label: self.t(key),
            tally,
            rows,
        };
        CompareView {
            page: self.page(&self.t("compare.title"), "/compare"),
            total: Tally { rows: 4, done: 1 },
            groups: vec![
                group("A", "compare.group-a", rows, Tally { rows: 2, done: 1 }),
                group("B", "compare.group-b", Vec::new(), Tally { rows: 2, done: 0 }),
            ],
            sources: vec![
                here("/compare", &self.t("compare.all")),
                link("/compare?source=plan_2020_10", &self.t("source.plan_2020_10")),
            ],
            states: vec![
                here("/compare", &self.t("compare.all")),
                link("/compare?state=done", &self.t("compare.done")),
                link("/compare?state=open", &self.t("compare.open")),
            ],
            exports: self.exports(),
        }
    }

    pub(super) fn compare_empty(&self) -> CompareView {
        let view = self.compare();
        let bare = |group: CompareGroup| CompareGroup { rows: Vec::new(), ..group };
        CompareView { groups: view.groups.into_iter().map(bare).collect(), ..view }
    }
}
