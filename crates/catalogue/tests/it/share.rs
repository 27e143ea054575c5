//! Lives and parts: what kinds that name them have, and every fault with its place.

use crate::shared::{files, listed};
use catalogue::kind::Verb;
use catalogue::{Audience, Catalogue};

/// Two kinds of invented places that lead one life and share a part.
const LIFE: &str = r#"[stages.proposed]
reach = "node"
label = { zh = "已提出", en = "Proposed" }

[stages.listed]
reach = "public"
clock = { name = "look", after = "5 working days", move = "retire", label = { zh = "复核", en = "Look" } }
label = { zh = "已列出", en = "Listed" }

[stages.retired]
reach = "node"
closed = true
label = { zh = "已停用", en = "Retired" }

[[moves]]
name = "list"
label = { zh = "列出", en = "List" }
from = ["proposed"]
to = "listed"
by = ["officer@region"]
needs = ["tower"]

[[moves]]
name = "retire"
label = { zh = "停用", en = "Retire" }
from = ["listed"]
to = "retired"
by = ["officer@region"]

[[grants]]
read = ["officer@region"]
create = ["own"]

[[grants]]
read = ["anyone"]
stages = ["listed"]
"#;

const PART: &str = r#"[fields.sources]
type = "group"
many = true
layer = "open"
label = { zh = "出处", en = "Sources" }

[fields.sources.fields.document]
type = "line"
label = { zh = "文件", en = "Document" }
"#;

const KIND: &str = r#"name = "mill"
path = "mills"
sign = "磨"
label = { zh = "水磨", en = "Mill" }
life = "standing"
parts = ["sources"]
[types.tall]
label = { zh = "高", en = "Tall" }
[fields.title]
type = "line"
label = { zh = "名称", en = "Name" }
[fields.tower]
type = "line"
label = { zh = "塔", en = "Tower" }
"#;

const MORE_FIELDS: &str =
    "[fields.height]\ntype = \"integer\"\nlayer = \"open\"\nlabel = { zh = \"高度\", en = \"Height\" }\n";

fn load(changes: &[(&str, &str)]) -> (Catalogue, String) {
    let mut all = vec![
        ("catalogue/lives/standing.toml".to_owned(), LIFE.to_owned()),
        ("catalogue/parts/sources.toml".to_owned(), PART.to_owned()),
        ("catalogue/mill/kind.toml".to_owned(), KIND.to_owned()),
        ("catalogue/mill/types/tall.toml".to_owned(), MORE_FIELDS.to_owned()),
    ];
    for (path, text) in changes {
        all.retain(|(known, _)| known != path);
        all.push(((*path).to_owned(), (*text).to_owned()));
    }
    let (catalogue, found) = Catalogue::load(all);
    let found = listed(&found);
    (catalogue, found)
}

#[test]
fn a_kind_has_its_life_first_and_its_parts_last() {
    let own = "[stages.sunk]\nreach = \"private\"\nlabel = { zh = \"沉没\", en = \"Sunk\" }\n[[moves]]\n\
               name = \"sink\"\nlabel = { zh = \"沉没\", en = \"Sink\" }\nfrom = [\"retired\"]\nto = \"sunk\"\nby = [\"own\"]\n\
               [[grants]]\nerase = [\"steward@node\"]\n";
    let (catalogue, found) = load(&[("catalogue/mill/kind.toml", &format!("{KIND}{own}"))]);
    assert_eq!(found, "");
    let kind = catalogue.kind("mill").unwrap();
    let stages: Vec<&str> = kind.stages.iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(stages, ["proposed", "listed", "retired", "sunk"]);
    assert_eq!((kind.start.as_str(), kind.stages[1].reach), ("proposed", Audience::Public));
    let moves: Vec<&str> = kind.moves.iter().map(|of| of.name.as_str()).collect();
    assert_eq!(moves, ["list", "retire", "sink"]);
    assert_eq!(kind.grants_of(&Verb::Read).count(), 2);
    assert_eq!(kind.grants_of(&Verb::Erase).count(), 1);
    assert_eq!(kind.grants_of(&Verb::Move("list".into())).count(), 1);
    let fields: Vec<&str> = kind.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields, ["title", "tower", "height", "sources"]);
    assert!(catalogue.schema("mill", "tall").unwrap()["properties"]["sources"].is_object());
}

