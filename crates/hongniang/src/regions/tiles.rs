//! The tile map (示意图): one square for each of the 34 provincial units, with a figure, and the same as a table.
//!
//! A drawing of neighbourhood, not of borders. Start at [`show`].

use askama::Template as _;
use assessment::{Lane, Period};
use axum::extract::{Path, RawQuery};
use axum::response::{Html, Response};
use base::place::Place;
use rust_decimal::Decimal;

use super::address;
use crate::figures::targets::share;
use crate::figures::{Figures, Span};
use crate::locale::Lang;
use crate::records::export::{Sheet, send};
use crate::records::faces::place_name;
use crate::records::posted::read_pairs;
use crate::trouble::Trouble;
use crate::view::{Link, RegionsView, TileView};
use crate::visit::Visit;

/// The indicators offered, the first unless another is asked for.
const OFFERED: [&str; 4] = ["stations", "demands", "outcomes", "societies"];
/// Steps of shade above none.
const SHADES: u8 = 4;

/// Where each unit stands: code, letters (GB/T 2260), column and row from 1.
const GRID: [(&str, &str, u8, u8); 34] = [
    ("110000", "BJ", 5, 2),
    ("120000", "TJ", 6, 3),
    ("130000", "HE", 5, 3),
    ("140000", "SX", 4, 3),
    ("150000", "NM", 4, 2),
    ("210000", "LN", 7, 3),
    ("220000", "JL", 7, 2),
    ("230000", "HL", 7, 1),
    ("310000", "SH", 7, 5),
    ("320000", "JS", 6, 5),
    ("330000", "ZJ", 6, 6),
    ("340000", "AH", 5, 5),
    ("350000", "FJ", 5, 7),
    ("360000", "JX", 5, 6),
    ("370000", "SD", 5, 4),
    ("410000", "HA", 4, 4),
    ("420000", "HB", 4, 5),
    ("430000", "HN", 4, 6),
    ("440000", "GD", 4, 7),
    ("450000", "GX", 3, 7),
    ("460000", "HI", 3, 8),
    ("500000", "CQ", 3, 5),
    ("510000", "SC", 2, 5),
    ("520000", "GZ", 3, 6),
    ("530000", "YN", 2, 6),
    ("540000", "XZ", 1, 5),
    ("610000", "SN", 3, 4),
    ("620000", "GS", 2, 3),
    ("630000", "QH", 2, 4),
    ("640000", "NX", 3, 3),
    ("650000", "XJ", 1, 3),
    ("710000", "TW", 6, 7),
    ("810000", "HK", 5, 8),
    ("820000", "MO", 4, 8),
];

/// `GET /regions`.
pub async fn show(visit: Visit, RawQuery(query): RawQuery) -> Result<Html<String>, Trouble> {
    let name = asked(query.as_deref())?;
    let state = visit.app.index().ask();
    let view = view(&visit, &state.figures, name)?;
    drop(state);
    Ok(Html(view.render()?))
}

/// The indicator the address asks for, if it is offered.
fn asked(query: Option<&str>) -> Result<&'static str, Trouble> {
    let pairs = read_pairs(query.unwrap_or_default().as_bytes())?;
    let name = pairs.iter().find(|(name, _)| name == "of").map_or(OFFERED[0], |(_, value)| value.as_str());
    OFFERED.into_iter().find(|offered| *offered == name).ok_or(Trouble::NotFound)
}

fn view(visit: &Visit, figures: &Figures, name: &str) -> Result<RegionsView, Trouble> {
    Ok(RegionsView {
        page: visit.public_page(visit.t("regions.title"), visit.t("regions.description")),
        whole: figures.shown(visit, name, &Span::of(Place::nation())).ok_or(Trouble::NotFound)?,
        choices: choices(visit, figures, name),
        tiles: tiles(visit, figures, name),
        exports: visit.exports(&format!("/regions?of={name}")),
    })
}

fn choices(visit: &Visit, figures: &Figures, name: &str) -> Vec<Link> {
    let label = |of: &str| {
        let found = figures.indicators().iter().find(|indicator| indicator.name == of);
        found.map_or_else(|| of.to_owned(), |indicator| indicator.label.text(visit.lang).to_owned())
    };
    let choice = |of| Link { current: of == name, ..visit.link(&format!("/regions?of={of}"), label(of)) };
    OFFERED.into_iter().map(choice).collect()
}

