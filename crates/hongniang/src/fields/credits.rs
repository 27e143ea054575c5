//! Names of the ledger of credits and of what it counts.
//!
//! Never holds a rule. A test holds each name against the catalogue.

/// 贡献登记.
pub mod credit {
    /// Kind.
    pub const KIND: &str = "credit";
    /// 对接事项; also of agreements and outcomes.
    pub const CASE: &str = "case";
    /// 贡献人.
    pub const CREDITED: &str = "credited";
    /// 贡献.
    pub const CONTRIBUTION: &str = "contribution";
    /// 约定份额.
    pub const SHARE: &str = "share";
    /// 提出日期.
    pub const PROPOSED_ON: &str = "proposed_on";
    /// 约定日期.
    pub const AGREED_ON: &str = "agreed_on";
    /// Stage 已约定.
    pub const AGREED: &str = "agreed";
    /// A contract, a type of agreements.
    pub const CONTRACT: &str = "contract";
}

/// Move 续签 of an agreement.
pub const RENEW: &str = "renew";

/// Who put somebody forward in a match.
pub const PUT_FORWARD_BY: &str = "broker";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{agreement, case, outcome, pairing};

    #[test]
    fn every_name_of_the_ledger_stands_in_the_catalogue() {
        let (catalogue, _) = catalogue::Catalogue::load(crate::embedded::texts("catalogue"));
        let kind = |name: &str| catalogue.kind(name).unwrap_or_else(|| panic!("{name}"));
        let check = |of: &str, names: &[&str]| {
            names.iter().for_each(|name| assert!(kind(of).field(name).is_some(), "{of}.{name}"));
        };
        use credit::{self as c};
        check(c::KIND, &[c::CASE, c::CREDITED, c::CONTRIBUTION, c::SHARE, c::PROPOSED_ON, c::AGREED_ON]);
        check(agreement::KIND, &[c::CASE]);
        check(outcome::KIND, &[c::CASE]);
        check(pairing::KIND, &[PUT_FORWARD_BY]);
        assert!(kind(c::KIND).stage(c::AGREED).is_some());
        assert!(kind(agreement::KIND).move_of(RENEW).is_some());
        check(case::KIND, &[case::OPENED_ON, case::MATCH]);
        assert!(kind(agreement::KIND).type_of(c::CONTRACT).is_some());
        assert!(catalogue.vocabularies().contains_key(c::CONTRIBUTION));
    }
}
