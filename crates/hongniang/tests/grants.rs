//! Every cell of the grants table, tried over HTTP: who stands so to a record may do it, and nobody else may.
//!
//! What is expected comes from the committed sheet and from how far each stage reaches, never from the code that
//! answers. Records and people are put into the store before the server starts; everything that is judged is asked of
//! the server. Start at `try_every_cell`.

#[cfg(test)]
#[expect(dead_code, reason = "each test program uses the part of the harness it needs")]
mod harness;

/// The committed sheet, and what it says of someone who stands in certain ways.
#[cfg(test)]
mod sheet {
    use std::collections::BTreeSet;
    use std::path::Path;

    use catalogue::access::{Role, Standing};
    use catalogue::{Audience, Catalogue};

    const SHEET: &str = include_str!("../../../catalogue/grants.csv");

    /// One way of asking: a standing, perhaps with a role.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Column {
        pub role: Option<Role>,
        pub standing: Standing,
    }

    /// One line: what may be done at a stage, and the columns that may.
    #[derive(Clone, Debug)]
    pub struct Line {
        pub kind: String,
        pub stage: String,
        pub verb: String,
        pub granted: Vec<Column>,
    }

    pub struct Sheet {
        pub columns: Vec<Column>,
        pub lines: Vec<Line>,
    }

    impl Column {
        pub const fn bare(standing: Standing) -> Column {
            Column { role: None, standing }
        }

        fn read(text: &str) -> Column {
            let (role, standing) =
                text.split_once('@').map_or((None, text), |(role, standing)| (Some(role), standing));
            let named = |role| Role::NAMES.iter().find(|(name, _)| *name == role).expect("a role").1;
            let (_, standing) =
                Standing::NAMES.iter().find(|(name, _)| *name == standing).expect("a standing");
            Column { role: role.map(named), standing: *standing }
        }

        pub fn text(&self) -> String {
            let role = self.role.map(|role| format!("{}@", role.name())).unwrap_or_default();
            format!("{role}{}", self.standing.name())
        }

        /// Whether a record that travels so far is in sight of those who stand so.
        fn sees(&self, reach: Audience) -> bool {
            match self.standing {
                Standing::Own | Standing::Assigned => true,
                Standing::Region | Standing::Node => reach >= Audience::Node,
                Standing::Anyone => reach == Audience::Public,
            }
        }
    }

    impl Sheet {
        pub fn committed() -> Sheet {
            let mut rows = SHEET.lines().map(|row| row.split(',').map(str::to_owned).collect::<Vec<_>>());
            let heading = rows.next().expect("a heading");
            let columns: Vec<Column> = heading.iter().skip(3).map(|text| Column::read(text)).collect();
            let line = |row: Vec<String>| {
                assert_eq!(row.len(), columns.len() + 3, "{row:?}");
                let marked = columns.iter().zip(&row[3..]).filter(|(_, mark)| *mark == "1");
                let granted = marked.map(|(column, _)| *column).collect();
                Line { kind: row[0].clone(), stage: row[1].clone(), verb: row[2].clone(), granted }
            };
            let lines = rows.map(line).collect();
            Sheet { columns, lines }
        }

        /// Whether someone who stands in these ways may do it to a record of this reach. Creating and erasing do not
        /// depend on how far a record travels; everything else begins with reading it.
        pub fn allows(&self, line: &Line, stands: &[Column], reach: Audience) -> bool {
            let marked = |line: &Line| stands.iter().any(|c| line.granted.contains(c) && c.sees(reach));
            match line.verb.as_str() {
                "create" | "erase" => stands.iter().any(|column| line.granted.contains(column)),
                _ => marked(line) && self.reads(line, stands, reach),
            }
        }

        /// Whether someone who stands in these ways may read a record at the line's stage.
        pub fn reads(&self, line: &Line, stands: &[Column], reach: Audience) -> bool {
            let at = |read: &&Line| read.verb == "read" && read.kind == line.kind && read.stage == line.stage;
            let read = self.lines.iter().find(at).expect("every stage has a line for reading");
            stands.iter().any(|column| read.granted.contains(column) && column.sees(reach))
        }
    }

    /// The catalogue as it is committed.
    pub fn shipped() -> Catalogue {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
        let mut files = Vec::new();
        gather(&folder, "catalogue", &mut files);
        let (catalogue, faults) = Catalogue::load(files);
        assert!(faults.is_empty(), "{faults:?}");
        catalogue
    }

    fn gather(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = format!("{prefix}/{}", path.file_name().unwrap_or_default().to_string_lossy());
            match path.is_dir() {
                true => gather(&path, &name, files),
                false if name.ends_with(".toml") => {
                    files.push((name, std::fs::read_to_string(&path).expect("a text")));
                }
                false => {}
            }
        }
    }

    /// What the routes and the catalogue offer: (kind, stage, verb).
    fn offered(catalogue: &Catalogue) -> BTreeSet<(String, String, String)> {
        let mut found = BTreeSet::new();
        for kind in catalogue.kinds() {
            for stage in &kind.stages {
                let starts = kind.types.iter().any(|of| kind.start_of(&of.path) == stage.name)
                    || kind.start == stage.name;
                let moves = kind.moves.iter().filter(|mv| mv.from.contains(&stage.name));
                let verbs = ["read", "revise", "merge", "erase"]
                    .into_iter()
                    .chain(starts.then_some("create"))
                    .chain(moves.map(|mv| mv.name.as_str()));
                found.extend(verbs.map(|verb| (kind.name.clone(), stage.name.clone(), verb.to_owned())));
            }
        }
        found
    }

    #[test]
    fn the_sheet_has_a_line_for_everything_that_can_be_asked_and_no_other() {
        let lines = Sheet::committed().lines.into_iter().map(|line| (line.kind, line.stage, line.verb));
        assert_eq!(lines.collect::<BTreeSet<_>>(), offered(&shipped()));
    }
}

