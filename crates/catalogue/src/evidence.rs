//! How well an outcome is shown: one pure function, [`weigh`], and the reasons behind its answer.
//!
//! Nobody types a grade. It follows from the agreement an outcome rests on, what the unit that benefits has signed, and the
//! papers and visits there are. Never looks at a record that is not handed to it. Start at [`weigh`].

/// The grade of evidence, best first: terms of the vocabulary `evidence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Evidence {
    /// A registered contract of the unit that benefits.
    A,
    /// The unit that benefits has confirmed it.
    B,
    /// Papers, or minutes of a visit of the same case.
    C,
    /// Told by whoever reports it, and by nothing else.
    D,
}

impl Evidence {
    /// The code in the vocabulary.
    pub fn code(self) -> &'static str {
        match self {
            Evidence::A => "a",
            Evidence::B => "b",
            Evidence::C => "c",
            Evidence::D => "d",
        }
    }
}

/// What the agreement says that an outcome rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rests {
    /// It names none, or one that is gone.
    #[default]
    Nowhere,
    /// On an intent: never evidence of grade A.
    Intent,
    /// On an agreement that is no technology contract.
    NoContract,
    /// On a contract that is not listed.
    Unlisted,
    /// On a contract without a registration number.
    Unregistered,
    /// On a contract to which the unit that benefits is no party.
    NotParty,
    /// On a registered contract.
    Registered,
}

impl Rests {
    /// All of them, so that a test can ask the locales for their words.
    pub const ALL: [Rests; 7] = [
        Rests::Nowhere,
        Rests::Intent,
        Rests::NoContract,
        Rests::Unlisted,
        Rests::Unregistered,
        Rests::NotParty,
        Rests::Registered,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Rests::Nowhere => "nowhere",
            Rests::Intent => "intent",
            Rests::NoContract => "no-contract",
            Rests::Unlisted => "unlisted",
            Rests::Unregistered => "unregistered",
            Rests::NotParty => "not-party",
            Rests::Registered => "registered",
        }
    }
}

/// What the grade goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// The agreement.
    pub rests: Rests,
    /// The unit that benefits has confirmed it as it stands.
    pub confirmed: bool,
    /// Papers are attached.
    pub papers: bool,
    /// A listed visit of the same case has minutes.
    pub minutes: bool,
    /// The unit that benefits objects, and that has not been settled.
    pub disputed: bool,
}

/// The grade these grounds give. What is disputed stands on nothing but a report until it is settled.
pub fn weigh(grounds: &Grounds) -> Evidence {
    match grounds {
        Grounds { disputed: true, .. } => Evidence::D,
        Grounds { rests: Rests::Registered, .. } => Evidence::A,
        Grounds { confirmed: true, .. } => Evidence::B,
        Grounds { papers: true, .. } | Grounds { minutes: true, .. } => Evidence::C,
        _ => Evidence::D,
    }
}
