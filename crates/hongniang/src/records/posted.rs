//! Reading what a form posted: urlencoded or multipart, checked for encoding and size, uploads stored.
//!
//! Answers which button was pressed. Never reads a field's meaning: that is the draft's. Start at [`Posted`].

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use base::limits;

use super::draft::Draft;
use crate::app::App;
use crate::trouble::Trouble;

/// A posted form.
#[derive(Debug)]
pub struct Posted {
    /// What was typed; files stand in it as their JSON.
    pub draft: Draft,
    /// The button.
    pub press: Press,
}

/// The button that was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// The form is finished; the value of the button `do`.
    Do(String),
    /// Look for a record for this reference field.
    Find(String),
    /// This record was chosen for the field.
    Pick(String, String),
    /// Take this value off the field.
    Drop(String, String),
    /// One more row for this group.
    More(String),
}

impl Posted {
    /// From the pairs of a form.
    pub fn of(pairs: Vec<(String, String)>) -> Posted {
        let (buttons, typed): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| is_button(name));
        let press = buttons.into_iter().next().map_or_else(|| Press::Do(String::new()), pressed);
        Posted { draft: Draft::new(typed), press }
    }

    /// The value of the button `do`; empty when it was another.
    pub fn pressed(&self) -> &str {
        match &self.press {
            Press::Do(what) => what,
            _ => "",
        }
    }

    /// Applies a choice, a removal or one more row to the draft; nothing for the others.
    pub fn apply(&mut self, many: impl Fn(&str) -> bool) {
        match &self.press {
            Press::Pick(field, id) if many(field) => {
                if !self.draft.all(field).any(|known| known == id) {
                    self.draft.add(field, id.clone());
                }
            }
            Press::Pick(field, id) => self.draft.set(field, id.clone()),
            Press::Drop(field, id) => self.draft.drop_one(field, id),
            Press::Find(_) | Press::More(_) | Press::Do(_) => {}
        }
    }
}

fn is_button(name: &str) -> bool {
    matches!(name, "do" | "find" | "drop" | "more") || name.starts_with("pick-")
}

fn pressed((name, value): (String, String)) -> Press {
    match name.as_str() {
        "find" => Press::Find(value),
        "more" => Press::More(value),
        "drop" => match value.split_once(':') {
            Some((field, item)) => Press::Drop(field.to_owned(), item.to_owned()),
            None => Press::Do(String::new()),
        },
        "do" => Press::Do(value),
        // Back from a search step without a choice: the form as it was.
        "pick-none" => Press::More(String::new()),
        _ => Press::Pick(name.trim_start_matches("pick-").to_owned(), value),
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &App) -> Result<Posted, Trouble> {
        let media = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if media.starts_with("multipart/form-data") {
            let multipart =
                Multipart::from_request(request, app).await.map_err(|e| Trouble::Malformed(e.body_text()))?;
            return Ok(Posted::of(read_multipart(multipart, app).await?));
        }
        if !media.starts_with("application/x-www-form-urlencoded") {
            return Err(Trouble::UnsupportedMedia);
        }
        let body =
            Bytes::from_request(request, app).await.map_err(|_| Trouble::TooLarge(limits::BODY_BYTES_MAX))?;
        Ok(Posted::of(read_pairs(&body)?))
    }
}

/// The pairs of an urlencoded text; a byte that is not UTF-8 is a fault, not a replacement character.
pub fn read_pairs(text: &[u8]) -> Result<Vec<(String, String)>, Trouble> {
    text.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (name, value) = pair.split_at(at);
            Ok((decode(name)?, decode(value.get(1..).unwrap_or_default())?))
        })
        .collect()
}

fn decode(text: &[u8]) -> Result<String, Trouble> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next())? << 4 | hex(rest.next())?,
            byte => byte,
        });
    }
    plain(String::from_utf8(bytes).map_err(|_| Trouble::BadEncoding)?)
}

fn hex(letter: Option<u8>) -> Result<u8, Trouble> {
    letter
        .and_then(|l| char::from(l).to_digit(16))
        .and_then(|d| u8::try_from(d).ok())
        .ok_or(Trouble::BadEncoding)
}

/// A text without NUL; line ends as one character.
fn plain(text: String) -> Result<String, Trouble> {
    if text.contains('\0') {
        return Err(Trouble::BadEncoding);
    }
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

async fn read_multipart(mut parts: Multipart, app: &App) -> Result<Vec<(String, String)>, Trouble> {
    let mut pairs = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|e| Trouble::Malformed(e.body_text()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let media = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = part.bytes().await.map_err(|_| Trouble::TooLarge(limits::UPLOAD_BYTES_MAX))?;
        match file {
            None => pairs
                .push((name, plain(String::from_utf8(bytes.to_vec()).map_err(|_| Trouble::BadEncoding)?)?)),
            Some(file) if !file.is_empty() => pairs.push((name, store(app, &file, &media, &bytes)?)),
            Some(_) => {}
        }
    }
    Ok(pairs)
}

fn store(app: &App, name: &str, media: &str, bytes: &[u8]) -> Result<String, Trouble> {
    if bytes.len() > limits::UPLOAD_BYTES_MAX {
        return Err(Trouble::TooLarge(limits::UPLOAD_BYTES_MAX));
    }
    let name: String =
        name.chars().filter(|c| !c.is_control() && !matches!(c, '/' | '\\')).take(120).collect();
    let mut bytes = bytes;
    let stored = app.register().store_file(app.now(), &mut bytes, &name, media)?;
    Ok(stored.value().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pairs_and_refuses_what_is_not_text() {
        let read = |text: &str| read_pairs(text.as_bytes()).map_err(|t| t.telling().code);
        assert_eq!(
            read("a=1&b=%E5%8F%B7+x"),
            Ok(vec![("a".into(), "1".into()), ("b".into(), "号 x".into())])
        );
        for bad in ["a=%FF", "a=%ED%A0%80", "a=%00", "a=%4", "a=%zz"] {
            assert_eq!(read(bad), Err("bad-encoding"), "{bad}");
        }
    }
}
