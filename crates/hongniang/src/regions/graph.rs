//! The drawing of the five links: the association in the middle, societies and cities on the right, departments,
//! townships and enterprises on the left, a thread to each. Lengths are units of the drawing's own box.
//!
//! Only computes where things stand; what is drawn is in the list beside it. Start at [`drawn`].

use crate::locale::Texts;
use crate::view::{GraphSector, GraphText, GraphView, Link, PartyView, SectorView};

/// Width of the drawing.
const WIDTH: u32 = 1120;
/// How far the sectors' knots, the parties' dots and their names stand from the middle.
const HUB: u32 = 196;
const DOT: u32 = 272;
const NAME: u32 = 286;
/// Height of a party's line, of a sector's heading, and between sectors.
const LINE: u32 = 30;
const HEAD: u32 = 36;
const GAP: u32 = 28;
/// Above and below everything.
const EDGE: u32 = 16;
/// Width of one Chinese character in the middle, and of the space around the name there.
const CENTRE_CHAR: u32 = 17;
const CENTRE_SPACE: u32 = 36;
/// Longest name of a party and in the middle, in widths of a Chinese character.
const PARTY_CHARS: usize = 16;
const CENTRE_CHARS: usize = 15;
/// Parties drawn of a sector.
const DRAWN: usize = 12;
/// Sectors on the right, the others on the left.
const RIGHT: usize = 2;

/// The drawing of these sectors around who stands in the middle (name, address).
pub fn drawn(texts: &Texts, centre: (&str, &str), sectors: &[SectorView]) -> GraphView {
    let (right, left) = sectors.split_at(RIGHT.min(sectors.len()));
    let height = side_height(left).max(side_height(right)) + 2 * EDGE;
    let name = cut(centre.0, CENTRE_CHARS);
    let plate = u32::try_from(widths(&name).div_ceil(2)).unwrap_or_default() * CENTRE_CHAR + CENTRE_SPACE;
    let middle = Middle { x: WIDTH / 2, y: height / 2, half: plate / 2 };
    let mut drawn = side(texts, &middle, right, 1, height);
    drawn.extend(side(texts, &middle, left, -1, height));
    GraphView {
        width: WIDTH,
        height,
        plate: (middle.x - middle.half, middle.y - 24, plate, 48),
        centre: GraphText {
            link: Link { href: centre.1.to_owned(), label: name, current: false },
            full: centre.0.to_owned(),
            x: middle.x,
            y: middle.y + 6,
            dot: (middle.x, middle.y),
            thread: String::new(),
            hollow: false,
        },
        sectors: drawn,
    }
}

/// The plate in the middle.
struct Middle {
    x: u32,
    y: u32,
    half: u32,
}

impl Middle {
    /// So far to the right (1) or the left (−1) of the middle.
    fn across(&self, side: i32, by: u32) -> u32 {
        if side > 0 { self.x + by } else { self.x.saturating_sub(by) }
    }
}

/// Lines a sector takes: its parties and what is left out, at least one.
fn lines(sector: &SectorView) -> u32 {
    let rest = sector.more.is_some() || sector.parties.len() > DRAWN;
    u32::try_from(sector.parties.len().min(DRAWN) + usize::from(rest)).unwrap_or_default().max(1)
}

fn side_height(sectors: &[SectorView]) -> u32 {
    let heights = sectors.iter().map(|sector| HEAD + LINE * lines(sector) + GAP);
    heights.sum::<u32>().saturating_sub(GAP)
}

fn side(texts: &Texts, middle: &Middle, sectors: &[SectorView], side: i32, height: u32) -> Vec<GraphSector> {
    let mut top = (height - side_height(sectors)) / 2;
    let mut drawn = Vec::new();
    for sector in sectors {
        drawn.push(one(texts, middle, sector, side, top));
        top += HEAD + LINE * lines(sector) + GAP;
    }
    drawn
}

fn one(texts: &Texts, middle: &Middle, sector: &SectorView, side: i32, top: u32) -> GraphSector {
    let (first, n) = (top + HEAD + LINE / 2, lines(sector));
    let hub = (middle.across(side, HUB), first + LINE * (n - 1) / 2);
    let hollow = sector.parties.iter().all(|party| party.sourced);
    let edge = (middle.across(side, middle.half), middle.y);
    let names = middle.across(side, NAME);
    let party = |(at, party): (u32, &PartyView)| {
        let (y, dot) = (first + LINE * at, middle.across(side, DOT));
        GraphText {
            link: Link { href: party.href.clone(), label: cut(&party.title, PARTY_CHARS), current: false },
            full: party.title.clone(),
            x: names,
            y: y + 5,
            dot: (dot, y),
            thread: curve(hub, (dot, y)),
            hollow: party.sourced,
        }
    };
    GraphSector {
        label: sector.head.label.clone(),
        href: format!("#{}", sector.id),
        anchor: if side > 0 { "start" } else { "end" },
        heading: (names, top + HEAD / 2 + 6),
        hub,
        thread: if sector.parties.is_empty() { String::new() } else { curve(edge, hub) },
        hollow,
        parties: (0..).zip(sector.parties.iter().take(DRAWN)).map(party).collect(),
        rest: rest(texts, sector).map(|label| Link {
            href: format!("#{}", sector.id),
            label,
            current: false,
        }),
        last: (names, first + LINE * (n - 1) + 5),
    }
}

/// What is not drawn, in words; how many, where all were read.
fn rest(texts: &Texts, sector: &SectorView) -> Option<String> {
    let left = sector.parties.len().saturating_sub(DRAWN);
    match &sector.more {
        Some(_) => Some(texts.get("regions.rest-more").to_owned()),
        None => (left > 0).then(|| texts.fill("regions.rest", &[("n", &left.to_string())])),
    }
}

/// A thread that leaves and arrives level.
fn curve((x, y): (u32, u32), (to_x, to_y): (u32, u32)) -> String {
    let bend = (x + to_x) / 2;
    format!("M{x} {y}C{bend} {y} {bend} {to_y} {to_x} {to_y}")
}

/// Half widths of a Chinese character: a Latin letter takes one, all else two.
fn widths(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// At most so many Chinese characters wide.
fn cut(text: &str, most: usize) -> String {
    if widths(text) <= 2 * most {
        return text.to_owned();
    }
    let mut room = 2 * most - 2;
    let fits = |c: &char| {
        let width = if c.is_ascii() { 1 } else { 2 };
        let fits = room >= width;
        room = room.saturating_sub(width);
        fits
    };
    format!("{}…", text.chars().take_while(fits).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_short_ones_are_not() {
        assert_eq!(cut("宁波市科学技术协会", 15), "宁波市科学技术协会");
        assert_eq!(cut("一二三四五六", 4), "一二三…");
        assert_eq!(cut("abcdefghij", 4), "abcdef…");
    }

    #[test]
    fn a_thread_begins_and_ends_where_its_ends_stand() {
        assert_eq!(curve((10, 20), (30, 60)), "M10 20C20 20 20 60 30 60");
    }
}
