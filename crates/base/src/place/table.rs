//! The table of divisions: read once from the embedded files, found by code and by name.
//!
//! Never hands out a row that is not in the files.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::day::Day;

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A division in force, or a zone counted as one.
    Division,
    /// A statistical filler (市辖区).
    Filler,
    /// A division no longer in force.
    Former,
}

/// One division.
pub(super) struct Row {
    pub code: &'static str,
    pub name: &'static str,
    pub stem: &'static str,
    pub name_en: Option<&'static str>,
    pub kind: Kind,
    pub valid_from: Option<Day>,
    pub valid_to: Option<Day>,
}

/// Ground that went from one code to another on a day.
pub(super) struct Change {
    pub day: Day,
    pub from: &'static str,
    pub to: &'static str,
}

/// All divisions, sorted by code.
pub(super) struct Table {
    rows: Vec<Row>,
    by_name: HashMap<String, Vec<&'static str>>,
    changes: Vec<Change>,
}

/// The table, read at first use.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(Table::read)
}

impl Table {
    fn read() -> Table {
        let english: HashMap<_, _> =
            lines(include_str!("../../data/places_en.csv")).filter_map(|line| line.split_once(',')).collect();
        let rows: Vec<Row> =
            lines(include_str!("../../data/gbt2260.csv")).filter_map(|line| row(line, &english)).collect();
        let changes = lines(include_str!("../../data/place_changes.csv")).filter_map(change).collect();
        let mut by_name: HashMap<String, Vec<_>> = HashMap::new();
        for row in rows.iter().filter(|row| row.kind != Kind::Filler) {
            for name in spoken_names(row) {
                by_name.entry(name).or_default().push(row.code);
            }
        }
        Table { rows, by_name, changes }
    }

    pub fn row(&self, code: &str) -> Option<&Row> {
        let at = self.rows.binary_search_by(|row| row.code.cmp(code)).ok()?;
        self.rows.get(at)
    }

    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter()
    }

    /// The code above a six-digit one: prefecture unless it is a filler or missing, then province, then nation.
    pub fn parent(&self, code: &str) -> Option<&'static str> {
        let (province, prefecture) = (code.get(..2)?, code.get(..4)?);
        let above = [format!("{prefecture}00"), format!("{province}0000")];
        let found =
            above.iter().filter(|above| *above != code && code != "000000" && !code.ends_with("0000"));
        let found = found.filter_map(|above| self.row(above)).find(|row| row.kind != Kind::Filler);
        found.map(|row| row.code).or((code != "000000").then_some("000000"))
    }

    /// Divisions in force whose parent is `code`.
    pub fn children<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        let digits = match code {
            "000000" => "",
            _ if code.ends_with("0000") => code.get(..2).unwrap_or(code),
            _ => code.get(..4).unwrap_or(code),
        };
        let below =
            self.rows.iter().filter(move |row| row.kind == Kind::Division && row.code.starts_with(digits));
        below.filter(move |row| self.parent(row.code) == Some(code)).map(|row| row.code)
    }

    /// Counties hold townships, and so do the prefecture cities without counties (东莞).
    pub fn holds_townships(&self, code: &str) -> bool {
        let Some(row) = self.row(code) else { return false };
        let is_county = !code.ends_with("00");
        is_county
            || (row.kind == Kind::Division && !code.ends_with("0000") && self.children(code).next().is_none())
    }

    /// The codes a name can mean; see [`super::Place::parse`] for the rules.
    pub fn named(&self, text: &str) -> Vec<&'static str> {
        for (at, _) in text.char_indices().take(crate::limits::CODE_CHARS_MAX) {
            let Some((above, own)) = text.split_at_checked(at) else { continue };
            let all = self.by_name.get(own).into_iter().flatten();
            let fitting: Vec<_> = all.copied().filter(|code| self.lies_below(code, above)).collect();
            if !fitting.is_empty() {
                return self.preferred(own, fitting);
            }
        }
        Vec::new()
    }

    /// Whether `names` is a chain of names of places above `code`, largest first, some left out.
    fn lies_below(&self, code: &'static str, names: &str) -> bool {
        let line: Vec<_> = std::iter::successors(self.parent(code), |code| self.parent(code)).collect();
        let mut rest = names;
        for row in line.into_iter().rev().filter_map(|code| self.row(code)) {
            rest = rest.strip_prefix(row.name).or_else(|| rest.strip_prefix(row.stem)).unwrap_or(rest);
        }
        rest.is_empty() || rest == "中国"
    }

    /// Full names before short ones, places in force before former ones, a province before all, the larger before its parts.
    fn preferred(&self, own: &str, codes: Vec<&'static str>) -> Vec<&'static str> {
        let narrowed = |codes: Vec<&'static str>, keep: &dyn Fn(&Row) -> bool| {
            let kept: Vec<_> =
                codes.iter().copied().filter(|code| self.row(code).is_some_and(keep)).collect();
            if kept.is_empty() { codes } else { kept }
        };
        let codes = narrowed(codes, &|row| row.name == own);
        let codes = narrowed(codes, &|row| row.kind == Kind::Division);
        let codes = narrowed(codes, &|row| row.code.ends_with("0000"));
        let holds_all = |top: &&str| codes.iter().all(|code| code == top || self.is_above(top, code));
        match codes.iter().copied().find(|top| holds_all(top)) {
            Some(top) => vec![top],
            None => codes,
        }
    }

    fn is_above(&self, top: &str, code: &'static str) -> bool {
        std::iter::successors(self.parent(code), |code| self.parent(code)).any(|above| above == top)
    }
}

