//! What a page offers to whoever reads it: its links, and its forms as a browser would send them.

use crate::harness::client::encode;

/// A form as one of its buttons sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub action: String,
    pub body: String,
}

/// Buttons that only change what the form shows.
const STEPS: [&str; 4] = ["find", "more", "drop", "pick"];

/// Addresses in the house that a page links, without those of the other language.
pub fn links(page: &str) -> Vec<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(plain);
    let here = all.filter_map(|link| link.split('#').next().map(str::to_owned));
    here.filter(|link| link.starts_with('/') && !link.starts_with("//") && !is_english(link)).collect()
}

fn is_english(link: &str) -> bool {
    link == "/en" || link.starts_with("/en/") || link.starts_with("/en?")
}

/// The forms a page would post.
pub fn forms(page: &str) -> Vec<Form> {
    let parts = page.split("<form ").skip(1).filter_map(|rest| rest.split("</form>").next());
    parts.filter(|form| attribute(form, "method").as_deref() == Some("post")).flat_map(sent).collect()
}

fn sent(form: &str) -> Vec<Form> {
    let Some(action) = attribute(form, "action") else { return Vec::new() };
    let (mut pairs, mut buttons) = (Vec::new(), Vec::new());
    for rest in form.split('<').skip(1) {
        let tag = rest.split('>').next().unwrap_or_default();
        let (Some(name), value) = (attribute(tag, "name"), attribute(tag, "value").unwrap_or_default())
        else {
            continue;
        };
        match tag.split(' ').next().unwrap_or_default() {
            "input" => {
                let kind = attribute(tag, "type").unwrap_or_default();
                let may = !matches!(kind.as_str(), "checkbox" | "radio") || tag.contains(" checked");
                if may && kind != "file" {
                    pairs.push((name, value));
                }
            }
            "textarea" => {
                let text = rest.split_once('>').map_or("", |(_, text)| text);
                pairs.push((name, plain(text.strip_prefix('\n').unwrap_or(text))));
            }
            "select" => pairs.push((name.clone(), chosen(form, &name))),
            "button" if !STEPS.contains(&name.as_str()) => buttons.push((name, value)),
            _ => {}
        }
    }
    let body = |button: Option<&(String, String)>| {
        let told =
            pairs.iter().chain(button).map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        Form { action: action.clone(), body: told.collect::<Vec<_>>().join("&") }
    };
    let mut found: Vec<Form> = buttons.iter().map(|button| body(Some(button))).collect();
    if found.is_empty() {
        found.push(body(None));
    }
    found.dedup();
    found
}

/// The value a list of choices would send: what is chosen, or the first.
fn chosen(form: &str, name: &str) -> String {
    let list = form.split(&format!("name=\"{name}\"")).nth(1).and_then(|rest| rest.split("</select>").next());
    let options: Vec<&str> = list.unwrap_or_default().split("<option ").skip(1).collect();
    let picked =
        options.iter().find(|option| option.split('>').next().is_some_and(|tag| tag.contains(" selected")));
    picked.or(options.first()).and_then(|option| attribute(option, "value")).unwrap_or_default()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let mark = format!("{name}=\"");
    let at = tag.match_indices(&mark).find(|(at, _)| *at == 0 || tag[..*at].ends_with(' '))?.0;
    tag[at + mark.len()..].split('"').next().map(plain)
}

fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for (from, to) in
        [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&"), ("&amp;", "&")]
    {
        text = text.replace(from, to);
    }
    text
}
