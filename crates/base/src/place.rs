//! Places: divisions of GB/T 2260 with their dates, townships below them, and local areas such as a
//! science town that is no division.
//!
//! Never knows the names of townships and local areas (those are data of an installation), never
//! answers for a division outside the table. Start at [`Place::parse`]; the table is read in `table`.

mod table;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::ascii::is_digits;
use crate::day::Day;
use crate::fault::{CodeError, quote};
use crate::text::code_form;
use crate::wire::text_on_the_wire;
use table::{Kind, table};

/// The code of the whole country.
const NATION: &str = "000000";

/// A place by its code: `330521` (德清县), `000000` (全国), `330521100` (a township), `330110~future-sci-tech-city`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(Arc<str>);

/// How large a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 全国.
    Nation,
    /// 省、自治区、直辖市、特别行政区.
    Province,
    /// 地级市、地区、自治州、盟.
    Prefecture,
    /// 县、区、县级市、旗, and the zones the statistics bureau counts as such.
    County,
    /// 乡、镇、街道 (and villages in their twelve-digit form).
    Township,
    /// A local area that is no division.
    Area,
}

impl Place {
    /// 全国.
    pub fn nation() -> Place {
        Place(NATION.into())
    }

    /// Reads a code, or a Chinese name, with or without its ending and the names of places above it.
    ///
    /// A province's short name means the province (海南); a name shared by a place and one inside it means the
    /// larger (长沙). Errors: `place-unknown`, `place-ambiguous`, `place-area`.
    pub fn parse(text: &str) -> Result<Place, CodeError> {
        let code = code_form(text);
        if code.contains('~') {
            return area(&code.to_lowercase()).ok_or_else(|| CodeError::PlaceArea { text: quote(text) });
        }
        if code.starts_with(|c: char| c.is_ascii_digit()) {
            return division(&code).ok_or_else(|| CodeError::PlaceUnknown { text: quote(text) });
        }
        if code == "中国" {
            return Ok(Place::nation());
        }
        let found = table().named(&code);
        match found.as_slice() {
            [] => Err(CodeError::PlaceUnknown { text: quote(text) }),
            [code] => Ok(Place((*code).into())),
            several => Err(CodeError::PlaceAmbiguous { text: quote(text), candidates: candidates(several) }),
        }
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Its own name (`德清县`); townships and local areas, whose names are not here, give their code or slug.
    pub fn name(&self) -> Cow<'_, str> {
        let own = || self.0.split_once('~').map_or(self.code(), |(_, slug)| slug);
        Cow::Borrowed(table().row(&self.0).map_or_else(own, |row| row.name))
    }