/// The name in full, without its ending, and for autonomous prefectures with 州 alone (恩施州).
fn spoken_names(row: &Row) -> Vec<String> {
    let mut names = vec![row.name.to_owned(), row.stem.to_owned()];
    if row.name.ends_with("自治州") {
        names.push(format!("{}州", row.stem));
    }
    names.dedup();
    names
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().skip(1)
}

fn row(line: &'static str, english: &HashMap<&'static str, &'static str>) -> Option<Row> {
    let cells: Vec<&'static str> = line.split(',').collect();
    let [code, name, kind, from, to] = cells.as_slice() else { return None };
    let kind = match *kind {
        "filler" => Kind::Filler,
        "former" => Kind::Former,
        _ => Kind::Division,
    };
    let (valid_from, valid_to) = (from.parse().ok(), to.parse().ok());
    Some(Row {
        code,
        name,
        stem: stem(name),
        name_en: english.get(code).copied(),
        kind,
        valid_from,
        valid_to,
    })
}

fn change(line: &'static str) -> Option<Change> {
    let cells: Vec<&'static str> = line.split(',').collect();
    let [day, from, to] = cells.as_slice() else { return None };
    Some(Change { day: day.parse().ok()?, from, to })
}

/// Endings of divisions, longer ones first.
const ENDINGS: [&str; 15] = [
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "特区",
    "新区",
    "省",
    "市",
    "盟",
];
/// Peoples in the names of autonomous places, which short names leave out (恩施土家族苗族自治州 → 恩施).
const PEOPLES: [&str; 46] = [
    "蒙古族",
    "蒙古",
    "回族",
    "藏族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "哈萨克",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯",
    "塔吉克",
    "普米族",
    "怒族",
    "独龙族",
    "裕固族",
    "保安族",
    "鄂温克族",
    "各族",
];

/// The name without its ending; at least two characters stay.
fn stem(name: &'static str) -> &'static str {
    let endings = ENDINGS.into_iter().chain(["县", "区", "旗"]);
    let Some(mut rest) =
        endings.filter_map(|ending| name.strip_suffix(ending)).find(|rest| long_enough(rest))
    else {
        return name;
    };
    if name.contains("自治") {
        while let Some(shorter) =
            PEOPLES.iter().filter_map(|people| rest.strip_suffix(people)).find(|rest| long_enough(rest))
        {
            rest = shorter;
        }
    }
    rest
}

fn long_enough(stem: &str) -> bool {
    stem.chars().count() >= 2
}
