//! A classification in levels: rows of code and name, a row's parent being found from its code.
//!
//! Never knows which standard it holds; `industry` and `discipline` give it rules and names.

use std::collections::HashMap;

/// One row of a classification.
pub(crate) struct Row {
    pub code: &'static str,
    pub name: &'static str,
    pub parent: Option<u16>,
}

/// A classification parsed from `code,name[,…]` lines sorted by code, first line being a heading.
pub(crate) struct Scheme {
    rows: Vec<Row>,
    by_name: HashMap<&'static str, Vec<u16>>,
}

/// What a text is in a classification.
pub(crate) enum Found {
    One(u16),
    Many(Vec<u16>),
    None,
}

impl Scheme {
    /// Reads the table; `parent_code` cuts a code down to that of its parent.
    pub fn read(csv: &'static str, parent_code: fn(&str) -> Option<&str>) -> Scheme {
        let mut scheme = Scheme { rows: Vec::new(), by_name: HashMap::new() };
        for line in csv.lines().skip(1) {
            let mut cells = line.split(',');
            let (Some(code), Some(name)) = (cells.next(), cells.next()) else { continue };
            let Ok(at) = u16::try_from(scheme.rows.len()) else { break };
            let parent = parent_code(code).and_then(|parent| scheme.at(parent));
            let name = if name.is_empty() { code } else { name };
            scheme.rows.push(Row { code, name, parent });
            scheme.by_name.entry(name).or_default().push(at);
        }
        scheme
    }

    /// The row at a position handed out by this scheme.
    pub fn row(&self, at: u16) -> Option<&Row> {
        self.rows.get(usize::from(at))
    }

    /// The position of an exact code.
    pub fn at(&self, code: &str) -> Option<u16> {
        let found = self.rows.binary_search_by(|row| row.code.cmp(code)).ok()?;
        u16::try_from(found).ok()
    }

    /// The row of an exact name; where a class and its only subclass share a name, the class, which covers both.
    pub fn named(&self, name: &str) -> Found {
        let Some(all) = self.by_name.get(name) else { return Found::None };
        let covers_all = |top: &u16| all.iter().all(|at| self.line(*at).any(|up| up == *top));
        match all.iter().find(|top| covers_all(top)) {
            Some(top) => Found::One(*top),
            None => Found::Many(all.clone()),
        }
    }

    /// A row and its ancestors, self first.
    pub fn line(&self, at: u16) -> impl Iterator<Item = u16> + '_ {
        std::iter::successors(Some(at), |at| self.row(*at)?.parent).take(crate::limits::PARENT_DEPTH_MAX)
    }

    /// Rows directly below.
    pub fn children(&self, at: u16) -> impl Iterator<Item = u16> + '_ {
        self.all().filter(move |child| self.row(*child).is_some_and(|row| row.parent == Some(at)))
    }

    /// All positions in order of code.
    pub fn all(&self) -> impl Iterator<Item = u16> + '_ {
        (0..self.rows.len()).filter_map(|at| u16::try_from(at).ok())
    }

    /// The codes of several rows, for messages.
    pub fn codes(&self, rows: &[u16]) -> String {
        let codes: Vec<_> = rows.iter().filter_map(|at| Some(self.row(*at)?.code)).collect();
        codes.join("、")
    }
}

/// Implements what `industry` and `discipline` share: look-up, ancestors, wire form.
macro_rules! classified {
    ($type:ident, $table:ident, $ambiguous:ident, $unknown:ident) => {
        impl $type {
            /// Reads a code, or an exact name.
            pub fn parse(text: &str) -> Result<$type, $crate::fault::CodeError> {
                use $crate::{fault::CodeError, fault::quote, scheme::Found};
                if let Some(at) = $table().at(&code_of(text)) {
                    return Ok($type(at));
                }
                match $table().named($crate::text::narrow(text).trim()).or_wide($table(), text) {
                    Found::One(at) => Ok($type(at)),
                    Found::Many(all) => {
                        Err(CodeError::$ambiguous { text: quote(text), candidates: $table().codes(&all) })
                    }
                    Found::None => Err(CodeError::$unknown { text: quote(text) }),
                }
            }

            /// The code as the table writes it.
            pub fn code(&self) -> &'static str {
                $table().row(self.0).map_or("", |row| row.code)
            }

            /// The Chinese name; the code where the table has none.
            pub fn name(&self) -> &'static str {
                $table().row(self.0).map_or("", |row| row.name)
            }

            /// The class above.
            pub fn parent(&self) -> Option<$type> {
                $table().row(self.0)?.parent.map($type)
            }

            /// Self first, up to the top class.
            pub fn ancestors(&self) -> Vec<$type> {
                $table().line(self.0).map($type).collect()
            }

            /// Classes directly below, in order of code.
            pub fn children(&self) -> Vec<$type> {
                $table().children(self.0).map($type).collect()
            }

            /// Whether this is `other` or lies below it.
            pub fn within(&self, other: &$type) -> bool {
                $table().line(self.0).any(|at| at == other.0)
            }

            /// All classes in order of code.
            pub fn all() -> Vec<$type> {
                $table().all().map($type).collect()
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({} {})", stringify!($type), self.code(), self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::fault::CodeError;

            fn from_str(text: &str) -> Result<$type, Self::Err> {
                $type::parse(text)
            }
        }

        $crate::wire::text_on_the_wire!($type);
    };
}

pub(crate) use classified;

impl Found {
    /// Where the narrowed name is unknown, tries the name as typed: tables keep full-width brackets.
    pub fn or_wide(self, scheme: &Scheme, text: &str) -> Found {
        match self {
            Found::None => scheme.named(text.trim()),
            found => found,
        }
    }
}