    /// The name without its ending, for tight lists: `德清`, `宁波`, `浙江`.
    pub fn short(&self) -> Cow<'_, str> {
        table().row(&self.0).map_or_else(|| self.name(), |row| Cow::Borrowed(row.stem))
    }

    /// The names from the province down: `浙江省湖州市德清县`.
    pub fn full_name(&self) -> String {
        let mut line = self.ancestors();
        line.reverse();
        let above_nation = usize::from(line.len() > 1);
        line.iter().skip(above_nation).map(Place::name).collect()
    }

    /// The English name where the table has one, else [`Place::name`].
    pub fn name_en(&self) -> Cow<'_, str> {
        table().row(&self.0).and_then(|row| row.name_en).map_or_else(|| self.name(), Cow::Borrowed)
    }

    /// How large it is.
    pub fn level(&self) -> Level {
        match self.code() {
            NATION => Level::Nation,
            code if code.contains('~') => Level::Area,
            code if code.len() > 6 => Level::Township,
            code if code.ends_with("0000") => Level::Province,
            code if code.ends_with("00") => Level::Prefecture,
            _ => Level::County,
        }
    }

    /// The place above, fillers such as 市辖区 left out; none for the nation.
    pub fn parent(&self) -> Option<Place> {
        if let Some((division, _)) = self.0.split_once('~') {
            return Some(Place(division.into()));
        }
        let above = match self.0.len() {
            12 => self.0.get(..9)?,
            9 => self.0.get(..6)?,
            _ => table().parent(&self.0)?,
        };
        Some(Place(above.into()))
    }

    /// Self first, then each place above, up to the nation.
    pub fn ancestors(&self) -> Vec<Place> {
        std::iter::successors(Some(self.clone()), Place::parent)
            .take(crate::limits::PARENT_DEPTH_MAX)
            .collect()
    }

    /// Whether this is `other` or lies inside it.
    pub fn within(&self, other: &Place) -> bool {
        self.ancestors().contains(other)
    }

    /// Divisions in force directly below, in order of code, fillers left out (their children stand here).
    pub fn children(&self) -> Vec<Place> {
        table().children(&self.0).map(|code| Place(code.into())).collect()
    }

    /// The 34 provinces, 台湾, 香港 and 澳门 included, in order of code.
    pub fn all_provinces() -> Vec<Place> {
        Place::nation().children()
    }

    /// When the code came into force, where the table knows it.
    pub fn valid_from(&self) -> Option<Day> {
        table().row(&self.0)?.valid_from
    }

    /// When the code ceased to be in force; none while it is.
    pub fn valid_to(&self) -> Option<Day> {
        table().row(&self.0)?.valid_to
    }

    /// Since when the code covers its present ground: 330110 余杭区 since 2021-04, when 临平 was split off.
    /// Figures of earlier dates belong to the former ground.
    pub fn extent_since(&self) -> Option<Day> {
        table()
            .changes()
            .filter(|change| change.from == self.code() || change.to == self.code())
            .map(|change| change.day)
            .max()
    }

    /// Codes whose former ground this place now covers in whole or part, itself included where it went on.
    pub fn predecessors(&self) -> Vec<Place> {
        table()
            .changes()
            .filter(|change| change.to == self.code())
            .map(|change| Place(change.from.into()))
            .collect()
    }

    /// Codes that now cover the former ground of this place, itself included where it went on.
    pub fn successors(&self) -> Vec<Place> {
        table()
            .changes()
            .filter(|change| change.from == self.code())
            .map(|change| Place(change.to.into()))
            .collect()
    }

    /// Whether this is a row of the statistics bureau that is no place (市辖区, 省直辖县级行政区划).
    pub fn is_filler(&self) -> bool {
        table().row(&self.0).is_some_and(|row| row.kind == Kind::Filler)
    }
}

/// A division of the table, or a township (9 digits, or 12 ending in 000) or village (12) below one that can have some.
fn division(code: &str) -> Option<Place> {
    if table().row(code).is_some() {
        return Some(Place(code.into()));
    }
    let code = code.strip_suffix("000").filter(|_| code.len() == 12).unwrap_or(code);
    let above = code.get(..6)?;
    let has_township = code.get(6..9).is_some_and(|township| township != "000");
    let shape = (is_digits(code, 9) || is_digits(code, 12)) && has_township;
    (shape && table().holds_townships(above)).then(|| Place(code.into()))
}

fn area(code: &str) -> Option<Place> {
    let (above, slug) = code.split_once('~')?;
    let level = Place(table().row(above)?.code.into()).level();
    let slug_fits = (2..=40).contains(&slug.len())
        && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (slug_fits && matches!(level, Level::Prefecture | Level::County)).then(|| Place(code.into()))
}

fn candidates(codes: &[&'static str]) -> String {
    let named: Vec<_> =
        codes.iter().take(8).map(|code| format!("{}（{code}）", Place((*code).into()).full_name())).collect();
    named.join("；")
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({} {})", self.0, self.name())
    }
}

impl FromStr for Place {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Place, CodeError> {
        Place::parse(text)
    }
}

text_on_the_wire!(Place);

#[cfg(test)]
mod tests;
