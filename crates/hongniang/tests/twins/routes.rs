//! The addresses of the house, read from the file that lists them: what a request is, and what nobody asked yet.

const ROUTER: &str = include_str!("../../src/router.rs");
const METHODS: [(&str, &str); 4] =
    [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("delete(", "DELETE")];

/// One thing that can be asked: a method, and the address with its parameters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub method: &'static str,
    pub template: String,
}

/// All of them.
pub fn all() -> Vec<Route> {
    let mut found = Vec::new();
    for rest in ROUTER.split(".route(").skip(1) {
        let template = rest.split('"').nth(1).expect("an address").to_owned();
        let handlers = call(rest);
        for (word, method) in METHODS {
            let is_word =
                |at: &(usize, &str)| !handlers[..at.0].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if handlers.match_indices(word).any(|at| is_word(&at)) {
                found.push(Route { method, template: template.clone() });
            }
        }
    }
    assert!(found.len() > 50, "the router reads otherwise now: {found:?}");
    found
}

/// What stands between the parentheses of the call.
fn call(rest: &str) -> &str {
    let mut open = 1;
    for (at, c) in rest.char_indices() {
        open += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if open == 0 {
            return &rest[..at];
        }
    }
    rest
}

impl Route {
    /// The names of its parameters.
    pub fn parameters(&self) -> Vec<&str> {
        self.template.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    /// The address with its parameters filled in.
    pub fn filled(&self, value: &dyn Fn(&str) -> String) -> String {
        let mut parts = self.template.split('{');
        let mut path = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').expect("a parameter ends");
            path.push_str(&value(name));
            path.push_str(rest);
        }
        path
    }

    /// How many of its segments are fixed where a path is of this route; none where it is not.
    fn fits(&self, path: &str) -> Option<Vec<bool>> {
        let (here, there): (Vec<_>, Vec<_>) = (self.template.split('/').collect(), path.split('/').collect());
        if here.len() != there.len() {
            return None;
        }
        here.iter().zip(&there).map(|(one, other)| segment(one, other)).collect()
    }
}

/// Whether a segment is of a template's, and fixed.
fn segment(template: &str, given: &str) -> Option<bool> {
    let Some((before, rest)) = template.split_once('{') else {
        return (template == given).then_some(true);
    };
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    let middle = given.strip_prefix(before)?.strip_suffix(after)?;
    (!middle.is_empty()).then_some(!before.is_empty())
}

/// The route of a request: of those that fit, the one whose first segments are fixed.
pub fn of<'r>(routes: &'r [Route], method: &str, path: &str) -> Option<&'r Route> {
    let path = path.split('?').next().unwrap_or_default();
    let path = path.strip_prefix("/en").filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let fitting = routes.iter().filter(|route| route.method == method);
    fitting
        .filter_map(|route| Some((route.fits(path)?, route)))
        .max_by_key(|(fixed, _)| fixed.clone())
        .map(|(_, r)| r)
}