/// Records at every stage, and people who stand to them in every way: put into the store before anyone serves it.
#[cfg(test)]
mod stand {
    use std::collections::{BTreeMap, VecDeque};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use base::id::RecordId;
    use base::place::Place;
    use catalogue::access::{Role, Standing};
    use catalogue::step::Guard;
    use catalogue::{Asker, Catalogue, Field, Fields, Kind, Move, Over, RoleGrant, Shape};
    use register::{Fault, Key, New, Record, Register, StoreAt, Who, Writer};
    use serde_json::{Map, Value, json};
    use sha2::{Digest as _, Sha256};

    use super::sheet::{Column, Line, Sheet};

    /// Where all records lie, and where the twin officers serve who have no business with them.
    const HERE: &str = "330521";
    const ELSEWHERE: &str = "330281";
    const DAY: &str = "2026-11-20";
    const MORNING: &str = "2026-11-20T02:00:00Z";
    const LATE: &str = "2099-01-01T00:00:00Z";
    /// The type of tie whose owner must own what it opens.
    const OPENING: &str = "opening";

    /// One cell, ready to be tried.
    #[derive(Clone, Debug)]
    pub struct Trial {
        pub line: usize,
        pub column: Column,
        /// Somebody stands exactly so; otherwise the nearest who can exist asks, and must be refused.
        pub exact: bool,
        pub cookie: Option<String>,
        pub reads: bool,
        pub allowed: bool,
        /// Number of the record, and of the duplicate for merging.
        pub number: String,
        pub lose: String,
        /// Type and fields given with it.
        pub type_path: String,
        pub given: Fields,
    }

    #[derive(Clone, Copy, Debug)]
    enum Party {
        Unit(RecordId),
        Person(RecordId),
    }

    /// A record that stands at a stage, and who stands to it.
    #[derive(Clone, Debug)]
    struct Base {
        number: String,
        owner: Option<Party>,
        assigned: Option<Party>,
    }

    /// Someone who comes with a session, or without one, and how they stand to a record.
    struct Comer {
        cookie: Option<String>,
        stands: Vec<Column>,
    }

    struct Hands<'h, 'w> {
        writer: &'h mut Writer<'w>,
        catalogue: Arc<Catalogue>,
        /// One record of each kind that others refer to; the organisation owns, the person is assigned.
        known: BTreeMap<String, RecordId>,
        /// The organisation that is assigned, and one that has to do with nothing.
        assigned: Option<RecordId>,
        aside: Option<RecordId>,
        sessions: BTreeMap<(Column, Option<RecordId>), String>,
        drawn: usize,
    }

