//! Faults of catalogue files: where, what, and what to do about it.
//!
//! Never stops a load: a diagnostic is collected, and the reading goes on. Start at [`Diagnostic`].

use std::fmt;
use std::rc::Rc;

/// One fault of one file, in English: catalogue files are written by those who run an installation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, as handed to the load.
    pub file: String,
    /// Line from 1.
    pub line: usize,
    /// Column in characters from 1.
    pub column: usize,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub remedy: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        if self.remedy.is_empty() { Ok(()) } else { write!(f, " — {}", self.remedy) }
    }
}

/// A place in a file, kept beside names that are looked up only when every file is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub file: Rc<str>,
    pub line: usize,
    pub column: usize,
}

impl Mark {
    /// The place of a byte of a text.
    pub fn of(file: &Rc<str>, text: &str, offset: usize) -> Mark {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        Mark { file: file.clone(), line, column }
    }

    pub fn fault(&self, code: &'static str, message: String, remedy: String) -> Diagnostic {
        Diagnostic {
            file: self.file.to_string(),
            line: self.line,
            column: self.column,
            code,
            message,
            remedy,
        }
    }

    /// An unknown name, with the nearest known one.
    pub fn unknown(&self, code: &'static str, what: &str, name: &str, known: &[&str]) -> Diagnostic {
        let remedy = match crate::near::nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("there is no {what} yet"),
            None if known.len() <= 12 => format!("known: {}", known.join(", ")),
            None => String::new(),
        };
        self.fault(code, format!("unknown {what} `{name}`"), remedy)
    }
}