#[test]
fn a_start_of_its_own_stands_against_the_first_stage_of_the_life() {
    let text = KIND.replace("life = ", "start = \"listed\"\nlife = ");
    let (_, found) = load(&[("catalogue/mill/kind.toml", &text)]);
    assert!(found.contains("kind.toml:6:8: no move leads to the stage `proposed`"), "{found}");
}

const KIND_FILE: &str = "catalogue/mill/kind.toml";
const LIFE_FILE: &str = "catalogue/lives/standing.toml";
const PART_FILE: &str = "catalogue/parts/sources.toml";

/// One text of one file replaced makes one fault, and the kind is left out.
fn check_fault((path, from, to, expect): (&str, &str, &str, &str)) {
    let texts = [(KIND_FILE, KIND), (LIFE_FILE, LIFE), (PART_FILE, PART)];
    let text = texts.iter().find(|(known, _)| *known == path).unwrap().1;
    assert!(text.contains(from), "{from}");
    let (catalogue, found) = load(&[(path, &text.replacen(from, to, 1))]);
    assert!(found.contains(expect), "{expect}: {found}");
    assert_eq!(found.matches('\n').count(), 1, "{expect}: {found}");
    assert!(catalogue.kind("mill").is_none(), "{expect}");
}

#[test]
fn what_a_kind_cannot_share_is_told_where_it_names_it() {
    let kind = KIND_FILE;
    let faults = [
        (
            kind,
            "\"standing\"",
            "\"standin\"",
            "mill/kind.toml:5:8: unknown life `standin` — did you mean `standing`?",
        ),
        (kind, "[\"sources\"]", "[\"sauces\"]", "mill/kind.toml:6:10: unknown part `sauces`"),
        (
            kind,
            "[\"sources\"]",
            "[\"sources\", \"sources\"]",
            "mill/kind.toml:6:21: field `sources` is declared already",
        ),
        (
            kind,
            "[fields.title]",
            "[fields.sources]\ntype = \"line\"\nlabel = { zh = \"源\", en = \"S\" }\n[fields.title]",
            "mill/kind.toml:6:10: field `sources` is declared already",
        ),
        (
            kind,
            "[fields.tower]",
            "[fields.door]",
            "mill/kind.toml:5:8: the life `standing` needs the field `tower`, which this kind lacks — add the field to the kind",
        ),
        (
            kind,
            "[types.tall]",
            "[stages.listed]\nreach = \"node\"\nlabel = { zh = \"列\", en = \"L\" }\n[types.tall]",
            "mill/kind.toml:7:9: stage `listed` is declared twice",
        ),
        (
            kind,
            "[types.tall]",
            "[[moves]]\nname = \"retire\"\nby = [\"own\"]\nfrom = [\"listed\"]\nlabel = { zh = \"列\", en = \"L\" }\n[types.tall]",
            "mill/kind.toml:8:8: move `retire` is declared twice",
        ),
        (
            PART_FILE,
            "layer = \"open\"\n",
            "layer = \"open\"\ntypes = [\"wide\"]\n",
            "mill/kind.toml:6:10: the part `sources` needs the type `wide`, which this kind lacks",
        ),
    ];
    faults.into_iter().for_each(check_fault);
}

