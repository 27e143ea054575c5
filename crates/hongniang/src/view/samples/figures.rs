//! Samples of figures: told, made from sources, recorded; targets; the chain.

use super::*;

impl Sample {
    pub(super) fn figure(&self, zh: &str, en: &str, told: &str, recorded: &str) -> FigureView {
        FigureView {
            label: self.say(zh, en),
            unit: self.say("家", "units"),
            note: self.say("同一企业只算一次。", "Each firm counts once."),
            href: "/figures/firms_served?place=330110".to_owned(),
            told: vec![ToldView {
                text: told.to_owned(),
                when: self.say("2020年", "2020"),
                href: "/reports/r1".to_owned(),
            }],
            recorded: Some(recorded.to_owned()),
            recorded_href: Some("/visits?where=public".to_owned()),
            sourced: Some("14".to_owned()),
            sourced_href: Some("/stations?where=public".to_owned()),
        }
    }

    pub(super) fn five(&self) -> Vec<FiveView> {
        let link = |zh: &str, en: &str, count: &str| FiveView {
            label: self.say(zh, en),
            count: count.to_owned(),
            href: "/ties?link=society".to_owned(),
            sourced: "5".to_owned(),
            coverage: "82%".to_owned(),
            coverage_href: "/figures/coverage_society".to_owned(),
        };
        vec![
            link("连学会", "Societies", "86"),
            link("连城市", "Cities", "41"),
            link("连部门", "Departments", "37"),
            link("连乡镇", "Townships", "41"),
            link("连企业", "Enterprises", "18"),
        ]
    }

    pub(super) fn chain(&self) -> Vec<ChainStep> {
        let step = |zh: &str, en: &str, recorded: &str, share: u8| ChainStep {
            figure: self.figure(zh, en, "1", recorded),
            share,
            rate: (share < 100).then(|| share.to_string()),
            breaks: zh == "达成意向",
        };
        vec![
            step("需求", "Demands", "318", 100),
            step("有响应", "Answered", "203", 64),
            step("已见面", "Met", "122", 38),
            step("达成意向", "Intent reached", "45", 14),
            step("签订合同", "Under contract", "20", 6),
            step("取得成效", "Outcome reached", "12", 4),
        ]
    }

    pub(super) fn boards(&self) -> Vec<TargetBoard> {
        let target = |zh: &str, en: &str, value: &str, share: u8| TargetView {
            label: self.say(zh, en),
            href: "/targets/t1".to_owned(),
            value: value.to_owned(),
            span: self.say("2020年3月 — 2020年12月", "March 2020 — December 2020"),
            scope: self.say("试点期内新建。", "Newly built in the pilot period."),
            growth: self.say("是基期 2 个 的 1.5 倍", "1.5 times the base of 2"),
            figure: self.figure(zh, en, value, "2"),
            recorded_share: share,
            sourced_share: 10,
            time_share: 82,
        };
        vec![TargetBoard {
            heading: self.link("/programmes/p1", "科技经济融合试点", "Integration pilot"),
            sourced: true,
            targets: vec![
                target("融合类学会组织", "Society organisations", "3", 66),
                target("驿站", "Posts", "30", 70),
            ],
        }]
    }

    fn bars(&self) -> Vec<BarView> {
        vec![BarView {
            label: self.say("德清县", "Deqing"),
            href: "/figures/firms_served?place=330521".to_owned(),
            recorded: "41".to_owned(),
            sourced: "3".to_owned(),
            share: 100,
            sourced_share: 7,
        }]
    }

    pub(super) fn figures(&self) -> FiguresView {
        FiguresView {
            page: self.page(&self.t("figures.title"), "/figures"),
            place: self.say("余杭区", "Yuhang"),
            places: vec![self.link("/figures?place=330000", "浙江省", "Zhejiang")],
            years: vec![self.link("/figures?year=2026", "2026 年", "2026")],
            chain: self.chain(),
            below: vec![PlaceChain {
                place: self.say("湖州市", "Huzhou"),
                cells: self
                    .chain()
                    .into_iter()
                    .map(|step| link("#", &step.figure.recorded.unwrap_or_default()))
                    .collect(),
                breaks: self.say("意向", "Intents"),
            }],
            boards: self.boards(),
            figures: vec![self.figure("服务企业", "Firms served", "168", "168")],
            exports: vec![self.link("/figures.xlsx", "电子表格", "Spreadsheet")],
        }
    }

    pub(super) fn indicator(&self) -> IndicatorView {
        IndicatorView {
            page: self.page(&self.say("服务企业", "Firms served"), "/figures/firms_served"),
            place: self.say("余杭区", "Yuhang"),
            places: vec![self.link("/figures/firms_served?place=330000", "浙江省", "Zhejiang")],
            years: vec![self.link("/figures/firms_served?year=2026", "2026 年", "2026")],
            figure: self.figure("服务企业", "Firms served", "168", "168"),
            how: vec![self.t("figures.how-ratio"), self.t("figures.basis-period")],
            by_place: self.bars(),
            by_month: Vec::new(),
            exports: vec![self.link("/figures/firms_served.xlsx", "电子表格", "Spreadsheet")],
            parts: vec![self.figure("解决问题", "Problems solved", "114", "114")],
        }
    }
}