/// All units in order of code. Shaded by what is recorded alone: what sources tell is drawn hollow.
fn tiles(visit: &Visit, figures: &Figures, name: &str) -> Vec<TileView> {
    let placed = GRID.iter().filter_map(|spot| Some((Place::parse(spot.0).ok()?, spot)));
    let (places, spots): (Vec<Place>, Vec<_>) = placed.unzip();
    let amounts = figures.by_place(name, Lane::Recorded, &places, &Period::all());
    let widest = amounts.iter().flatten().max().copied().unwrap_or_default();
    let rows = places.into_iter().zip(spots).zip(amounts);
    rows.filter_map(|((place, &(_, letters, column, row)), amount)| {
        Some(TileView {
            name: place_name(&place, visit.lang),
            short: if visit.lang == Lang::Zh {
                place.short().into_owned()
            } else {
                place_name(&place, visit.lang)
            },
            letters,
            href: visit.href(&address(&place)),
            column,
            row,
            shade: shade(amount.unwrap_or_default(), widest),
            figure: figures.shown(visit, name, &Span::of(place))?,
        })
    })
    .collect()
}

/// 0 for nothing, else 1 to [`SHADES`] by the share of the largest.
fn shade(amount: Decimal, widest: Decimal) -> u8 {
    match amount.is_zero() {
        true => 0,
        false => (share(amount, widest).div_ceil(100 / SHADES)).clamp(1, SHADES),
    }
}

/// `GET /regions.xlsx` and `.csv`: the table of [`show`].
pub async fn export(
    visit: Visit,
    Path(ending): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let name = asked(query.as_deref())?;
    let view = {
        let state = visit.app.index().ask();
        view(&visit, &state.figures, name)?
    };
    send(&sheet(&visit, &view), &ending)
}

fn sheet(visit: &Visit, view: &RegionsView) -> Sheet {
    let heads = ["place", "told", "sourced", "recorded"];
    let heading = |name: &&str| match *name {
        "place" => visit.t("regions.place").to_owned(),
        name => visit.t(&format!("figures.{name}")).to_owned(),
    };
    let row = |tile: &TileView| {
        let figure = &tile.figure;
        vec![
            tile.name.clone(),
            figure
                .told
                .iter()
                .map(|told| format!("{}（{}）", told.text, told.when))
                .collect::<Vec<_>>()
                .join("；"),
            figure.sourced.clone().unwrap_or_default(),
            figure.recorded.clone().unwrap_or_default(),
        ]
    };
    Sheet {
        name: format!("{} {}", visit.t("regions.title"), view.whole.label),
        names: heads.map(str::to_owned).to_vec(),
        headings: heads.iter().map(heading).collect(),
        rows: view.tiles.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_provincial_unit_has_one_square_of_its_own() {
        let drawn: Vec<Place> = GRID.iter().map(|spot| Place::parse(spot.0).expect("a place")).collect();
        assert_eq!(drawn, Place::all_provinces());
        let squares: BTreeSet<(u8, u8)> = GRID.iter().map(|spot| (spot.2, spot.3)).collect();
        assert_eq!(squares.len(), GRID.len());
        let letters: BTreeSet<&str> = GRID.iter().map(|spot| spot.1).collect();
        assert_eq!(letters.len(), GRID.len());
    }

    #[test]
    fn neighbours_stand_where_a_reader_looks_for_them() {
        let spot = |code: &str| {
            let found = GRID.iter().find(|spot| spot.0 == code).expect(code);
            (i16::from(found.2), i16::from(found.3))
        };
        // 上海 east of 江苏, 浙江 south of it, 福建 south of 浙江, 台湾 east of 福建, 海南 south of 广西.
        assert!(spot("310000").0 > spot("320000").0);
        assert!(spot("330000").1 > spot("320000").1);
        assert!(spot("350000").1 > spot("330000").1);
        assert!(spot("710000").0 > spot("350000").0);
        assert!(spot("460000").1 > spot("450000").1);
    }

    #[test]
    fn shades_say_how_much() {
        let of = |amount: i64| shade(Decimal::from(amount), Decimal::from(200));
        assert_eq!([0, 1, 50, 51, 100, 200].map(of), [0, 1, 1, 2, 2, 4]);
    }
}
