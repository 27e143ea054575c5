//! Notices in words, made when they are shown or sent, of what the person may read at that moment.
//!
//! Title, number and stage only: never a text of the inside or the sealed layer. A heading that is itself of the inside
//! layer is shown in the house and does not leave it.

use catalogue::Layer;
use catalogue::value::Lang;
use register::{Cause, Notice};

use crate::app::App;
use crate::clock;
use crate::locale::{Texts, href};
use crate::records::address;

/// Lines of one message at most; the rest is counted.
pub const LINES_MAX: usize = 30;

/// One notice in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The notice.
    pub row: i64,
    /// What happened, in one sentence.
    pub text: String,
    /// The record's page, with the language; no host.
    pub path: String,
    /// The record's printed number.
    pub number: String,
    /// The record's heading.
    pub title: String,
    /// What it is about: the move, or the clock.
    pub cause: String,
    /// Where the record stands now.
    pub stage: String,
}

/// A message: its lines, and how many more there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Language.
    pub lang: Lang,
    /// One sentence for all.
    pub subject: String,
    /// At most [`LINES_MAX`].
    pub lines: Vec<Line>,
    /// How many are left out.
    pub more: usize,
    /// It only says that the channel works.
    pub trial: bool,
}

/// A notice in words, for a page or for what leaves the house; none when its record is no longer one the person may read.
pub fn line(app: &App, lang: Lang, notice: &Notice, leaves: bool) -> Option<Line> {
    let item = notice.item.as_ref()?;
    let kind = app.register().catalogue().kind(&item.kind)?;
    let stage = kind.stage(&item.stage)?;
    let number = item.number.printed(&kind.sign);
    let stage_label = stage.label.text(lang);
    let texts = app.texts(lang);
    let title = match leaves && kind.field(&kind.title).is_none_or(|field| field.layer != Layer::Open) {
        true => kind.label.text(lang).to_owned(),
        false => item.title.clone(),
    };
    let (cause, text) = match &notice.cause {
        Cause::Moved(name) => {
            let cause = kind.move_of(name)?.label.text(lang).to_owned();
            let args =
                [("title", title.as_str()), ("number", &number), ("move", &cause), ("stage", stage_label)];
            let text = texts.fill("notices.moved", &args);
            (cause, text)
        }
        Cause::Overdue(name, due) => {
            let clock = kind.clocks().find(|clock| clock.name == *name)?;
            let cause = clock.label.text(lang).to_owned();
            let due = clock::date(*due, lang);
            let args = [("title", title.as_str()), ("number", &number), ("clock", &cause), ("due", &due)];
            let text = texts.fill("notices.overdue", &args);
            (cause, text)
        }
    };
    Some(Line {
        row: notice.row,
        text,
        path: href(lang, &address(kind, &item.number)),
        number,
        title,
        cause,
        stage: stage_label.to_owned(),
    })
}

/// A message of some notices; none when nothing is left to say.
pub fn message(app: &App, lang: Lang, notices: &[Notice], trial: bool) -> Option<Message> {
    let mut lines: Vec<Line> = notices.iter().filter_map(|notice| line(app, lang, notice, true)).collect();
    let count = lines.len();
    let texts = app.texts(lang);
    let subject = match lines.as_slice() {
        [] if trial => texts.get("notices.trial").to_owned(),
        [] => return None,
        [one] => one.text.clone(),
        _ => texts.fill("notices.several", &[("count", &count.to_string())]),
    };
    lines.truncate(LINES_MAX);
    Some(Message { lang, subject, more: count - lines.len(), lines, trial })
}

impl Message {
    /// The lines as plain text, numbered where there are several.
    pub fn body(&self, origin: &str, texts: &Texts) -> String {
        let mut out = String::new();
        for (at, line) in self.lines.iter().enumerate() {
            let mark = if self.lines.len() > 1 { format!("{}. ", at + 1) } else { String::new() };
            out.push_str(&format!("{mark}{}\n{origin}{}\n", line.text, line.path));
        }
        if self.more > 0 {
            let url = format!("{origin}{}", href(self.lang, "/notices"));
            out.push_str(&texts.fill("notices.more", &[("count", &self.more.to_string()), ("url", &url)]));
            out.push('\n');
        }
        if self.trial {
            out.push_str(texts.get("notices.trial-text"));
            out.push('\n');
        }
        out
    }

    /// The text of a letter.
    pub fn letter(&self, origin: &str, name: &str, texts: &Texts) -> String {
        let url = format!("{origin}{}", href(self.lang, "/notices/channels"));
        let args = [("name", name), ("body", &*self.body(origin, texts)), ("url", &*url)];
        texts.fill("notices.letter", &args)
    }

    /// The text of a group robot's message: as many lines as fit into so many bytes.
    pub fn short(&self, origin: &str, bytes: usize, texts: &Texts) -> String {
        let mut cut = self.clone();
        loop {
            let text = format!("{}\n{}", texts.get("site.short"), cut.body(origin, texts));
            if text.len() <= bytes || cut.lines.is_empty() {
                return text;
            }
            cut.lines.pop();
            cut.more += 1;
        }
    }
}
