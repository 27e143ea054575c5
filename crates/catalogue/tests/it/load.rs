//! Loading: every fault of every file at once, and the sound kinds beside the faulty ones.

use crate::shared::{apiary, files, listed, shipped};
use catalogue::Catalogue;

#[test]
fn every_fault_of_a_broken_folder_is_told_with_its_place() {
    let mut all = files("tests/fixtures/broken", "catalogue");
    all.extend(files("tests/fixtures/apiary/apiary", "catalogue/apiary"));
    all.extend(files("tests/fixtures/apiary/vocabularies", "catalogue/more/vocabularies"));
    all.retain(|(path, _)| !path.ends_with("more/vocabularies/flower.toml"));
    let (catalogue, found) = Catalogue::load(all);
    insta::assert_snapshot!(listed(&found));
    let sound: Vec<&str> = catalogue.kinds().map(|kind| kind.name.as_str()).collect();
    assert_eq!(sound, ["apiary"]);
}

#[test]
fn an_invented_kind_needs_no_code() {
    let (catalogue, kind) = apiary();
    let paths: Vec<&str> = kind.types.iter().map(|of| of.path.as_str()).collect();
    assert_eq!(paths, ["fixed", "fixed.mountain"]);
    let has = |path: &str| kind.fields_of(path).any(|field| field.name == "altitude");
    assert_eq!((has("fixed"), has("fixed.mountain"), has("fixed.mountain.alp")), (false, true, true));
    assert_eq!(kind.start_of("fixed.mountain"), "noted");
    insta::assert_json_snapshot!(catalogue.schema("apiary", "fixed.mountain").unwrap());
}