#[test]
fn a_fault_of_a_life_or_part_is_told_once_in_its_own_file() {
    let (life, part) = (LIFE_FILE, PART_FILE);
    let faults = [
        (
            life,
            "from = [\"proposed\"]",
            "from = [\"propsed\"]",
            "lives/standing.toml:18:9: unknown stage `propsed` — did you mean `proposed`?",
        ),
        (
            life,
            "move = \"retire\"",
            "move = \"list\"",
            "lives/standing.toml:5:9: the clock of `listed` names a move that does not leave it",
        ),
        (
            life,
            "[stages.retired]\n",
            "[stages.listed2]\n",
            "lives/standing.toml:27:6: unknown stage `retired`",
        ),
        (
            life,
            "[[grants]]\nread = [\"off",
            "colour = 3\n[[grants]]\nread = [\"off",
            "lives/standing.toml:30:1: unknown key `colour`",
        ),
        (
            life,
            "to = \"listed\"\nby = [\"officer@region\"]",
            "to = \"listed\"\nby = [\"own\", \"oficer@region\"]",
            "lives/standing.toml:20:14: unknown role `oficer`",
        ),
        (part, "type = \"line\"", "type = \"lin\"", "parts/sources.toml:8:8: unknown type `lin`"),
        (
            part,
            "type = \"line\"",
            "vocabulary = \"docs\"",
            "parts/sources.toml:8:14: unknown vocabulary `docs`",
        ),
    ];
    faults.into_iter().for_each(check_fault);
}

#[test]
fn an_empty_life_or_part_and_a_life_without_grants_are_told() {
    let (_, found) = load(&[("catalogue/lives/empty.toml", ""), ("catalogue/parts/empty.toml", "")]);
    assert!(found.contains("lives/empty.toml:1:1: a life needs at least one stage"), "{found}");
    assert!(found.contains("parts/empty.toml:1:1: a part needs fields"), "{found}");
    let bare = LIFE.split("[[grants]]").next().unwrap();
    let (_, found) = load(&[("catalogue/lives/standing.toml", bare)]);
    assert!(found.contains("mill/kind.toml:1:1: nobody may read this kind"), "{found}");
}

#[test]
fn a_guard_of_a_life_that_needs_a_checkup_is_told_where_the_kind_leads_it() {
    let text = LIFE.replace("needs = [\"tower\"]", "when = [\"complete\"]");
    let (_, found) = load(&[("catalogue/lives/standing.toml", &text)]);
    assert_eq!(found, "catalogue/mill/kind.toml:5:8: the guard `complete` of `list` needs a [checkup]\n");
}

#[test]
fn an_overlay_adds_lives_and_parts_under_names_of_its_own() {
    let kind = KIND
        .replace("\"mills\"", "\"yards\"")
        .replace("\"mill\"", "\"local_mill\"")
        .replace("磨", "碾")
        .replace("\"standing\"", "\"local_standing\"")
        .replace("\"sources\"", "\"local_sources\"")
        .replace("[types.tall]", "[types.local_tall]");
    let (catalogue, found) = load(&[
        ("data/local/lives/local_standing.toml", LIFE),
        ("data/local/parts/local_sources.toml", PART),
        ("data/local/local_mill/kind.toml", &kind),
    ]);
    assert_eq!(found, "");
    assert!(catalogue.kind("local_mill").unwrap().field("sources").is_some());
    for (path, text, expect) in [
        ("data/local/lives/mine.toml", LIFE, "mine.toml:1:1: `mine` is local and must begin with `local_`"),
        ("data/local/parts/mine.toml", PART, "mine.toml:1:1: `mine` is local and must begin with `local_`"),
        (
            "data/local/lives/standing.toml",
            LIFE,
            "local/lives/standing.toml:1:1: life `standing` stands in another file",
        ),
        (
            "data/local/parts/sources.toml",
            PART,
            "local/parts/sources.toml:1:1: part `sources` stands in another file",
        ),
    ] {
        let (catalogue, found) = load(&[(path, text)]);
        assert!(found.contains(expect), "{path}: {found}");
        assert!(catalogue.kind("mill").is_some(), "{path}");
    }
}

#[test]
fn what_is_no_file_of_a_catalogue_is_told_with_all_that_are() {
    let (_, found) = Catalogue::load(files("tests/fixtures/broken", "catalogue"));
    let found = listed(&found);
    assert!(found.contains("notes.toml:1:1: this file is none of a catalogue"), "{found}");
}
