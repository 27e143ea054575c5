//! Places are tested by the cases of the standards page and by walking the whole table.

use super::*;
use proptest::prelude::*;

fn place(text: &str) -> Place {
    Place::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

fn codes(places: Vec<Place>) -> Vec<String> {
    places.iter().map(Place::to_string).collect()
}

#[test]
fn names_and_codes_are_read() {
    for (text, code) in [
        ("330521", "330521"),
        ("德清县", "330521"),
        ("德清", "330521"),
        ("浙江省湖州市德清县", "330521"),
        ("湖州德清", "330521"),
        ("浙江德清", "330521"),
        ("宁波", "330200"),
        ("宁波市", "330200"),
        ("３３０２８１", "330281"),
        ("余姚", "330281"),
        ("鄞州区", "330212"),
        ("北仑", "330206"),
        ("余杭", "330110"),
        ("临平区", "330113"),
        ("浙江", "330000"),
        ("全国", "000000"),
        ("中国", "000000"),
        ("台湾", "710000"),
        ("香港", "810000"),
        ("澳门特别行政区", "820000"),
        ("内蒙古", "150000"),
        ("广西", "450000"),
        ("新疆", "650000"),
        ("海南", "460000"),
        ("吉林", "220000"),
        ("吉林市", "220200"),
        ("长沙", "430100"),
        ("朝阳市", "211300"),
        ("北京朝阳", "110105"),
        ("恩施州", "422800"),
        ("恩施市", "422801"),
        ("景宁", "331127"),
        ("浦东", "310115"),
        ("仙桃", "429004"),
        ("东莞", "441900"),
        ("下城区", "330103"),
        ("330521100", "330521100"),
        ("330521100000", "330521100"),
        ("330521100201", "330521100201"),
        ("441900003000", "441900003"),
        ("330110~future-sci-tech-city", "330110~future-sci-tech-city"),
    ] {
        match Place::parse(text) {
            Ok(found) => assert_eq!(found.code(), code, "{text}"),
            Err(fault) => panic!("{text}: {fault}"),
        }
    }
}

#[test]
fn what_is_no_place_is_refused() {
    for (text, code) in [
        ("", "place-unknown"),
        ("999999", "place-unknown"),
        ("33", "place-unknown"),
        ("亚特兰蒂斯", "place-unknown"),
        ("市辖区", "place-unknown"),
        ("330000001", "place-unknown"),
        ("330200001", "place-unknown"),
        ("330521000", "place-unknown"),
        ("朝阳", "place-ambiguous"),
        ("鼓楼区", "place-ambiguous"),
        ("330000~x1", "place-area"),
        ("330110~a", "place-area"),
        ("330110~未来", "place-area"),
        ("~", "place-area"),
    ] {
        assert_eq!(Place::parse(text).unwrap_err().code(), code, "{text}");
    }
    let Err(CodeError::PlaceAmbiguous { candidates, .. }) = Place::parse("鼓楼区") else {
        panic!("one only")
    };
    assert!(candidates.contains("江苏省南京市鼓楼区（320106）"), "{candidates}");
}

#[test]
fn ancestors_skip_fillers() {
    assert_eq!(codes(place("330521").ancestors()), ["330521", "330500", "330000", "000000"]);
    assert_eq!(codes(place("429004").ancestors()), ["429004", "420000", "000000"]);
    assert_eq!(codes(place("110101").ancestors()), ["110101", "110000", "000000"]);
    assert_eq!(
        codes(place("330521100201").ancestors()),
        ["330521100201", "330521100", "330521", "330500", "330000", "000000"]
    );
    assert_eq!(codes(place("330110~dream-town").ancestors()).len(), 5);
    assert!(place("德清").within(&place("浙江")) && !place("浙江").within(&place("德清")));
    assert!(place("德清").within(&Place::nation()));
}

#[test]
fn names_in_both_languages() {
    for (text, name, short, full, english) in [
        ("330521", "德清县", "德清", "浙江省湖州市德清县", "Deqing"),
        ("330000", "浙江省", "浙江", "浙江省", "Zhejiang"),
        ("000000", "全国", "全国", "全国", "China"),
        ("429004", "仙桃市", "仙桃", "湖北省仙桃市", "仙桃市"),
        ("110101", "东城区", "东城", "北京市东城区", "东城区"),
    ] {
        let place = place(text);
        assert_eq!(
            (&*place.name(), &*place.short(), place.full_name().as_str(), &*place.name_en()),
            (name, short, full, english)
        );
    }
}

#[test]
fn levels_and_children() {
    for (text, level) in [
        ("000000", Level::Nation),
        ("330000", Level::Province),
        ("330200", Level::Prefecture),
        ("330281", Level::County),
        ("429004", Level::County),
        ("330281100", Level::Township),
        ("330110~dream-town", Level::Area),
    ] {
        assert_eq!(place(text).level(), level, "{text}");
    }
    assert_eq!(Place::all_provinces().len(), 34);
    assert_eq!(place("浙江").children().len(), 11);
    assert_eq!(codes(place("湖州").children()), ["330502", "330503", "330521", "330522", "330523"]);
    assert_eq!(place("北京").children().len(), 16);
    assert!(place("湖北").children().contains(&place("仙桃")));
    assert!(place("东莞").children().is_empty());
    assert!(place("110100").is_filler());
}

#[test]
fn the_changes_of_hangzhou_have_dates() {
    let april: Day = "2021-04".parse().unwrap();
    assert_eq!(place("临平").valid_from(), Some(april));
    assert_eq!(codes(place("临平").predecessors()), ["330110"]);
    assert_eq!(codes(place("余杭").successors()), ["330110", "330113"]);
    assert_eq!(place("余杭").extent_since(), Some(april));
    assert_eq!((place("余杭").valid_from(), place("余杭").valid_to()), (None, None));
    assert_eq!(
        (place("江干区").valid_to(), codes(place("江干区").successors())),
        (Some(april), vec!["330102".into(), "330114".into()])
    );
    assert!(!place("杭州").children().contains(&place("330104")));
    assert_eq!(place("330104").parent(), Some(place("杭州")));
}

#[test]
fn every_place_reads_back_by_code_and_full_name() {
    let mut below = vec![Place::nation()];
    let mut seen = 0;
    while let Some(next) = below.pop() {
        seen += 1;
        assert_eq!(next.to_string().parse().as_ref(), Ok(&next));
        assert_eq!(Place::parse(&next.full_name()).as_ref(), Ok(&next), "{}", next.full_name());
        let children = next.children();
        assert!(
            children
                .iter()
                .all(|child| child.parent().as_ref() == Some(&next) && child.level() > next.level())
        );
        below.extend(children);
    }
    // 3,354 rows less nine prefecture fillers, one county filler and two former districts.
    assert_eq!(seen, 3_342);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = Place::parse(&text);
    }

    #[test]
    fn what_is_read_prints_and_reads_back(text in "33(0[1-9])(0[0-9]|21|81)([0-9]{3}([0-9]{3})?|~[a-z0-9-]{1,6})?") {
        if let Ok(read) = Place::parse(&text) {
            prop_assert_eq!(read.to_string().parse(), Ok(read.clone()));
            prop_assert!(read.within(&Place::nation()));
        }
    }
}