fn load_with(extra: &[(&str, &str)]) -> (Catalogue, String) {
    let mut all = files("tests/fixtures/apiary", "catalogue");
    all.extend(extra.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let (catalogue, found) = Catalogue::load(all);
    let listed = listed(&found);
    (catalogue, listed)
}

const LABEL: &str = "label = { zh = \"一\", en = \"One\" }\n";

#[test]
fn an_overlay_adds() {
    let field = format!("{LABEL}[fields.local_dance]\ntype = \"line\"\n{LABEL}");
    let (catalogue, found) = load_with(&[
        ("data/local/apiary/types/fixed.local_city.toml", &field),
        (
            "data/local/vocabularies/local_colour.toml",
            "label = { zh = \"色\", en = \"Colour\" }\nterms = [{ code = \"a\", zh = \"甲\", en = \"A\" }]",
        ),
    ]);
    assert_eq!(found, "");
    let kind = catalogue.kind("apiary").unwrap();
    assert!(kind.fields_of("fixed.local_city").any(|field| field.name == "local_dance"));
    assert!(catalogue.vocabularies().contains_key("local_colour"));
}

#[test]
fn a_faulty_overlay_is_left_out_and_the_kind_stays() {
    let plain = format!("{LABEL}[fields.dance]\ntype = \"line\"\n{LABEL}");
    let redefines = format!("{LABEL}[fields.title]\ntype = \"day\"\n{LABEL}");
    for (path, text, expect) in [
        (
            "data/local/apiary/types/fixed.city.toml",
            plain.as_str(),
            "`city` is local and must begin with `local_`",
        ),
        (
            "data/local/apiary/types/fixed.local_a.toml",
            &plain,
            "`dance` is local and must begin with `local_`",
        ),
        ("data/local/apiary/types/fixed.local_b.toml", &redefines, "field `title` is declared already"),
        ("data/local/apiary/types/loose.local_c.toml", LABEL, "unknown type `loose`"),
        ("data/local/apiary/kind.toml", LABEL, "kind `apiary` stands in another file"),
        ("data/local/vocabularies/flower.toml", LABEL, "vocabulary `flower` stands in another file"),
        ("data/local/bees/types/local_d.toml", LABEL, "unknown kind `bees`"),
    ] {
        let (catalogue, found) = load_with(&[(path, text)]);
        assert!(found.contains(expect), "{path}: {found}");
        assert_eq!(catalogue.kind("apiary").map(|kind| kind.types.len()), Some(2), "{path}");
    }
}

/// The 养蜂场 with one text replaced.
fn changed(from: &str, to: &str) -> String {
    let mut all = files("tests/fixtures/apiary", "catalogue");
    let file = all.iter_mut().find(|(path, _)| path.ends_with("kind.toml")).unwrap();
    assert!(file.1.contains(from), "{from}");
    file.1 = file.1.replacen(from, to, 1);
    listed(&Catalogue::load(all).1)
}

#[test]
fn what_needs_the_whole_catalogue_is_checked() {
    for (from, to, expect) in [
        (
            "title = \"title\"\n",
            "title = \"hives\"\n",
            "`title` is the field `hives`, which is not one line of text",
        ),
        ("ceiling = \"ceiling\"\n", "ceiling = \"flowers\"\n", "`ceiling` is the field `flowers`"),
        ("day = \"opened_on\"", "day = \"opened\"", "unknown field `opened`"),
        (
            "[checkup]\nasks = [\"title\"]\nb_gaps = 0\n",
            "",
            "the guard `complete` of `open-up` needs a [checkup]",
        ),
        ("asks = [\"title\"]", "asks = [\"hives\"]", "体检 asks for `hives`, which has no `ask`"),
        ("asks = [\"title\"]", "asks = [\"recipe\"]", "体检 asks for `recipe`, which is sealed"),
        (
            "move = \"rest\"",
            "move = \"open-up\"",
            "the clock of `humming` names a move that does not leave it",
        ),
        ("[fields.demand]\n", "[fields.demands]\n", "unknown field `demand` — did you mean `demands`?"),
        ("to = \"resting\"\n", "", "no move leads to the stage `resting`"),
        ("\nby = [\"own\"]\n", "\n", "nobody may make the move `rest`"),
        ("create = [\"own\"]\n", "", "nobody may create this kind"),
        (
            "layer = \"sealed\"\n",
            "layer = \"sealed\"\nsearch = \"text\"\n",
            "a sealed field cannot be searched",
        ),
        ("en = \"Noted\" }", "en = \"\" }", "`label` has no `en`"),
        ("from = [\"noted\"]\n", "from = [\"notd\"]\n", "unknown stage `notd` — did you mean `noted`?"),
        (
            "search = \"title\"\n",
            "search = \"title\"\ncolumns = [\"场名\", \"场名\"]\n",
            "the heading “场名” leads to both",
        ),
        (
            "sign = \"蜂\"\n",
            "sign = \"蜂\"\npersonal = true\n",
            "`hives` holds personal data and says no `purpose`",
        ),
        (
            "[stages.noted]",
            "[fields.contact_keeper]\ntype = \"line\"\nlabel = { zh = \"养蜂人\", en = \"Keeper\" }\n[stages.noted]",
            "`contact_keeper` holds personal data and says no `purpose`",
        ),
        (
            "maximum = 5000\n",
            "maximum = 5000\npurpose = \"sport\"\n",
            "`purpose` of `hives`: there is no `sport`",
        ),
    ] {
        let found = changed(from, to);
        assert!(found.contains(expect), "{expect}: {found}");
    }
}

#[test]
fn a_type_goes_by_other_names_and_each_leads_to_it_alone() {
    let mut all = files("tests/fixtures/apiary", "catalogue");
    let file = all.iter_mut().find(|(path, _)| path.ends_with("kind.toml")).unwrap();
    file.1 +=
        "\n[types.roaming]\nlabel = { zh = \"转地\", en = \"Roaming\" }\nalso = [\"追花\", \"Ｔramp\"]\n";
    let (catalogue, found) = Catalogue::load(all.clone());
    assert_eq!(listed(&found), "");
    let kind = catalogue.kind("apiary").unwrap();
    let called = |text: &str| kind.type_called(text).map(|of| of.path.as_str());
    for text in ["roaming", "转地", "ROAMING", " 追花 ", "tramp"] {
        assert_eq!(called(text), Some("roaming"), "{text}");
    }
    assert_eq!((called("追"), called(""), called("fixed.mountain")), (None, None, Some("fixed.mountain")));
    let label = |path: &str| kind.type_of(path).unwrap().label.zh.clone();
    for (also, expect) in [
        (format!("\"{}\"", label("fixed")), "is a name of the type `fixed` already"),
        (format!("\"{}\"", label("fixed.mountain")), "is a name of the type `fixed.mountain` already"),
        ("\"赶花\", \"赶花\"".to_owned(), "the type `roaming` is called “赶花” twice"),
        ("\"转地\"".to_owned(), "the type `roaming` is called “转地” twice"),
        ("\"\"".to_owned(), "a name of the type `roaming` is empty"),
    ] {
        let mut all = all.clone();
        let file = all.iter_mut().find(|(path, _)| path.ends_with("kind.toml")).unwrap();
        file.1 = file.1.replace("\"追花\", \"Ｔramp\"", &also);
        let found = listed(&Catalogue::load(all).1);
        assert!(found.contains(expect), "{expect}: {found}");
    }
}

#[test]
fn a_type_of_an_overlay_takes_no_name_that_is_given() {
    let named = |zh: &str, also: &str| {
        let text = format!("label = {{ zh = \"{zh}\", en = \"Wild\" }}\nalso = [\"{also}\"]\n");
        load_with(&[("data/local/apiary/types/local_wild.toml", &text)])
    };
    let (catalogue, found) = named("野放", "山野");
    assert_eq!(found, "");
    let kind = catalogue.kind("apiary").unwrap();
    assert_eq!(kind.type_called("山野").map(|of| of.path.as_str()), Some("local_wild"));
    let taken = &kind.type_of("fixed").unwrap().label.zh;
    let (catalogue, found) = named("野放", taken);
    assert!(found.contains("is a name of the type `fixed` already"), "{found}");
    assert!(catalogue.kind("apiary").unwrap().type_of("local_wild").is_none());
}

#[test]
fn two_kinds_cannot_share_a_path_or_sign() {
    let mut all = files("tests/fixtures/apiary", "catalogue");
    let (_, text) = all.iter().find(|(path, _)| path.ends_with("kind.toml")).unwrap().clone();
    all.push(("catalogue/beeyard/kind.toml".into(), text.replace("name = \"apiary\"", "name = \"beeyard\"")));
    let (catalogue, found) = Catalogue::load(all);
    let listed = listed(&found);
    assert!(listed.contains("path `apiaries` is that of the kind `apiary`"), "{listed}");
    assert!(listed.contains("sign `蜂` is that of the kind `apiary`"), "{listed}");
    assert!(catalogue.kind("apiary").is_some() && catalogue.kind("beeyard").is_none());
}

#[test]
fn more_than_nine_list_fields_are_refused() {
    let with = |count: usize| -> String {
        let more = (0..count).map(|n| format!("[fields.more{n}]\ntype = \"day\"\nlist = true\n{LABEL}\n"));
        changed("[stages.noted]", &format!("{}[stages.noted]", more.collect::<String>()))
    };
    assert_eq!(with(5), "");
    assert!(with(6).contains("10 list fields"), "{}", with(6));
}

#[test]
fn the_digest_is_that_of_the_files_and_not_of_their_order() {
    let mut all = files("../../catalogue", "catalogue");
    all.reverse();
    let (same, _) = Catalogue::load(all.clone());
    assert_eq!(same.digest(), shipped().0.digest());
    if let Some((_, text)) = all.first_mut() {
        text.push('\n');
    }
    assert_ne!(Catalogue::load(all).0.digest(), same.digest());
}
