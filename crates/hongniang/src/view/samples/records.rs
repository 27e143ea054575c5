//! Samples of one record and of the match page.

use super::*;

impl Sample {
    pub(super) fn fact(&self, label: (&str, &str), value: (&str, &str)) -> Fact {
        Fact {
            label: self.say(label.0, label.1),
            values: vec![self.link("", value.0, value.1)],
            layer: String::new(),
            long: false,
        }
    }

    pub(super) fn facts(&self) -> Vec<Fact> {
        let problem = Fact { long: true, ..self.fact(("问题", "Problem"), (PROBLEM_ZH, PROBLEM_EN)) };
        let industries = Fact {
            values: vec![
                self.link("/demands?industry=C202", "人造板制造", "Wood-based panels"),
                self.link("/demands?industry=C266", "专用化学产品制造", "Special chemicals"),
            ],
            ..self.fact(("行业", "Industry"), ("", ""))
        };
        let contact = Fact {
            layer: self.t("layer.inside"),
            ..self.fact(
                ("联系人", "Contact"),
                ("郑知远（虚构） 0572-0000101", "Zheng Zhiyuan (invented) 0572-0000101"),
            )
        };
        vec![
            problem,
            self.fact(("现值", "Present"), ("冷压强度 0.7 MPa", "0.7 MPa")),
            self.fact(
                ("目标", "Wanted"),
                ("冷压强度 ≥ 1.0 MPa，甲醛释放量保持 ENF 级", "≥ 1.0 MPa, formaldehyde class ENF"),
            ),
            industries,
            self.fact(("预算", "Budget"), ("60 万元", "600,000 yuan")),
            self.fact(("期限", "Needed by"), ("2027年6月", "June 2027")),
            contact,
        ]
    }

    pub(super) fn why(&self) -> Vec<WhyLine> {
        vec![
            WhyLine {
                yes: true,
                text: self.say(
                    "凭“科协工作人员”身份，记录在您负责的地区内",
                    "As association officer: the record lies in your region",
                ),
            },
            WhyLine { yes: false, text: self.t("guard.secrecy-cleared") },
        ]
    }

    pub(super) fn checkup(&self) -> CheckupView {
        CheckupView {
            grade: "C".to_owned(),
            answered: 2,
            asked: 5,
            missing: vec![
                (
                    "present_value".into(),
                    self.say("现值", "Present value"),
                    self.say("现在能做到多少？", "What is reached now?"),
                ),
                (
                    "budget".into(),
                    self.say("预算", "Budget"),
                    self.say("打算投入多少？", "How much will you spend?"),
                ),
                (
                    "due_on".into(),
                    self.say("期限", "Needed by"),
                    self.say("什么时候要用上？", "When is it needed?"),
                ),
            ],
            b_gaps: 1,
        }
    }

    pub(super) fn history(&self) -> Vec<HistoryRow> {
        let event = |when: (&str, &str), who: (&str, &str), what: (&str, &str)| HistoryRow {
            when: self.say(when.0, when.1),
            who: self.say(who.0, who.1),
            what: self.say(what.0, what.1),
        };
        vec![
            event(
                ("2026年11月18日 15:02", "18 November 2026, 15:02"),
                ("施小满（虚构）", "Shi Xiaoman (invented)"),
                ("发布", "Published"),
            ),
            event(
                ("2026年11月18日 14:47", "18 November 2026, 14:47"),
                ("施小满（虚构）", "Shi Xiaoman (invented)"),
                ("审核通过，保密审查通过", "Accepted and cleared"),
            ),
            event(
                ("2026年11月17日 09:12", "17 November 2026, 09:12"),
                ("郑知远（虚构）", "Zheng Zhiyuan (invented)"),
                ("提交", "Submitted"),
            ),
        ]
    }

