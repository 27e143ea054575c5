//! Just enough Rust: tells code from comments, strings and characters, byte for byte.
//!
//! Knows nested comments, raw strings and lifetimes; never builds a syntax tree. Start at [`lex`].

/// Source text taken apart; offsets and lines are those of the original.
pub struct Lexed {
    /// The text with comments and the insides of literals blanked; same length, same lines.
    pub code: String,
    /// Where each string literal starts, and what it holds, escapes as written.
    pub strings: Vec<(usize, String)>,
}

/// Takes Rust source apart. An unclosed literal reaches to the end of the text.
pub fn lex(text: &str) -> Lexed {
    let mut code = text.as_bytes().to_vec();
    let mut strings = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (kind, end) = token(text, at);
        if kind != Kind::Code {
            blank(&mut code, at, end);
        }
        if let Kind::String { open, close } = kind {
            let inside = text.get(at + open..end.saturating_sub(close)).unwrap_or_default();
            strings.push((at, inside.to_owned()));
        }
        at = end;
    }
    Lexed { code: String::from_utf8_lossy(&code).into_owned(), strings }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    /// Lengths of what opens and closes it.
    String {
        open: usize,
        close: usize,
    },
    Character,
}

/// The token that starts at `at`, and where it ends. A word is one token, so that no prefix starts inside it.
fn token(text: &str, at: usize) -> (Kind, usize) {
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with("//") {
        return (Kind::Comment, at + rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, at + comment_length(rest));
    }
    if let Some((length, open, close)) = string_length(rest) {
        return (Kind::String { open, close }, at + length);
    }
    if let Some(length) = character_length(rest) {
        return (Kind::Character, at + length);
    }
    (Kind::Code, at + word_length(rest))
}

fn comment_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            b"/*" => depth += 1,
            b"*/" if depth == 1 => return at + 2,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    rest.len()
}

/// Length of the string literal at the start, of its opening and of its closing.
fn string_length(rest: &str) -> Option<(usize, usize, usize)> {
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix).unwrap_or_default();
        let hashes = if prefix.ends_with('r') { after.trim_start_matches('#') } else { after };
        hashes.starts_with('"')
    })?;
    let after = rest.get(prefix.len()..)?;
    if !prefix.ends_with('r') {
        let length = prefix.len() + 1 + escaped_length(after.get(1..)?, b'"');
        return Some((length, prefix.len() + 1, 1));
    }
    let hashes = after.len() - after.trim_start_matches('#').len();
    let open = prefix.len() + hashes + 1;
    let closing = format!("\"{}", "#".repeat(hashes));
    let inside = rest.get(open..)?;
    let length = inside.find(&closing).map_or(rest.len(), |at| open + at + closing.len());
    Some((length, open, closing.len()))
}

/// Bytes up to and with the closing quote, stepping over escapes.
fn escaped_length(inside: &str, quote: u8) -> usize {
    let mut bytes = inside.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            _ if byte == quote => return at + 1,
            _ => {}
        }
    }
    inside.len()
}

/// Length of the character at the start; none for a lifetime.
fn character_length(rest: &str) -> Option<usize> {
    let prefix = usize::from(rest.starts_with("b'"));
    let inside = rest.get(prefix..)?.strip_prefix('\'')?;
    if inside.starts_with('\\') {
        return Some(prefix + 1 + escaped_length(inside, b'\''));
    }
    let first = inside.chars().next()?;
    inside.get(first.len_utf8()..)?.starts_with('\'').then_some(prefix + 2 + first.len_utf8())
}

/// At least one character; a whole identifier where one starts.
fn word_length(rest: &str) -> usize {
    let word: usize = rest.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum();
    if word > 0 { word } else { rest.chars().next().map_or(1, char::len_utf8) }
}

/// Whether the character can stand in an identifier.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Overwrites with spaces, keeping line ends.
pub fn blank(bytes: &mut [u8], from: usize, to: usize) {
    for byte in bytes.get_mut(from..to).unwrap_or_default() {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// The line, from 1, of a byte offset.
pub fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// Where `word` stands in `code` with no identifier character on either side.
pub fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = code.get(..*at).and_then(|text| text.chars().next_back());
        let after = code.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The offset after the bracket that closes the first `open` at or after `from`; the end when it never closes.
pub fn closing(code: &str, from: usize, open: u8, close: u8) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 1;
            }
        }
    }
    code.len()
}

/// The first `{` or `;` at or after `from` outside parentheses and square brackets.
pub fn body_or_end(code: &str, from: usize) -> Option<(usize, u8)> {
    let mut depth = 0_i32;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' | b';' if depth == 0 => return Some((at, byte)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, code: &str, strings: &[&str]) {
        let lexed = lex(text);
        assert_eq!(lexed.code.len(), text.len());
        assert_eq!(lexed.code.split_whitespace().collect::<Vec<_>>().join(" "), code);
        assert_eq!(lexed.strings.iter().map(|(_, inside)| inside.as_str()).collect::<Vec<_>>(), strings);
    }

    #[test]
    fn code_is_told_from_the_rest() {
        check("a // { 甲\nb", "a b", &[]);
        check("a /* { /* } */ } */ b", "a b", &[]);
        check(r#"f("{ \" 甲 }")"#, "f( )", &[r#"{ \" 甲 }"#]);
        check(r##"f(r#"a " b"#, br"c")"##, "f( , )", &[r#"a " b"#, "c"]);
        check("'{' '\\'' b'}' '甲' x", "x", &[]);
        check("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}", &[]);
        check("r#type subr \"s\"", "r#type subr", &["s"]);
    }

    #[test]
    fn what_never_closes_reaches_to_the_end() {
        for text in ["\"a {", "r#\"a {", "/* a {", "'\\"] {
            assert_eq!(lex(text).code.trim(), "", "{text}");
        }
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(
            words("postgres my_postgres postgres2 (postgres)", "postgres").collect::<Vec<_>>(),
            [0, 32]
        );
    }

    #[test]
    fn bodies_are_found_behind_array_types() {
        let code = "fn f(a: [u8; 4]) -> [u8; 2] { { } } rest";
        let (at, byte) = body_or_end(code, 0).unwrap();
        assert_eq!((byte, &code[closing(code, at, b'{', b'}')..]), (b'{', " rest"));
    }

    #[test]
    fn lines_count_from_one() {
        assert_eq!([0, 1, 2, 3].map(|at| line_of("a\nb\n", at)), [1, 1, 2, 2]);
    }
}
