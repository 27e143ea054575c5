//! Every page in both languages: rendered, complete in its texts, and fit for the content policy.

use super::samples::all;

/// Text between tags, and the attributes people hear or read.
fn words(html: &str) -> String {
    let mut out = String::new();
    for piece in html.split('<') {
        let Some((tag, text)) = piece.split_once('>') else { continue };
        if tag.starts_with("script") {
            continue;
        }
        for name in ["aria-label=\"", "placeholder=\"", "data-question=\"", "data-count=\"", "data-copied=\""]
        {
            if let Some((_, rest)) = tag.split_once(name) {
                out.push_str(rest.split('"').next().unwrap_or_default());
                out.push('\n');
            }
        }
        out.push_str(text);
        out.push('\n');
    }
    out
}

/// `form.required` shown to a reader: a key without a text.
fn raw_key(text: &str) -> Option<&str> {
    let is_key = |word: &&str| {
        let parts: Vec<&str> = word.split('.').collect();
        parts.len() > 1
            && parts
                .iter()
                .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
    };
    text.split(|c: char| c.is_whitespace() || "，。：；“”（）、".contains(c)).filter(is_key).find(|word| {
        let tail = word.rsplit('.').next().unwrap_or_default();
        !matches!(tail, "pdf" | "xlsx" | "json" | "org" | "cn" | "com")
    })
}

#[test]
fn no_page_shows_a_key_or_an_empty_place() {
    for (name, html) in all() {
        let text = words(&html);
        assert_eq!(raw_key(&text), None, "{name} shows a key without a text");
        assert!(places(&text).is_empty(), "{name} shows an unfilled place");
    }
}

#[test]
fn a_raw_key_would_be_noticed() {
    assert_eq!(raw_key("请改 form.required 好"), Some("form.required"));
    assert_eq!(raw_key("报告.pdf test-report.pdf 1.0 MPa"), None);
}

#[test]
fn english_pages_hold_no_chinese_of_our_own() {
    let chinese = |text: &str| text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    for (name, html) in all().into_iter().filter(|(name, _)| name.ends_with("-en")) {
        // What may stay: the link to the other language, printed numbers, and headings of a spreadsheet.
        let text = words(&html)
            .replace("中文", "")
            .replace("难题名称", "")
            .replace("企业", "")
            .replace("经办备注", "");
        let text =
            text.replace("万元", "").replace('元', "").replace("年", "").replace("月", "").replace("日", "");
        let text =
            ["德需", "甬需", "余需", "嘉需", "浙果"].iter().fold(text, |text, sign| text.replace(sign, ""));
        assert_eq!(chinese(&text), 0, "{name}: {:?}", text.lines().find(|line| chinese(line) > 0));
    }
}

/// Every dotted key of a locale file with its text.
fn keys(prefix: &str, table: &toml::Table, into: &mut Vec<(String, String)>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => keys(&key, inner, into),
            value => into.push((key, value.as_str().unwrap_or_default().to_owned())),
        }
    }
}

/// The places of a text, `{name}`, sorted.
fn places(text: &str) -> Vec<&str> {
    let mut places: Vec<&str> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    places.sort_unstable();
    places
}

#[test]
fn both_languages_say_the_same_things() {
    let read = |text: &str| {
        let mut found = Vec::new();
        keys("", &text.parse().unwrap(), &mut found);
        found.sort();
        found
    };
    let chinese = read(include_str!("../../../../locales/zh.toml"));
    let english = read(include_str!("../../../../locales/en.toml"));
    let names = |texts: &[(String, String)]| texts.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    assert_eq!(names(&chinese), names(&english));
    for ((key, zh), (_, en)) in chinese.iter().zip(&english) {
        assert!(!zh.is_empty() && !en.is_empty(), "{key} is empty");
        assert_eq!(places(zh), places(en), "{key} fills other places in English");
    }
}

#[test]
fn texts_say_what_practice_asks_for() {
    let chinese = include_str!("../../../../locales/zh.toml");
    for word in ["需求医生", "僵尸", "沉睡", "红名单", "驾驶舱", "保证答复", "打卡", "海外", "红线", "！"]
    {
        assert!(!chinese.contains(word), "“{word}” is not a word of this house");
    }
}

#[test]
fn nothing_runs_or_styles_inline() {
    for (name, html) in all() {
        for inline in [" style=", "<style", " onclick=", " onchange=", " onsubmit=", "javascript:"] {
            assert!(!html.contains(inline), "{name} holds {inline}");
        }
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(
                tag.contains("src=") || tag.contains("application/ld+json"),
                "{name} runs an inline script"
            );
        }
    }
}

#[test]
fn every_page_has_one_main_heading_landmarks_and_unique_ids() {
    for (name, html) in all() {
        for once in ["<h1", "<main", "<header class=\"top\"", "<footer", "class=\"skip\""] {
            assert_eq!(html.matches(once).count(), 1, "{name}: {once}");
        }
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name} repeats an element id");
    }
}

#[test]
fn every_description_and_label_points_at_something() {
    for (name, html) in all() {
        for attribute in ["aria-describedby=\"", "aria-labelledby=\"", " for=\"", "href=\"#"] {
            for value in html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
                for id in value.split(' ').filter(|id| !id.is_empty()) {
                    assert!(
                        html.contains(&format!(" id=\"{id}\"")),
                        "{name}: {attribute}{id} points at nothing"
                    );
                }
            }
        }
    }
}

#[test]
fn a_public_page_can_be_shared_and_others_are_not_indexed() {
    let pages = all();
    let page =
        |name: &str| pages.iter().find(|(found, _)| found == name).map(|(_, html)| html.as_str()).unwrap();
    let home = page("home-en");
    assert!(home.contains(r#"<link rel="canonical" href="https://kj.example.org.cn/en/">"#));
    assert!(home.contains(r#"hreflang="zh-CN" href="https://kj.example.org.cn/""#));
    assert!(home.contains(r#"property="og:title""#) && !home.contains("noindex"));
    assert!(page("work-zh").contains("noindex") && !page("work-zh").contains("canonical"));
}

#[test]
fn the_thread_is_as_wide_as_the_score() {
    let pages = all();
    let (_, html) = pages.iter().find(|(name, _)| name == "match-zh").unwrap();
    let widths: Vec<f32> = html
        .split("<svg class=\"strand\"")
        .skip(1)
        .filter_map(|svg| svg.split("stroke-width=\"").nth(1)?.split('"').next()?.parse().ok())
        .collect();
    assert_eq!(widths.len(), 6);
    assert!(widths.iter().all(|width| (1.0..=6.0).contains(width)));
    assert!(widths[0] > widths[1] && widths[1] > widths[2]);
}

#[test]
fn a_text_of_a_record_cannot_become_markup() {
    let pages = all();
    let (_, html) = pages.iter().find(|(name, _)| name == "record-public-zh").unwrap();
    assert!(html.contains(r"\u003c/script>"));
    let (_, form) = pages.iter().find(|(name, _)| name == "form-widgets-zh").unwrap();
    assert!(form.contains("value=\"{&#34;name&#34;"));
}