    /// Everything to be tried, in the order of the sheet. Writes it all in one transaction.
    pub fn prepare(at: &StoreAt, catalogue: Catalogue) -> Vec<Trial> {
        let counter = AtomicU64::new(0);
        let chance = move |bytes: &mut [u8]| {
            for part in bytes.chunks_mut(32) {
                let drawn = Sha256::digest(counter.fetch_add(1, Ordering::Relaxed).to_be_bytes());
                part.copy_from_slice(&drawn[..part.len()]);
            }
        };
        let (catalogue, now) = (Arc::new(catalogue), MORNING.parse().expect("a moment"));
        let register = Register::open(at, catalogue.clone(), now, Arc::new(chance)).expect("a register");
        let all = move |writer: &mut Writer<'_>| {
            let mut hands = Hands {
                writer,
                catalogue,
                known: BTreeMap::new(),
                assigned: None,
                aside: None,
                sessions: BTreeMap::new(),
                drawn: 0,
            };
            hands.furnish();
            Ok(hands.trials(&Sheet::committed()))
        };
        register.write_now(now, all).expect("records and people").value
    }

    impl Hands<'_, '_> {
        fn furnish(&mut self) {
            let unit = |hands: &mut Self| hands.stand("organization", "listed").1;
            self.aside = Some(unit(self));
            self.assigned = Some(unit(self));
            let owner = unit(self);
            self.known.insert("organization".to_owned(), owner);
            for (kind, stage) in [("person", "listed"), ("achievement", "published"), ("demand", "published")]
            {
                let (_, id) = self.stand(kind, stage);
                self.known.insert(kind.to_owned(), id);
            }
        }

        fn trials(&mut self, sheet: &Sheet) -> Vec<Trial> {
            let mut shared: BTreeMap<(String, String), (Base, Base)> = BTreeMap::new();
            let mut trials = Vec::new();
            for (at, line) in sheet.lines.iter().enumerate() {
                let place = (line.kind.clone(), line.stage.clone());
                if !shared.contains_key(&place) {
                    let pair = (self.stand(&line.kind, &line.stage).0, self.stand(&line.kind, &line.stage).0);
                    shared.insert(place.clone(), pair);
                }
                let (base, lose) = shared[&place].clone();
                for column in &sheet.columns {
                    trials.push(match line.verb.as_str() {
                        "create" => self.creation(sheet, at, *column),
                        _ => self.trial(sheet, at, *column, &base, &lose),
                    });
                }
            }
            trials
        }

        /// A trial on a record that stands there; on a fresh one if it will not stand there afterwards.
        fn trial(&mut self, sheet: &Sheet, at: usize, column: Column, base: &Base, lose: &Base) -> Trial {
            let line = &sheet.lines[at];
            let catalogue = self.catalogue.clone();
            let kind = catalogue.kind(&line.kind).expect("a kind");
            let reach = kind.stage(&line.stage).expect("a stage").reach;
            let mut comer = self.comer(column, base);
            let (mut number, mut lose) = (base.number.clone(), lose.number.clone());
            let reads = sheet.reads(line, &comer.stands, reach);
            let allowed = sheet.allows(line, &comer.stands, reach);
            let mv = kind.move_of(&line.verb);
            match line.verb.as_str() {
                "merge" if allowed => lose = self.stand(&line.kind, &line.stage).0.number,
                verb if allowed && (verb == "erase" || mv.is_some_and(|mv| mv.to.is_some())) => {
                    let fresh = self.stand(&line.kind, &line.stage).0;
                    comer = self.comer(column, &fresh);
                    number = fresh.number;
                }
                _ => {}
            }
            let given = mv.map(|mv| self.given(kind, mv)).unwrap_or_default();
            let exact = comer.stands.contains(&column);
            let (cookie, type_path) = (comer.cookie, String::new());
            Trial { line: at, column, exact, cookie, reads, allowed, number, lose, type_path, given }
        }

        /// A trial of filing: whoever files a record of a kind without an owner field owns it; nobody owns what owns
        /// itself before it is there; an opening is owned with what it opens.
        fn creation(&mut self, sheet: &Sheet, at: usize, column: Column) -> Trial {
            let line = &sheet.lines[at];
            let catalogue = self.catalogue.clone();
            let kind = catalogue.kind(&line.kind).expect("a kind");
            let types = types_of(kind);
            let type_path = types
                .into_iter()
                .find(|of| kind.start_of(of) == line.stage)
                .expect("a type that starts there");
            let mut given = self.fields(kind, &type_path);
            given.retain(|name, _| kind.field(name).is_some_and(|field| !field.by_moves));
            let named = assigning(kind, &type_path).filter(|field| given.contains_key(&field.name));
            let owned = match kind.owner.as_deref() {
                None => type_path == OPENING,
                Some(owner) => owner != catalogue::kind::OWNER_SELF,
            };
            let base = Base {
                number: String::new(),
                owner: owned.then(|| Party::Unit(self.known["organization"])),
                assigned: named.and_then(|field| self.party(field)),
            };
            let mut comer = self.comer(column, &base);
            if kind.owner.is_none() {
                comer.stands.retain(|of| of.standing != Standing::Own || of.role.is_none());
                if comer.cookie.is_some() && type_path != OPENING {
                    comer.stands.push(Column::bare(Standing::Own));
                }
            }
            let reach = kind.stage(&line.stage).expect("a stage").reach;
            let allowed = sheet.allows(line, &comer.stands, reach);
            let exact = comer.stands.contains(&column);
            let (number, lose) = (String::new(), String::new());
            Trial {
                line: at,
                column,
                exact,
                cookie: comer.cookie,
                reads: true,
                allowed,
                number,
                lose,
                type_path,
                given,
            }
        }

        /// A new record brought to a stage by the fewest moves, each made by someone it is granted to.
        fn stand(&mut self, kind: &str, stage: &str) -> (Base, RecordId) {
            let catalogue = self.catalogue.clone();
            let kind = catalogue.kind(kind).expect("a kind");
            let (type_path, moves) = way(kind, stage);
            let fields = self.fields(kind, &type_path);
            let owner = self.known.get("organization").copied();
            let place = Place::parse(HERE).ok();
            let new = New { kind: kind.name.clone(), type_path, fields, owner, place, id: None };
            let made = self.by_whom_it_is_granted(None, |writer, who| writer.create(who, new.clone()));
            let mut made = made.unwrap_or_else(|fault| panic!("{}: {fault}", kind.name));
            for mv in moves {
                let given = self.given(kind, mv);
                let key = Key::Id(made.item.id);
                let moved = self.by_whom_it_is_granted(Some(made.item.id), |writer, who| {
                    writer.make(who, &key, None, &mv.name, &given, 0)
                });
                made = moved.unwrap_or_else(|fault| panic!("{} {}: {fault}", kind.name, mv.name));
            }
            assert_eq!(made.item.stage, stage, "{}", kind.name);
            (self.base(kind, &made), made.item.id)
        }

        fn base(&self, kind: &Kind, made: &Record) -> Base {
            let id = made.item.id;
            let owner = match made.subject.owner {
                Some(owner) if owner == id && kind.name == "person" => Some(Party::Person(id)),
                owner => owner.map(Party::Unit),
            };
            let assigned = assigning(kind, &made.item.type_path).and_then(|field| self.party(field));
            Base { number: made.item.number.path(), owner, assigned }
        }

        /// The first of owner, handling offices, assigned and the record itself who is not refused.
        fn by_whom_it_is_granted(
            &mut self,
            own: Option<RecordId>,
            mut write: impl FnMut(&mut Writer<'_>, &Asker) -> Result<Record, Fault>,
        ) -> Result<Record, Fault> {
            let held = |role| RoleGrant { role, over: Over::Node };
            let owner = Asker {
                organizations: self.known.get("organization").copied().into_iter().collect(),
                ..Asker::default()
            };
            let offices = Asker {
                roles: [Role::Officer, Role::Liaison, Role::Steward].map(held).to_vec(),
                ..Asker::default()
            };
            let assigned = Asker {
                person: self.known.get("person").copied(),
                organizations: self.assigned.into_iter().collect(),
                roles: Vec::new(),
            };
            let own = Asker { person: own, ..Asker::default() };
            let mut last = Err(Fault::NotAllowed);
            for who in [owner, offices, assigned, own] {
                last = write(self.writer, &who);
                match &last {
                    Err(
                        Fault::NotFound | Fault::NotAllowed | Fault::Refused(catalogue::Refusal::NotAllowed),
                    ) => {}
                    _ => return last,
                }
            }
            last
        }

        /// Someone who stands in one way to the record, and everything that follows from it. Where nobody can stand
        /// so, the nearest who exists: signed in, or with the role over something else.
        fn comer(&mut self, column: Column, base: &Base) -> Comer {
            let anyone = Column::bare(Standing::Anyone);
            let with = |standing| Column { role: column.role, standing };
            let party = match column.standing {
                Standing::Own => base.owner,
                Standing::Assigned => base.assigned,
                Standing::Region | Standing::Node | Standing::Anyone => None,
            };
            let stands = match (column.role, column.standing, party) {
                (None, Standing::Anyone, _) => return Comer { cookie: None, stands: vec![anyone] },
                (None, _, Some(_)) => vec![column, anyone],
                (None, _, None) => vec![anyone],
                (Some(_), Standing::Region, _) => vec![column, with(Standing::Anyone), anyone],
                (Some(_), Standing::Node, _) => {
                    vec![column, with(Standing::Region), with(Standing::Anyone), anyone]
                }
                (Some(_), standing, Some(Party::Unit(_))) => {
                    vec![column, Column::bare(standing), with(Standing::Anyone), anyone]
                }
                (Some(_), ..) => vec![with(Standing::Anyone), anyone],
            };
            let by = party.filter(|_| stands.contains(&column));
            Comer { cookie: Some(self.session(column, by)), stands }
        }

        fn session(&mut self, column: Column, party: Option<Party>) -> String {
            let of = party.map(|(Party::Unit(id) | Party::Person(id))| id);
            if let Some(cookie) = self.sessions.get(&(column, of)) {
                return cookie.clone();
            }
            let who = match (column.role, party) {
                (None, Some(Party::Person(id))) => Who::Person(id),
                (None, Some(Party::Unit(id))) => Who::Person(self.person(Some(id))),
                (None, None) => Who::Person(self.person(None)),
                (Some(role), _) => Who::Account(self.account(role, self.over(column.standing, of))),
            };
            let secret = format!("a-session-of-the-test-{}", self.sessions.len());
            let digest: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
            self.writer.start_session(who, &digest, LATE.parse().expect("a moment")).expect("a session");
            let cookie = format!("__Host-hongniang={secret}");
            self.sessions.insert((column, of), cookie.clone());
            cookie
        }

        fn over(&self, standing: Standing, of: Option<RecordId>) -> Over {
            let place = |code| Over::Place(Place::parse(code).expect("a place"));
            match (standing, of) {
                (Standing::Region, _) => place(HERE),
                (Standing::Node, _) => Over::Node,
                (Standing::Anyone, _) => place(ELSEWHERE),
                (_, Some(unit)) => Over::Organization(unit),
                (_, None) => Over::Organization(self.aside.expect("an organisation aside")),
            }
        }

        /// A member of staff, perhaps of an organisation, whose own record has nothing to do with any trial.
        fn person(&mut self, employer: Option<RecordId>) -> RecordId {
            let steward = Asker {
                roles: vec![RoleGrant { role: Role::Steward, over: Over::Node }],
                ..Asker::default()
            };
            let mut fields = Map::new();
            fields.insert("title".to_owned(), json!(format!("来人{}（虚构）", self.sessions.len())));
            fields.extend(employer.map(|id| ("employer".to_owned(), json!(id.to_string()))));
            let new = New { kind: "person".into(), type_path: "officer".into(), fields, ..New::default() };
            self.writer.create(&steward, new).expect("a person").item.id
        }

        fn account(&mut self, role: Role, over: Over) -> i64 {
            let person = self.person(None);
            let name = format!("account-{}", self.sessions.len());
            let account = self.writer.create_account(&name, None, person).expect("an account");
            self.writer.give(account.row, role, &over).expect("a role");
            account.row
        }

        fn party(&self, field: &Field) -> Option<Party> {
            match accepts(field, "organization") {
                true => self.assigned.map(Party::Unit),
                false => self.known.get("person").copied().map(Party::Person),
            }
        }

        /// What a record needs: required fields, what 体检 asks, place, owner and whom it assigns.
        fn fields(&mut self, kind: &Kind, type_path: &str) -> Fields {
            let asked = kind.checkup.as_ref().map(|rule| rule.asks.clone()).unwrap_or_default();
            let assigns = assigning(kind, type_path).map(|field| field.name.clone());
            let named = [kind.place.clone(), kind.owner.clone(), assigns.clone()];
            let wanted = |field: &&Field| {
                field.required || asked.contains(&field.name) || named.contains(&Some(field.name.clone()))
            };
            let fields: Vec<&Field> = kind.fields_of(type_path).filter(wanted).collect();
            fields
                .into_iter()
                .map(|field| match (assigns.as_ref() == Some(&field.name), self.party(field)) {
                    (true, Some(Party::Unit(id) | Party::Person(id))) => {
                        (field.name.clone(), one_or_many(field, json!(id.to_string())))
                    }
                    _ => (field.name.clone(), self.sample(field)),
                })
                .collect()
        }

        /// What a move needs, and what its guards look at.
        fn given(&mut self, kind: &Kind, mv: &Move) -> Fields {
            let looked_at = mv.when.iter().flat_map(Guard::fields).map(|name| (*name).to_owned());
            let looked_at = looked_at.filter(|name| mv.takes.contains(name));
            let names: Vec<String> = mv.needs.iter().cloned().chain(looked_at).collect();
            names
                .into_iter()
                .filter_map(|name| kind.field(&name))
                .map(|field| (field.name.clone(), self.sample(field)))
                .collect()
        }

        /// A value a field accepts.
        fn sample(&mut self, field: &Field) -> Value {
            self.drawn += 1;
            let one = match &field.shape {
                Shape::Line | Shape::Text => json!(format!("样例记录{:05}", self.drawn)),
                Shape::Integer => json!(1),
                Shape::Boolean => json!(true),
                Shape::Day => json!(DAY),
                Shape::Place => json!(HERE),
                Shape::Code(vocabulary) if vocabulary == "industry" => json!("C202"),
                Shape::Code(vocabulary) if vocabulary == "discipline" => json!("220"),
                Shape::Code(vocabulary) => {
                    json!(self.catalogue.vocabularies()[vocabulary].terms.last().expect("a term").code)
                }
                Shape::CreditCode => json!("91990000HN00000167"),
                Shape::Orcid => json!("0000-0002-1825-0097"),
                Shape::Money => json!("60万元"),
                Shape::Quantity => json!("1.8 t"),
                Shape::Reference(_) => json!(self.referred(field)),
                Shape::File => Value::Null,
                Shape::Group(fields) => {
                    let needed = fields.iter().filter(|field| field.required);
                    needed.map(|field| (field.name.clone(), self.sample(field))).collect::<Map<_, _>>().into()
                }
            };
            one_or_many(field, one)
        }

        fn referred(&self, field: &Field) -> Option<String> {
            let kinds = ["organization", "demand", "achievement", "person"];
            // Where any kind will do, something the owner owns: only that may be opened to others.
            let found = match &field.shape {
                Shape::Reference(of) if of.is_empty() => self.known.get("achievement"),
                _ => kinds.iter().filter(|kind| accepts(field, kind)).find_map(|kind| self.known.get(*kind)),
            };
            found.map(ToString::to_string)
        }
    }

    fn one_or_many(field: &Field, one: Value) -> Value {
        if field.many { Value::Array(vec![one]) } else { one }
    }

    fn accepts(field: &Field, kind: &str) -> bool {
        match &field.shape {
            Shape::Reference(kinds) => kinds.is_empty() || kinds.iter().any(|of| of == kind),
            _ => false,
        }
    }

    /// The field by which someone is assigned: one that may name an organisation, else the last there is.
    fn assigning<'k>(kind: &'k Kind, type_path: &'k str) -> Option<&'k Field> {
        let fields: Vec<&Field> = kind.fields_of(type_path).filter(|field| field.assigns).collect();
        let unit = fields.iter().rev().find(|field| accepts(field, "organization"));
        unit.or(fields.last()).copied()
    }

    fn types_of(kind: &Kind) -> Vec<String> {
        match kind.types.is_empty() {
            true => vec![String::new()],
            false => kind.types.iter().map(|of| of.path.clone()).collect(),
        }
    }

    /// The type from which a stage is reached by the fewest moves, and those moves.
    fn way<'k>(kind: &'k Kind, stage: &str) -> (String, Vec<&'k Move>) {
        let ways = types_of(kind).into_iter().filter_map(|of| Some((moves_to(kind, &of, stage)?, of)));
        let (moves, of) = ways.min_by_key(|(moves, _)| moves.len()).expect("every stage can be reached");
        (of, moves)
    }

    fn moves_to<'k>(kind: &'k Kind, type_path: &str, stage: &str) -> Option<Vec<&'k Move>> {
        let mut seen = vec![kind.start_of(type_path).to_owned()];
        let mut ahead = VecDeque::from([(seen[0].clone(), Vec::new())]);
        while let Some((at, moves)) = ahead.pop_front() {
            if at == stage {
                return Some(moves);
            }
            for mv in kind.moves.iter().filter(|mv| mv.from.contains(&at)) {
                let to = mv.to.clone().unwrap_or_else(|| at.clone());
                if !seen.contains(&to) {
                    seen.push(to.clone());
                    ahead.push_back((to, moves.iter().copied().chain([mv]).collect()));
                }
            }
        }
        None
    }

    /// What a line means for a record, for the messages of failures.
    pub fn told(line: &Line, trial: &Trial) -> String {
        format!("{} at {}: {} as {}", line.kind, line.stage, line.verb, trial.column.text())
    }
}

