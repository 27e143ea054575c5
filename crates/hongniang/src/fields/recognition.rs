//! Names of the kinds about recognising stations: applications, reviews, objections, certificates, evaluations.

/// 申报.
pub mod application {
    /// Kind.
    pub const KIND: &str = "application";
    /// 拟建载体名称.
    pub const TITLE: &str = "title";
    /// 申报单位.
    pub const HOST: &str = "host";
    /// 合作单位.
    pub const PARTNERS: &str = "partners";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 所属行业.
    pub const INDUSTRY: &str = "industry";
    /// 建站目标.
    pub const GOAL: &str = "goal";
    /// 已有合作基础.
    pub const HISTORY: &str = "history";
    /// 建站协议.
    pub const AGREEMENT: &str = "agreement";
    /// 申报材料.
    pub const DOCUMENTS: &str = "documents";
    /// 材料, of one line of them.
    pub const DOCUMENT: &str = "document";
    /// 申报材料, the vocabulary.
    pub const DOCUMENT_TERMS: &str = "application_document";
    /// 联系人 and how to reach them.
    pub const CONTACTS: [&str; 3] = ["contact_name", "contact_phone", "contact_email"];
    /// 公示截止.
    pub const PUBLICITY_UNTIL: &str = "publicity_until";
    /// Stage 草稿.
    pub const DRAFT: &str = "draft";
    /// Stage 评审中.
    pub const REVIEW: &str = "review";
    /// Stage 公示中.
    pub const PUBLICITY: &str = "publicity";
}

/// 评审意见.
pub mod review {
    /// Kind.
    pub const KIND: &str = "review";
    /// 评审事项.
    pub const TITLE: &str = "title";
    /// 申报.
    pub const APPLICATION: &str = "application";
    /// 评审专家.
    pub const REVIEWER: &str = "reviewer";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 评审材料.
    pub const MATERIAL: &str = "material";
    /// 打分.
    pub const SCORES: &str = "scores";
    /// 总分.
    pub const SCORE: &str = "score";
    /// Move 发出评审邀请.
    pub const ASK: &str = "ask";
    /// Move 提交评审意见.
    pub const SUBMIT: &str = "submit";
}

/// 异议.
pub mod objection {
    /// Kind.
    pub const KIND: &str = "objection";
    /// 标题.
    pub const TITLE: &str = "title";
    /// 公示的申报.
    pub const APPLICATION: &str = "application";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 异议内容和依据.
    pub const CONTENT: &str = "content";
    /// 姓名或单位.
    pub const CONTACT_NAME: &str = "contact_name";
    /// 联系电话.
    pub const CONTACT_PHONE: &str = "contact_phone";
}

/// 证书.
pub mod certificate {
    /// Kind.
    pub const KIND: &str = "certificate";
    /// 服务证明, a type.
    pub const SERVICE: &str = "service";
    /// 证书名称.
    pub const TITLE: &str = "title";
    /// 持有者.
    pub const HOLDER: &str = "holder";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// Stage 有效.
    pub const ISSUED: &str = "issued";
    /// 查验码.
    pub const CODE: &str = "code";
    /// 发证日期.
    pub const ISSUED_ON: &str = "issued_on";
    /// 发证单位.
    pub const ISSUER: &str = "issuer";
    /// 证书内容.
    pub const TEXT: &str = "text";
    /// 内容摘要值.
    pub const DIGEST: &str = "digest";
    /// 撤销日期.
    pub const REVOKED_ON: &str = "revoked_on";
    /// 撤销说明.
    pub const REASON: &str = "reason";
    /// Stage 已撤销.
    pub const REVOKED: &str = "revoked";
}

/// 评估.
pub mod evaluation {
    /// Kind.
    pub const KIND: &str = "evaluation";
    /// 评估事项.
    pub const TITLE: &str = "title";
    /// 平台载体.
    pub const STATION: &str = "station";
    /// 依托单位.
    pub const HOST: &str = "host";
    /// 轮次.
    pub const ROUND: &str = "round";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 评估期.
    pub const SINCE: &str = "since";
    /// As above.
    pub const UNTIL: &str = "until";
    /// 评分表.
    pub const SHEET: &str = "sheet";
    /// 固定的数据.
    pub const SNAPSHOT: &str = "snapshot";
    /// 固定日期.
    pub const FROZEN: &str = "frozen_on";
    /// 数据摘要值.
    pub const DIGEST: &str = "digest";
    /// 总分.
    pub const SCORE: &str = "score";
    /// Move 评分.
    pub const SCORE_MOVE: &str = "score";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{organization, person, station};

    #[test]
    fn every_name_around_recognition_stands_in_the_catalogue() {
        let (catalogue, _) = catalogue::Catalogue::load(crate::embedded::texts("catalogue"));
        let check = |kind: &str, names: &[&str]| {
            let kind = catalogue.kind(kind).expect(kind);
            for name in names {
                assert!(kind.field(name).is_some(), "{}.{name}", kind.name);
            }
        };
        use application::{self as a};
        check(a::KIND, &[a::TITLE, a::HOST, a::PARTNERS, a::PLACE, a::INDUSTRY, a::GOAL, a::HISTORY]);
        check(a::KIND, &[a::AGREEMENT, a::DOCUMENTS, a::PUBLICITY_UNTIL]);
        check(a::KIND, &a::CONTACTS);
        use review::{self as r};
        check(r::KIND, &[r::TITLE, r::APPLICATION, r::REVIEWER, r::PLACE, r::MATERIAL, r::SCORES, r::SCORE]);
        use objection::{self as o};
        check(o::KIND, &[o::TITLE, o::APPLICATION, o::PLACE, o::CONTENT, o::CONTACT_NAME, o::CONTACT_PHONE]);
        use certificate::{self as c};
        check(c::KIND, &[c::CODE, c::ISSUED_ON, c::ISSUER, c::TEXT, c::DIGEST, c::REVOKED_ON, c::REASON]);
        check(c::KIND, &[c::TITLE, c::HOLDER, c::PLACE]);
        assert!(catalogue.kind(c::KIND).is_some_and(|kind| kind.stage(c::ISSUED).is_some()));
        use evaluation::{self as e};
        check(e::KIND, &[e::TITLE, e::STATION, e::HOST, e::ROUND, e::PLACE, e::SINCE, e::UNTIL, e::SHEET]);
        check(e::KIND, &[e::SNAPSHOT, e::FROZEN, e::DIGEST, e::SCORE]);
        let moves = |kind: &str, name: &str| catalogue.kind(kind).expect(kind).move_of(name).is_some();
        assert!(moves(r::KIND, r::ASK) && moves(r::KIND, r::SUBMIT) && moves(e::KIND, e::SCORE_MOVE));
        assert!(moves(station::KIND, station::INQUIRE));
        let stands = |kind: &str, stage: &str| catalogue.kind(kind).expect(kind).stage(stage).is_some();
        assert!([a::DRAFT, a::REVIEW, a::PUBLICITY].iter().all(|stage| stands(a::KIND, stage)));
        assert!(stands(station::KIND, station::LISTED) && stands(c::KIND, c::REVOKED));
        assert!(stands(person::KIND, person::LISTED) && stands(organization::KIND, organization::LISTED));
        let listed = catalogue.vocabularies();
        assert!(listed.contains_key(a::DOCUMENT_TERMS));
    }
}
