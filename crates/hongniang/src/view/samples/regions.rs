//! Samples of regions: the tile map, a unit, its five links.

use super::*;
use crate::regions::graph;

impl Sample {
    pub(super) fn pilots(&self) -> Vec<CardView> {
        let card = |zh: &str, en: &str| CardView {
            name: self.say(zh, en),
            href: "/regions/330110".to_owned(),
            programme: self.link("/programmes/p1", "科技经济融合试点（演示）", "Pilot (demonstration)"),
            figures: vec![
                self.figure("解决问题", "Problems solved", "114", "12"),
                self.figure("平台载体", "Stations", "14", "9"),
            ],
        };
        vec![card("宁波市", "Ningbo"), card("温州市", "Wenzhou"), card("余杭区", "Yuhang")]
    }

    pub(super) fn regions(&self) -> RegionsView {
        let tile = |zh: &str, en: &str, letters: &'static str, (column, row, shade)| TileView {
            name: self.say(zh, en),
            short: self.say(zh, en),
            letters,
            href: "/regions/330000".to_owned(),
            column,
            row,
            shade,
            figure: self.figure(zh, en, "41", "120"),
        };
        RegionsView {
            page: self.page(&self.t("regions.title"), "/regions"),
            choices: vec![
                here("/regions?of=stations", &self.say("平台载体", "Stations")),
                self.link("/regions?of=demands", "需求", "Demands"),
            ],
            whole: self.figure("平台载体", "Stations", "41", "120"),
            tiles: vec![
                tile("浙江", "Zhejiang", "ZJ", (6, 6, 4)),
                tile("台湾", "Taiwan", "TW", (6, 7, 0)),
                tile("内蒙古", "Inner Mongolia", "NM", (4, 2, 1)),
            ],
            exports: vec![link("/regions.xlsx?of=stations", &self.t("list.xlsx"))],
        }
    }

    fn linked(&self, zh: &str, en: &str) -> LinkedView {
        let figure = |zh: &str, en: &str| FigureView { told: Vec::new(), ..self.figure(zh, en, "", "12") };
        LinkedView {
            label: self.say(zh, en),
            links: figure("连接", "Ties"),
            linked: figure("已连", "Linked"),
            coverage: FigureView { sourced: None, ..figure("覆盖率", "Coverage") },
        }
    }

    fn five_linked(&self) -> Vec<LinkedView> {
        vec![
            self.linked("连学会", "Societies"),
            self.linked("连城市", "Cities"),
            self.linked("连部门", "Departments"),
            self.linked("连乡镇", "Townships"),
            LinkedView { coverage: FigureView::default(), ..self.linked("连企业", "Enterprises") },
        ]
    }

    pub(super) fn unit(&self) -> UnitView {
        let shelf = |key: &str, rows| ShelfView {
            heading: self.t(key),
            rows,
            all: Some(link("/demands?place=330110", &self.t("regions.see-all"))),
        };
        let fill = [
            ("day", self.say("2021年4月", "April 2021")),
            ("to", self.say("余杭区、临平区", "Yuhang, Linping")),
        ];
        UnitView {
            page: self.page(&self.say("余杭区", "Yuhang"), "/regions/330110"),
            above: vec![
                link("/regions", &self.t("regions.title")),
                self.link("/regions/330000", "浙江省", "Zhejiang"),
                self.link("/regions/330100", "杭州市", "Hangzhou"),
            ],
            pilot: vec![self.link("/programmes/p1", "科技经济融合试点（演示）", "Pilot (demonstration)")],
            dated: vec![
                self.texts.fill("regions.split", &fill.each_ref().map(|(name, text)| (*name, text.as_str()))),
            ],
            five: self.five_linked(),
            graph: "/regions/330110/links".to_owned(),
            years: vec![
                here("/regions/330110", &self.t("figures.all-years")),
                link("/regions/330110?year=2020#work", &self.texts.fill("figures.year", &[("year", "2020")])),
            ],
            work: vec![
                self.figure("服务企业", "Firms served", "168", "12"),
                self.figure("解决问题", "Problems solved", "114", "9"),
            ],
            told: vec![self.figure("科技志愿者", "Volunteers", "1200", "0")],
            all_figures: "/figures?place=330110".to_owned(),
            stations: vec![StationsView {
                label: self.say("院士专家指导站", "Guidance station"),
                sourced: Some(link("/stations?type=guidance_station&stage=sourced", "14")),
                recorded: None,
            }],
            shelves: vec![
                shelf("regions.demands", self.demands()),
                shelf("regions.policies", self.achievements()),
            ],
            below: vec![BelowView {
                link: self.link("/regions/330110001", "临平街道", "Linping Subdistrict"),
                recorded: Some("3".to_owned()),
                sourced: Some("1".to_owned()),
            }],
        }
    }

    pub(super) fn unit_bare(&self) -> UnitView {
        UnitView {
            pilot: Vec::new(),
            dated: Vec::new(),
            work: Vec::new(),
            told: Vec::new(),
            stations: Vec::new(),
            shelves: Vec::new(),
            below: Vec::new(),
            ..self.unit()
        }
    }

    /// The graph with so many parties a sector.
    pub(super) fn links(&self, parties: usize) -> LinksView {
        let party = |at: usize| PartyView {
            title: format!("{} {at}", self.say("木业学会（演示）", "Wood Society (demonstration)")),
            href: "/organizations/o1".to_owned(),
            place: self.say("浙江省", "Zhejiang"),
            tie: self.link("/ties/t1", "合作", "Cooperation"),
            since: self.say("2020年", "2020"),
            sourced: at.is_multiple_of(2),
        };
        let ids = ["society", "city", "department", "township", "enterprise"];
        let sector = |(id, head): (&str, LinkedView)| SectorView {
            id: id.to_owned(),
            stations: (id == "society").then(|| head.links.clone()),
            head,
            parties: (0..parties).map(party).collect(),
            more: (id == "city" && parties > 0).then(|| "31".to_owned()),
            all: format!("/ties?link={id}&place=330200"),
        };
        let sectors: Vec<SectorView> = ids.into_iter().zip(self.five_linked()).map(sector).collect();
        let place = self.say("宁波市", "Ningbo");
        LinksView {
            page: self
                .page(&self.texts.fill("regions.links-title", &[("place", &place)]), "/regions/330200/links"),
            graph: graph::drawn(&self.texts, (&place, "/regions/330200"), &sectors),
            back: link("/regions/330200", &place),
            sectors,
            exports: vec![link("/ties.xlsx?place=330200", &self.t("list.xlsx"))],
        }
    }
}