#[cfg(test)]
mod grants {
    use std::process::Command;

    use catalogue::Catalogue;
    use register::StoreAt;
    use serde_json::{Value, json};

    use crate::harness::client::{Answer, Client};
    use crate::harness::world::text;
    use crate::harness::{House, Site, Store};
    use crate::sheet::{Line, Sheet, shipped};
    use crate::stand::{Trial, prepare, told};

    /// Operations of the description, under the address of a kind, and the verb of the sheet each asks for.
    const OPERATIONS: [(&str, &str, &str); 7] = [
        ("get", "", "read"),
        ("post", "", "create"),
        ("get", "/{number}", "read"),
        ("put", "/{number}", "revise"),
        ("delete", "/{number}", "erase"),
        ("post", "/{number}/merge", "merge"),
        ("post", "/{number}/moves/{move}", "a move"),
    ];
    /// Reading a sealed layer is no grant of a kind: its owner may, and whom an opening names.
    const BY_OPENING: (&str, &str) = ("post", "/{number}/open");

    /// Where the site keeps its records. The harness names a database after this process and keeps the name to itself.
    fn store_of(site: &Site, store: Store) -> StoreAt {
        if store == Store::Sqlite {
            return StoreAt::Folder(site.folder().to_owned());
        }
        let server = std::env::var("HONGNIANG_TEST_POSTGRES").expect("a server, or there were no site");
        let mine = format!(
            "select datname from pg_database where datname like 'hongniang_house_{}_%'",
            std::process::id()
        );
        let mut psql = Command::new("psql");
        psql.args([
            "--quiet",
            "--no-psqlrc",
            "--tuples-only",
            "--no-align",
            "--dbname",
            &server,
            "--command",
            &mine,
        ]);
        let said = String::from_utf8(psql.output().expect("psql").stdout).expect("a name");
        let names: Vec<&str> = said.split_whitespace().collect();
        let [name] = names[..] else { panic!("one database of this process: {names:?}") };
        let words = server.split_whitespace().filter(|word| !word.starts_with("dbname="));
        let config = words.chain([format!("dbname={name}").as_str()]).collect::<Vec<_>>().join(" ");
        StoreAt::Postgres(config, site.folder().join("objects"))
    }