    pub(super) fn demand_side(&self) -> DemandSide {
        DemandSide {
            promise: Some(PromiseView {
                what: self.say("服务承诺时限", "First answer"),
                who: self.say("施小满（虚构）", "Shi Xiaoman (invented)"),
                by: self.say("11月20日", "20 November"),
                late: Some(3),
            }),
            called: Some(CalledView {
                campaign: self.say("秋季技术需求集中征集（演示）", "Autumn call for demands (demonstration)"),
                until: self.say("12月20日", "20 December"),
                over: true,
                ask: self.say("施小满（虚构） 0572-0000101", "Shi Xiaoman (invented) 0572-0000101"),
                fill: Some(link("#", &self.t("called.fill"))),
                none: Some("#".to_owned()),
                version: 2,
            }),
            common: Some(self.link("#", "胶合板冷压成型共性需求", "Common demand: cold pressing of plywood")),
            alike: Some(AlikeView { rows: self.demands(), combine: link("#", &self.t("combine.these")) }),
            published_as: self.say("某企业（德清县）", "A firm (Deqing)"),
        }
    }

    pub(super) fn openings(&self) -> OpeningsView {
        OpeningsView {
            page: self.desk(&self.t("openings.action"), "/demands/330521-2026-000123-7/openings"),
            record: link("/demands/330521-2026-000123-7", &self.t("openings.back")),
            add: link("#", &self.t("openings.add")),
            rows: vec![OpeningRow {
                who: self.link("#", "沈砚秋（虚构）", "Shen Yanqiu (invented)"),
                since: self.say("2026年11月1日", "1 November 2026"),
                until: self.say("2026年12月1日", "1 December 2026"),
                purpose: self.say("诊断冷压配方", "Look at the cold-press recipe"),
                state: self.t("openings.live"),
                end: Some("#".to_owned()),
            }],
            log: vec![(
                self.say("2026年11月19日 10:24", "19 November 2026, 10:24"),
                self.say("沈砚秋（虚构）", "Shen Yanqiu (invented)"),
            )],
        }
    }

    pub(super) fn campaign(&self) -> CampaignView {
        let keys = ["invited", "opened", "drafted", "submitted", "none"];
        let row = |place: String, counts: [usize; 5]| ProgressRow {
            place,
            counts: keys
                .map(|key| link("#", &self.t(&format!("campaign.{key}"))))
                .into_iter()
                .zip(counts)
                .collect(),
            done: counts[3] + counts[4],
            all: counts.iter().sum(),
        };
        CampaignView {
            page: self
                .desk(&self.say("秋季技术需求集中征集", "Autumn call for demands"), "/programmes/x/campaign"),
            record: link("#", &self.t("campaign.record")),
            until: self.say("12月20日", "20 December"),
            over: false,
            total: row(self.t("campaign.all"), [5, 2, 2, 28, 3]),
            rows: vec![
                row(self.say("德清县", "Deqing"), [3, 1, 1, 18, 2]),
                row(self.say("安吉县", "Anji"), [2, 1, 1, 10, 1]),
            ],
            chosen: Some((
                self.texts.fill("campaign.list", &[("n", "1")]),
                vec![CalledRow {
                    firm: self.link("#", "云岫木业（演示）", "Yunxiu Wood (demonstration)"),
                    place: self.say("德清县", "Deqing"),
                    state: self.t("campaign.opened"),
                    contact: self.say("郑知远（虚构） 0572-0000101", "Zheng Zhiyuan (invented) 0572-0000101"),
                    reminded: self.say("11月18日", "18 November"),
                }],
            )),
            exports: self.exports(),
            desk: Some(CampaignDesk {
                invite: "#".to_owned(),
                links: "#".to_owned(),
                remind: "#".to_owned(),
                waiting: 9,
                places: vec![("330521".to_owned(), self.say("德清县", "Deqing"))],
                labels: vec![("key".to_owned(), self.say("重点企业", "Key firm"))],
                typed: String::new(),
            }),
            said: vec![self.texts.fill("campaign.said", &[("new", "12"), ("before", "3"), ("outside", "0")])],
        }
    }

