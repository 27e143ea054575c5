//! The figures of the demonstration: what sources tell equals the documents, what is recorded opens to exactly the
//! records counted, and the two are never added.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

#[cfg(test)]
mod figures {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use crate::harness::client::Client;
    use crate::harness::{Server, Site, Store, world};

    /// Told, made from sources, recorded: by the name of the indicator.
    type Row = (String, String, String);

    fn served() -> Server {
        let server = Site::new(Store::Sqlite).demonstrate();
        world::settle(&server.visitor());
        server
    }

    fn figures(client: &Client, place: &str) -> BTreeMap<String, Row> {
        let text = client.get(&format!("/figures.jsonl?place={place}")).is(200).text();
        let cell = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
        text.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|e| panic!("{line}: {e}")))
            .map(|line| {
                (
                    cell(&line, "indicator"),
                    (cell(&line, "told"), cell(&line, "sourced"), cell(&line, "recorded")),
                )
            })
            .collect()
    }

    fn count(client: &Client, address: &str) -> u64 {
        let page = client.get(&format!("/api/v1/{address}")).is(200).value();
        page.pointer("/count/n").and_then(Value::as_u64).unwrap_or_else(|| panic!("{address}: {page}"))
    }

    /// Region, indicator, what the source documents tell of it.
    const TOLD: [(&str, &str, &str); 59] = [
        ("330200", "学会服务站", "41"),
        ("330200", "国家级学会", "31"),
        ("330200", "省级学会", "10"),
        ("330200", "新设学会服务站", "4"),
        ("330200", "产业创新服务中心（站升中心）", "4"),
        ("330200", "综合服务体", "1"),
        ("330200", "创新基地", "5"),
        ("330200", "高校与乡镇结对", "5"),
        ("330200", "对接单项冠军企业", "37"),
        ("330200", "为单项冠军企业解决技术问题", "16"),
        ("330200", "单项冠军企业达成意向", "19"),
        ("330200", "引进对接的产业技术研究院", "71"),
        ("330200", "院企对接活动", "213"),
        ("330200", "促成转化成果", "990"),
        ("330200", "意向", "13"),
        ("330200", "意向金额", "640"),
        ("330200", "技术市场会员", "5000"),
        ("330200", "入库成果", "70000"),
        ("330200", "技术交易额", "319.5"),
        ("330200", "科技服务业营业收入", "445.4"),
        ("330200", "天使引导基金项目", "309"),
        ("330200", "获二轮及以上融资企业", "79"),
        ("330200", "结对学校", "180"),
        ("330200", "共建园区入驻企业", "134"),
        ("330200", "带动增收农户", "6391"),
        ("330300", "战略合作协议", "7"),
        ("330300", "高能级平台落地", "15"),
        ("330300", "人才项目落地", "127"),
        ("330300", "引进高层次人才", "410"),
        ("330300", "成果落地率", "90"),
        ("330300", "院士之家成员", "11"),
        ("330110", "对接学会", "45"),
        ("330110", "专家人次", "135"),
        ("330110", "服务企业", "168"),
        ("330110", "解决问题", "114"),
        ("330110", "院士专家指导站", "14"),
        ("330110", "院士专家行", "22"),
        ("330110", "接待院士", "132"),
        ("330110", "科技志愿服务队", "30"),
        ("330110", "志愿服务活动", "80"),
        ("330110", "蜜梨种植面积", "8500"),
        ("330110", "蜜梨年产量", "15000"),
        ("330110", "科技小院博士研究生", "4"),
        ("330110", "科技小院硕士研究生", "6"),
        ("330110", "科技小院博士后", "1"),
        ("330521", "入家院士专家", "132"),
        ("330521", "其中院士", "38"),
        ("330521", "共建研究机构", "24"),
        ("330521", "共建实训基地的企业", "24"),
        ("330521", "解决“卡脖子”问题", "102"),
        ("330521", "市级以上科技奖项", "6"),
        ("330521", "发明专利", "16"),
        ("330521", "科技立项", "12"),
        ("330521", "完成课题", "13"),
        ("330521", "制定行业标准", "4"),
        ("330110", "活动支持学会", "10"),
        ("330200", "座谈的国家级学会", "15"),
        ("330200", "带动增收人数", "40000"),
        ("210100", "检查的平台", "52"),
    ];

    /// The ratios that follow from two told figures of one region and time.
    const RATIOS: [(&str, &str, &str); 8] = [
        ("330200", "每家单项冠军企业的意向", "0.51"),
        ("330110", "每家企业解决问题", "0.68"),
        ("330110", "每家企业专家人次", "0.8"),
        ("330110", "推荐项目注册率", "5"),
        ("330200", "每场对接转化成果", "4.65"),
        ("330200", "每项意向金额", "49.23"),
        ("330200", "每元基金撬动社会资本", "6"),
        ("330521", "院士占比", "28.79"),
    ];

    /// Records of the demonstration's year that equal what is told of the unit.
    const RECORDED: [(&str, &str, &str); 14] = [
        ("330110", "对接学会", "45"),
        ("330110", "专家人次", "135"),
        ("330110", "服务企业", "168"),
        ("330110", "解决问题", "114"),
        ("330110", "每家企业解决问题", "0.68"),
        ("330110", "院士专家指导站", "14"),
        ("330110", "院士专家行", "22"),
        ("330110", "接待院士", "132"),
        ("330521", "解决“卡脖子”问题", "102"),
        ("330521", "市级以上科技奖项", "6"),
        ("330521", "发明专利", "16"),
        ("330521", "科技立项", "12"),
        ("330521", "完成课题", "13"),
        ("330521", "制定行业标准", "4"),
    ];

    /// Lists of the source layer and how many records stand there.
    const SOURCED: [(&str, u64); 12] = [
        ("stations?type=center.society_station&place=330200&stage=sourced", 41),
        ("stations?type=center.society_station&place=330200&stage=sourced&level=national", 31),
        ("stations?type=center.society_station&place=330200&stage=sourced&level=provincial", 10),
        (
            "stations?where=all%28type%3Dcenter.society_station,place%3D330200,stage%3Dsourced,since%3E2020,since%3C2020-12-31%29",
            4,
        ),
        ("stations?type=innovation_base&place=330200&stage=sourced", 5),
        ("stations?type=center.complex&place=330200&stage=sourced", 1),
        ("stations?type=guidance_station&place=330110&stage=sourced", 14),
        ("ties?type=pairing&link=township&place=330200&stage=sourced", 5),
        ("targets?where=all%28stage%3Dsourced,not%28place%3D330200%29%29", 5),
        ("agreements?type=intent&place=330200&stage=listed", 32),
        ("agreements?type=strategic&stage=sourced&place=330300", 7),
        ("stations?type=backyard&place=330110&stage=sourced", 1),
    ];

    #[test]
    fn the_demonstration_tells_what_the_documents_tell_and_records_beside_it() {
        let server = served();
        let visitor = server.visitor();
        let mut known: BTreeMap<&str, BTreeMap<String, Row>> = BTreeMap::new();
        let mut wrong = Vec::new();
        let mut row = |place: &'static str, name: &str| {
            known
                .entry(place)
                .or_insert_with(|| figures(&visitor, place))
                .get(name)
                .cloned()
                .unwrap_or_default()
        };
        for (place, name, told) in TOLD.iter().chain(&RATIOS) {
            let (text, ..) = row(place, name);
            let numbers: Vec<&str> = text
                .split('；')
                .map(|one| {
                    one.split('（').next().unwrap_or_default().trim_start_matches(['约', '≥', '≤', ' '])
                })
                .collect();
            if !numbers.contains(told) {
                wrong.push(format!("{place} {name}: {text} does not tell {told}"));
            }
        }
        for (place, name, recorded) in RECORDED {
            let (_, _, text) = row(place, name);
            if text != recorded {
                wrong.push(format!("{place} {name}: {text} recorded, not {recorded}"));
            }
        }
        for (list, expected) in SOURCED {
            let found = count(&visitor, &format!("{list}&first=1"));
            if found != expected {
                wrong.push(format!("{list}: {found}, not {expected}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_target_says_how_many_times_its_base_it_asks_for() {
        let page = served().visitor().get("/figures?place=330200").is(200).text();
        // 44.54 to 100 and 31.95 to 65 thousand million yuan, from 2021 to 2024.
        for told in ["是基期 445.4亿元 的 2.25 倍", "是基期 319.5亿元 的 2.03 倍"] {
            assert!(page.contains(told), "{told}");
        }
    }

    /// Figures that count records, with the address of those records; sums of money open to others in number.
    fn opening(page: &str) -> Vec<(String, String)> {
        let rows = page.split("<tr>").filter(|row| !row.contains(">万元<"));
        rows.flat_map(|row| row.split("<td class=\"num\"><a href=\"").skip(1))
            .filter_map(|cell| {
                let (address, rest) = cell.split_once('"')?;
                let figure = rest.trim_start_matches('>').split('<').next()?;
                Some((figure.to_owned(), address.replace("&#38;", "&").replace("&amp;", "&")))
            })
            .collect()
    }

    #[test]
    fn a_counted_figure_opens_to_as_many_records() {
        let server = served();
        let visitor = server.visitor();
        let kinds = ["demands", "outcomes", "stations", "agreements", "events"];
        let mut tried = 0;
        for place in ["330110", "330521", "330200"] {
            for year in ["", "&year=2026", "&year=2020"] {
                let page = visitor.get(&format!("/figures?place={place}{year}")).is(200).text();
                for (figure, address) in opening(&page) {
                    let of_kind = kinds.iter().any(|kind| address.starts_with(&format!("/{kind}?")));
                    if of_kind && figure.parse::<u64>().is_ok() {
                        let found = count(&visitor, &format!("{}&first=1", &address[1..]));
                        // Lists count to a thousand; a figure is whole.
                        let listed = figure.parse::<u64>().map_or(0, |whole| whole.min(1_000));
                        assert_eq!(found, listed, "{address}");
                        tried += 1;
                    }
                }
            }
        }
        assert!(tried > 40, "{tried} figures opened");
    }
}