    struct Desk<'a> {
        client: Client,
        catalogue: &'a Catalogue,
    }

    impl Desk<'_> {
        fn send(&self, trial: &Trial, method: &str, path: &str, body: &Value, version: &str) -> Answer {
            let cookie = trial.cookie.as_deref().unwrap_or_default();
            let headers = [("if-match", version), ("cookie", cookie)];
            let given = headers.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>();
            self.client.json(method, path, body, &given)
        }

        /// Asks for what the cell says; what the record holds is read first where it may be read.
        fn ask(&self, line: &Line, trial: &Trial) -> Answer {
            let kind = self.catalogue.kind(&line.kind).expect("a kind");
            let all = format!("/api/v1/{}", kind.path);
            let one = format!("{all}/{}", trial.number);
            match line.verb.as_str() {
                "read" => self.send(trial, "GET", &one, &Value::Null, ""),
                "create" => {
                    let body = json!({ "type": trial.type_path, "fields": trial.given });
                    self.send(trial, "POST", &all, &body, "")
                }
                "revise" => {
                    let now = self.send(trial, "GET", &one, &Value::Null, "");
                    let mut fields =
                        if now.status == 200 { now.value()["fields"].clone() } else { json!({}) };
                    fields[&kind.title] = json!(format!("改过的{}", trial.column.text()));
                    let version = now.header("etag").unwrap_or("\"1\"");
                    self.send(trial, "PUT", &one, &json!({ "fields": fields }), version)
                }
                "merge" => {
                    self.send(trial, "POST", &format!("{one}/merge"), &json!({ "lose": trial.lose }), "")
                }
                "erase" => self.send(trial, "DELETE", &one, &json!({ "reason": "tried" }), ""),
                name => {
                    let path = format!("{one}/moves/{name}");
                    self.send(trial, "POST", &path, &json!({ "fields": trial.given }), "")
                }
            }
        }

        fn position(&self) -> String {
            text(&self.client.get("/health").is(200).value(), "position")
        }
    }

    /// What a cell must be answered with.
    fn due(line: &Line, trial: &Trial) -> u16 {
        match (line.verb.as_str(), trial.allowed) {
            ("create", true) => 201,
            ("erase", true) => 204,
            (_, true) => 200,
            ("create", false) => 403,
            (_, false) => {
                if trial.reads {
                    403
                } else {
                    404
                }
            }
        }
    }

    /// Tries the cells of one line, refusals first, and adds what is wrong.
    fn try_line(desk: &Desk<'_>, line: &Line, trials: &[Trial], wrong: &mut Vec<String>) {
        let before = desk.position();
        for trial in trials.iter().filter(|trial| !trial.allowed) {
            judge(line, trial, &desk.ask(line, trial), wrong);
        }
        if desk.position() != before {
            wrong.push(format!("{} at {}: a refused {} changed something", line.kind, line.stage, line.verb));
        }
        for trial in trials.iter().filter(|trial| trial.allowed) {
            let answer = desk.ask(line, trial);
            judge(line, trial, &answer, wrong);
            let kind = desk.catalogue.kind(&line.kind).expect("a kind");
            let to = kind.move_of(&line.verb).and_then(|mv| mv.to.as_deref());
            if answer.status == 200 && to.is_some_and(|to| text(&answer.value(), "stage") != to) {
                wrong.push(format!("{}: {}", told(line, trial), answer.text()));
            }
        }
        let writes = line.verb != "read" && trials.iter().any(|trial| trial.allowed);
        if (desk.position() != before) != writes {
            wrong.push(format!("{} at {}: {} left no change", line.kind, line.stage, line.verb));
        }
    }

    fn judge(line: &Line, trial: &Trial, answer: &Answer, wrong: &mut Vec<String>) {
        let due = due(line, trial);
        if answer.status != due {
            let text: String = answer.text().chars().take(400).collect();
            wrong.push(format!("{}: {} instead of {due}: {text}", told(line, trial), answer.status));
        }
    }

    /// Every operation of the description has a verb in the sheet, for every kind of the sheet.
    fn every_route_has_its_lines(desk: &Desk<'_>, sheet: &Sheet) {
        let described = desk.client.get("/api/v1/openapi.json").is(200).value();
        let paths = described["paths"].as_object().expect("paths");
        for kind in desk.catalogue.kinds() {
            let address = format!("/api/v1/{}", kind.path);
            let mut verbs = Vec::new();
            for (path, operations) in paths {
                let Some(rest) = path.strip_prefix(&address).filter(|r| r.is_empty() || r.starts_with('/'))
                else {
                    continue;
                };
                for method in operations.as_object().expect("operations").keys() {
                    let known = OPERATIONS.iter().find(|(of, at, _)| of == method && *at == rest);
                    match known {
                        Some((_, _, verb)) => verbs.push(*verb),
                        None => assert_eq!(
                            (method.as_str(), rest),
                            BY_OPENING,
                            "{path} stands in no line of the sheet"
                        ),
                    }
                }
            }
            verbs.sort_unstable();
            assert_eq!(
                verbs,
                ["a move", "create", "erase", "merge", "read", "read", "revise"],
                "{}",
                kind.path
            );
            assert!(sheet.lines.iter().any(|line| line.kind == kind.name), "{}", kind.name);
        }
    }

    fn try_every_cell(store: Store) {
        let (site, sheet, catalogue) = (Site::new(store), Sheet::committed(), shipped());
        let trials = prepare(&store_of(&site, store), shipped());
        assert_eq!(trials.len(), sheet.lines.len() * sheet.columns.len());
        let unheld: Vec<String> = trials
            .iter()
            .filter(|trial| !trial.exact && sheet.lines[trial.line].granted.contains(&trial.column))
            .map(|trial| told(&sheet.lines[trial.line], trial))
            .collect();
        assert!(unheld.is_empty(), "granted where nobody can stand so: {unheld:#?}");
        let house = House::on(site);
        let desk = Desk { client: house.visitor(), catalogue: &catalogue };
        every_route_has_its_lines(&desk, &sheet);
        let mut wrong = Vec::new();
        for of_line in trials.chunk_by(|one, other| one.line == other.line) {
            try_line(&desk, &sheet.lines[of_line[0].line], of_line, &mut wrong);
        }
        let count = |keep: fn(&Trial) -> bool| trials.iter().filter(|trial| keep(trial)).count();
        println!(
            "{} cells: {} allowed, {} refused; nobody can stand in {}",
            trials.len(),
            count(|trial| trial.allowed),
            count(|trial| !trial.allowed),
            count(|trial| !trial.exact)
        );
        assert!(
            wrong.is_empty(),
            "{} of {} cells:\n{}\n{}",
            wrong.len(),
            trials.len(),
            wrong.join("\n"),
            house.log()
        );
    }

    #[test]
    fn every_cell_holds_over_http_on_sqlite() {
        try_every_cell(Store::Sqlite);
    }

    #[test]
    fn every_cell_holds_over_http_on_postgres() {
        try_every_cell(Store::Postgres);
    }
}