    pub(super) fn record(&self) -> RecordView {
        let life = [
            ("已提交", "Submitted", "past"),
            ("已审核", "Checked", "past"),
            ("已发布", "Published", "now"),
            ("对接中", "In contact", "ahead"),
            ("已见成效", "With outcome", "ahead"),
        ];
        let offer = |zh: &str, en: &str, primary: bool, against: String| OfferView {
            label: self.say(zh, en),
            href: "#".to_owned(),
            primary,
            against,
            why: self.why(),
        };
        RecordView {
            page: Page {
                notice: Some(self.t("notice.saved")),
                ..self.desk(&self.demand().title, "/demands/330521-2026-000123-7")
            },
            kind: self.link("/demands", "技术需求", "Demands"),
            type_label: self.say("技术难题", "Technical problem"),
            number: "德需2026-000123-7".to_owned(),
            title: self.demand().title,
            stage: self.badge("open", "已发布", "Published"),
            life: life.into_iter().map(|(zh, en, state)| (self.say(zh, en), state)).collect(),
            due: Some((self.say("12月2日前答复", "answer by 2 December"), false)),
            chip: self.demo_chip(),
            facts: self.facts(),
            sources: self.sources(),
            panels: vec![self.panel()],
            plan: Some(link("/programmes/330000-2020-000001-3/plan", &self.t("plan.action"))),
            people: Vec::new(),
            order: Some(link("/services/330521-2026-000001-9/order", &self.t("order.action"))),
            unfit: vec![(self.say("距离太远", "Too far away"), 2)],
            sealed: Some(SealedView {
                facts: Vec::new(),
                open: Some("#".to_owned()),
                log: vec![(
                    self.say("2026年11月19日 10:24", "19 November 2026, 10:24"),
                    self.say("陆闻笛（虚构）", "Lu Wendi (invented)"),
                )],
                manage: Some(link("#", &self.t("openings.action"))),
            }),
            demand: Some(self.demand_side()),
            offers: vec![
                offer("建立对接单", "Open a case", true, String::new()),
                offer("退回补充", "Ask back", false, String::new()),
                offer("关闭", "Close", false, self.t("guard.secrecy-cleared")),
            ],
            edit: Some(link("#", &self.t("record.edit"))),
            merge: None,
            matches: Some(link("#", &self.t("record.match"))),
            checkup: Some(self.checkup()),
            evidence: Some(self.grade()),
            linked: vec![LinkedGroup {
                label: self.say("推荐专家", "Recommended experts"),
                rows: self.experts(),
            }],
            history: self.history(),
            why: self.why(),
            json: "/api/v1/demands/330521-2026-000123-7".to_owned(),
            json_ld: String::new(),
        }
    }

    /// Why an outcome has its grade of evidence.
    fn grade(&self) -> GradeView {
        let confirmed = self.say("受益单位已于 2026年11月21日 确认", "The unit confirmed it on 21 Nov 2026");
        GradeView {
            letter: "B".into(),
            words: self.say("乙级：受益单位确认", "B: confirmed by the beneficiary"),
            heading: self.t("evidence.why-b"),
            lines: vec![
                WhyLine { yes: false, text: self.t("evidence.rests-nowhere") },
                WhyLine { yes: true, text: confirmed },
            ],
            next: self.t("evidence.next-b"),
        }
    }

    pub(super) fn record_public(&self) -> RecordView {
        RecordView {
            page: self.page(&self.demand().title, "/demands/330521-2026-000123-7"),
            offers: Vec::new(),
            edit: None,
            merge: None,
            matches: None,
            plan: None,
            people: Vec::new(),
            order: None,
            unfit: Vec::new(),
            checkup: None,
            sealed: Some(SealedView { facts: Vec::new(), open: None, log: Vec::new(), manage: None }),
            due: Some((self.say("12月2日前答复", "answer by 2 December"), true)),
            history: Vec::new(),
            json_ld: r#"{"@context":"https://schema.org","@type":"Demand","name":"\u003c/script>"}"#
                .to_owned(),
            ..self.record()
        }
    }

    pub(super) fn hit(&self, row: Row, score: u8, fits: bool) -> HitView {
        HitView {
            id: format!("01-{score}"),
            row,
            score,
            reasons: vec![
                self.say(
                    "正文都提到 豆粕胶、冷压、交联",
                    "Both texts speak of soy-meal adhesive, cold press, cross-linking",
                ),
                self.say("同属 人造板制造", "Both belong to wood-based panels"),
                self.say("同在 湖州市", "Both in Huzhou"),
            ],
            signals: vec![
                (self.t("signal.words"), score, "0.62".to_owned()),
                (self.t("signal.industry"), 80, "0.20".to_owned()),
                (self.t("signal.place"), 40, "0.06".to_owned()),
            ],
            fits: fits.then(|| OfferView {
                label: self.t("match.invite"),
                href: "#".to_owned(),
                primary: true,
                against: String::new(),
                why: Vec::new(),
            }),
        }
    }

    pub(super) fn pairing(&self) -> MatchView {
        let scores = [97, 81, 46];
        let experts =
            self.experts().into_iter().zip(scores).map(|(row, score)| self.hit(row, score, score == 97));
        let society = Row {
            title: self
                .say("浙江省林产化学学会（演示）", "Zhejiang Society of Forest Chemistry (demonstration)"),
            type_label: self.say("省级学会", "Provincial society"),
            place: self.say("浙江省", "Zhejiang"),
            ..Row::default()
        };
        let achievements = self
            .achievements()
            .into_iter()
            .take(2)
            .zip([74, 22])
            .map(|(row, score)| self.hit(row, score, false));
        MatchView {
            page: self.desk(
                &self.texts.fill("match.title", &[("title", &self.demand().title)]),
                "/demands/330521-2026-000123-7/match",
            ),
            demand: Row {
                due: Some((self.say("12月2日前答复", "answer by 2 December"), false)),
                ..self.demand()
            },
            problem: self.say(PROBLEM_ZH, PROBLEM_EN),
            figures: vec![
                (self.say("现值", "Present"), "0.7 MPa".to_owned()),
                (self.say("目标", "Wanted"), "≥ 1.0 MPa".to_owned()),
                (self.say("预算", "Budget"), self.say("60 万元", "600,000 yuan")),
                (self.say("期限", "Needed by"), self.say("2027年6月", "June 2027")),
            ],
            groups: vec![
                MatchGroup { label: self.say("专家", "Experts"), hits: experts.collect() },
                MatchGroup {
                    label: self.say("学会", "Societies"), hits: vec![self.hit(society, 63, false)]
                },
                MatchGroup { label: self.say("平台站点", "Stations"), hits: Vec::new() },
                MatchGroup { label: self.say("成果", "Achievements"), hits: achievements.collect() },
            ],
            may_judge: true,
            action: "#".to_owned(),
            reasons: vec![
                ("field".to_owned(), self.say("领域不符", "Different field")),
                ("early".to_owned(), self.say("时机尚早", "Too early")),
                ("level".to_owned(), self.say("成熟度不够", "Not mature enough")),
                ("price".to_owned(), self.say("费用不合", "Cost does not suit")),
            ],
            judged: vec![(self.say("不合适：时机尚早", "Does not fit: too early"), self.experts().remove(2))],
            waiting: self.put_forward(),
            put_forward: None,
            exports: self.exports(),
        }
    }

    fn put_forward(&self) -> Vec<WaitingView> {
        vec![WaitingView {
            row: self.experts().remove(1),
            id: "0".to_owned(),
            said: Link {
                href: "#".to_owned(),
                label: self.say(
                    "钱巧云（虚构） 2026年11月20日提出",
                    "Put forward by Qian Qiaoyun (invented) on 20 November 2026",
                ),
                current: false,
            },
            reasons: vec![
                self.say("去年在同一条线上做过冷压调试", "Tuned the cold press of the same line last year"),
            ],
        }]
    }

    pub(super) fn pairing_empty(&self) -> MatchView {
        MatchView {
            groups: Vec::new(),
            judged: Vec::new(),
            waiting: Vec::new(),
            put_forward: Some("#".to_owned()),
            figures: Vec::new(),
            exports: Vec::new(),
            ..self.pairing()
        }
    }
}
