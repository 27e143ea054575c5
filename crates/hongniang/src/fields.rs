//! Names of the catalogue's fields, types, stages and moves that code must know, one module a kind.
//!
//! Code names them only here and in `fields/`; a test holds each against the catalogue.

mod credits;
mod people;
mod recognition;

pub use credits::*;
pub use people::*;
pub use recognition::*;

/// 需求.
pub mod demand {
    /// Kind.
    pub const KIND: &str = "demand";
    /// 公开摘要.
    pub const PROBLEM: &str = "problem";
    /// 现值.
    pub const PRESENT: &str = "present_value";
    /// 目标值.
    pub const WANTED: &str = "wanted_value";
    /// 工况条件.
    pub const CONDITIONS: &str = "conditions";
    /// 用量或规模.
    pub const VOLUME: &str = "volume";
    /// 预算.
    pub const BUDGET: &str = "budget";
    /// 期限.
    pub const DUE: &str = "due_on";
    /// 行业.
    pub const INDUSTRY: &str = "industry";
    /// 学科.
    pub const DISCIPLINE: &str = "discipline";
    /// 需求名称.
    pub const TITLE: &str = "title";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 需补充的问题.
    pub const QUESTIONS: &str = "questions";
    /// 对外署名.
    pub const PUBLIC_NAME: &str = "public_name";
    /// 公开方式.
    pub const SHOWS_FIRM: &str = "shows_firm";
    /// 具名, a term of the above.
    pub const NAMED: &str = "named";
    /// 需求单位.
    pub const ORGANIZATION: &str = "organization";
    /// 单位名称.
    pub const FIRM_NAME: &str = "firm_name";
    /// 统一社会信用代码.
    pub const CREDIT_CODE: &str = "credit_code";
    /// 联系人.
    pub const CONTACT_NAME: &str = "contact_name";
    /// 联系电话.
    pub const CONTACT_PHONE: &str = "contact_phone";
    /// 电子邮箱.
    pub const CONTACT_EMAIL: &str = "contact_email";
    /// 告知方式.
    pub const TOLD_BY: &str = "told_by";
    /// 填报人.
    pub const FILLED_BY: &str = "filled_by";
    /// 技术经理人.
    pub const BROKER: &str = "broker";
    /// 征集活动.
    pub const CAMPAIGN: &str = "campaign";
    /// 征集渠道.
    pub const INTAKE: &str = "intake";
    /// 最近提醒.
    pub const REMINDED: &str = "reminded_on";
    /// 打开链接.
    pub const OPENED: &str = "opened_on";
    /// 科技联络员.
    pub const LIAISON: &str = "liaison";
    /// 已归并到.
    pub const COMMON: &str = "common";
    /// 汇总自.
    pub const DRAWN_FROM: &str = "drawn_from";
    /// 涉及企业数.
    pub const FIRMS: &str = "firms_concerned";
    /// Type 产业共性需求.
    pub const COMMON_TYPE: &str = "technical.common";
    /// Stage 待填报.
    pub const CALLED: &str = "called";
    /// Stage 无需求.
    pub const NONE: &str = "none";
    /// Move 发出征集.
    pub const CALL: &str = "call";
    /// Move 提醒填报.
    pub const REMIND: &str = "remind";
    /// Move 提交.
    pub const SUBMIT: &str = "submit";
    /// Move 发布.
    pub const PUBLISH: &str = "publish";
    /// Move 归并.
    pub const COMBINE: &str = "combine";
}

/// 成效.
pub mod outcome {
    /// Kind.
    pub const KIND: &str = "outcome";
    /// 受益单位.
    pub const FIRM: &str = "firm";
    /// 报送单位.
    pub const REPORTED_BY: &str = "reported_by";
    /// 专利号、标准号或文号.
    pub const PAPER_NUMBER: &str = "paper_number";
    /// 取得日期.
    pub const ACHIEVED_ON: &str = "achieved_on";
    /// 数量.
    pub const QUANTITY: &str = "quantity";
    /// 金额.
    pub const AMOUNT: &str = "amount";
    /// 未公开金额.
    pub const CLOSED_AMOUNT: &str = "closed_amount";
    /// 依据协议.
    pub const AGREEMENT: &str = "agreement";
    /// 对接事项.
    pub const CASE: &str = "case";
    /// 来自需求.
    pub const DEMAND: &str = "demand";
    /// 解决技术问题, the type offered first where a case brought something about.
    pub const PROBLEM: &str = "problem";
    /// 不是同一件.
    pub const DISTINCT_FROM: &str = "distinct_from";
    /// 区别说明.
    pub const DISTINCTION: &str = "distinction";
    /// 分担比例.
    pub const SHARES: &str = "shares";
    /// 归属.
    pub const ATTRIBUTION: &str = "attribution";
    /// 共有, a term of the above.
    pub const SHARED: &str = "shared";
    /// Types whose amount was paid under their agreement.
    pub const PAID: [&str; 4] = ["problem", "technology", "transfer", "topic"];
    /// Stage 已停用.
    pub const RETIRED: &str = "retired";
    /// Move 停用.
    pub const RETIRE: &str = "retire";
    /// 证据等级.
    pub const EVIDENCE: &str = "evidence";
    /// Grades by which an outcome counts as verified.
    pub const PROVEN: [&str; 2] = ["a", "b"];
    /// 受益单位确认日期.
    pub const CONFIRMED_ON: &str = "confirmed_on";
    /// Stage 待核.
    pub const PROPOSED: &str = "proposed";
    /// Stage 在册.
    pub const LISTED: &str = "listed";
}

/// 典型案例.
pub mod story {
    /// Kind.
    pub const KIND: &str = "story";
    /// 案例名称.
    pub const TITLE: &str = "title";
    /// 案例单位.
    pub const PARTY: &str = "party";
    /// 对接事项.
    pub const CASES: &str = "cases";
    /// 依据的成效.
    pub const OUTCOMES: &str = "outcomes";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 所属行业.
    pub const INDUSTRY: &str = "industry";
    /// 遇到什么问题.
    pub const PROBLEM: &str = "problem";
    /// 取得什么成效.
    pub const RESULTS: &str = "results";
}

/// 走访.
pub mod visit {
    /// Kind.
    pub const KIND: &str = "visit";
    /// 走访日期.
    pub const DAY: &str = "visited_on";
    /// 参与专家.
    pub const EXPERTS: &str = "experts";
    /// 对接事项.
    pub const CASE: &str = "case";
}

/// 协议.
pub mod agreement {
    /// Kind.
    pub const KIND: &str = "agreement";
    /// 金额.
    pub const AMOUNT: &str = "amount";
    /// 合作意向, a type.
    pub const INTENT: &str = "intent";
    /// 技术合同, a type.
    pub const CONTRACT: &str = "contract";
    /// 技术开发合同, the type offered first where an intent is signed.
    pub const DEVELOPMENT: &str = "contract.development";
    /// 来自需求.
    pub const DEMAND: &str = "demand";
    /// 协议名称.
    pub const TITLE: &str = "title";
    /// 签约各方.
    pub const PARTIES: &str = "parties";
    /// 签订日期.
    pub const SIGNED: &str = "signed_on";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 签于活动.
    pub const EVENT: &str = "event";
    /// 对接事项.
    pub const CASE: &str = "case";
    /// 来自意向.
    pub const FROM_INTENT: &str = "from_intent";
    /// 跟进人.
    pub const FOLLOWER: &str = "follower";
    /// 跟进日期.
    pub const FOLLOW_UP: &str = "follow_up_on";
    /// Move 列入名录.
    pub const LIST: &str = "list";
}

/// 人员.
pub mod person {
    /// Kind.
    pub const KIND: &str = "person";
    /// 联系人.
    pub const CONTACT: &str = "contact";
    /// 工作人员.
    pub const OFFICER: &str = "officer";
    /// 专家.
    pub const EXPERT: &str = "expert";
    /// Stage 在库.
    pub const LISTED: &str = "listed";
    /// 技术经理人.
    pub const BROKER: &str = "broker";
    /// 科技联络员.
    pub const LIAISON: &str = "liaison.contact";
    /// 姓名.
    pub const NAME: &str = "title";
    /// 不参加排序.
    pub const NO_RANKING: &str = "no_ranking";
    /// 最大公开范围.
    pub const CEILING: &str = "ceiling";
    /// 暂不接受邀请.
    pub const PAUSED: &str = "paused";
}

/// 推荐.
pub mod pairing {
    /// Kind.
    pub const KIND: &str = "match";
    /// Heading.
    pub const TITLE: &str = "title";
    /// The demand.
    pub const DEMAND: &str = "demand";
    /// Who or what is put beside it.
    pub const CANDIDATE: &str = "candidate";
    /// Reason code of 不合适 or of declining.
    pub const REASON: &str = "reason";
    /// Remark.
    pub const NOTE: &str = "note";
    /// 0 to 100.
    pub const SCORE: &str = "score";
    /// The reasons shown with the suggestion.
    pub const REASONS_SHOWN: &str = "reasons";
    /// The expert invited.
    pub const EXPERT: &str = "expert";
    /// The unit invited.
    pub const UNIT: &str = "unit";
    /// 为什么请您.
    pub const MESSAGE: &str = "message";
    /// 需求单位类型.
    pub const FIRM_TYPE: &str = "firm_type";
    /// 需要多少时间.
    pub const EFFORT: &str = "effort";
    /// Vocabulary of the reason codes.
    pub const REASONS: &str = "unfitting_reason";
    /// Stage 合适.
    pub const FITTING: &str = "fitting";
    /// Stage 不合适.
    pub const UNFITTING: &str = "unfitting";
    /// Stage 未答复.
    pub const EXPIRED: &str = "expired";
    /// Stage at the start.
    pub const SUGGESTED: &str = "suggested";
    /// Move to 合适.
    pub const FIT: &str = "fit";
    /// Move to 不合适.
    pub const UNFIT: &str = "unfit";
    /// Move that asks the expert.
    pub const INVITE: &str = "invite";
}

/// 成果.
pub mod achievement {
    /// Kind.
    #[cfg(test)]
    pub const KIND: &str = "achievement";
    /// Stage 待确认: not confirmed for a year.
    pub const FADED: &str = "faded";
}

/// 服务项目.
pub mod offer {
    /// Kind.
    pub const KIND: &str = "service";
    /// 可在线下单.
    pub const ORDERABLE: &str = "orderable";
    /// 提供单位.
    pub const PROVIDER: &str = "provider";
    /// Stage 在册.
    pub const LISTED: &str = "listed";
}

/// 对接事项.
pub mod case {
    /// Kind.
    pub const KIND: &str = "case";
    /// 服务订单.
    pub const ORDER: &str = "order";
    /// Heading.
    pub const TITLE: &str = "title";
    /// 需求.
    pub const DEMAND: &str = "demand";
    /// Stage 已办成.
    pub const DONE: &str = "done";
    /// 下单方.
    pub const PARTY: &str = "party";
    /// 承接单位.
    pub const PROVIDER: &str = "provider";
    /// 服务项目.
    pub const SERVICE: &str = "service";
    /// 要做什么.
    pub const WISH: &str = "wish";
    /// 希望时间.
    pub const WANTED: &str = "wanted_on";
    /// 联系人.
    pub const CONTACT_NAME: &str = "contact_name";
    /// 联系电话.
    pub const CONTACT_PHONE: &str = "contact_phone";
    /// 样品与资料.
    pub const SAMPLES: &str = "samples";
    /// 对接专家.
    pub const EXPERT: &str = "expert";
    /// 开始日期.
    pub const OPENED_ON: &str = "opened_on";
    /// 来自推荐.
    pub const MATCH: &str = "match";
    /// 下次跟进日期.
    pub const NEXT_ON: &str = "next_on";
    /// 下一步.
    pub const NEXT_STEP: &str = "next_step";
    /// Move 记下一步.
    pub const FOLLOW: &str = "follow";
}

/// 走访.
pub mod call {
    /// Kind.
    pub const KIND: &str = "visit";
    /// 走访事由.
    pub const TITLE: &str = "title";
    /// 入企服务, a type.
    pub const SERVICE: &str = "service";
    /// 走访日期.
    pub const VISITED: &str = "visited_on";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 走访单位.
    pub const FIRM: &str = "firm";
    /// 参与学会.
    pub const SOCIETIES: &str = "societies";
    /// 参与专家.
    pub const EXPERTS: &str = "experts";
    /// 专家人次.
    pub const PEOPLE: &str = "people";
    /// 对接事项.
    pub const CASE: &str = "case";
    /// 纪要.
    pub const MINUTES: &str = "minutes";
    /// 照片.
    pub const PHOTOS: &str = "photos";
    /// 下一步.
    pub const NEXT_STEP: &str = "next_step";
    /// 跟进日期.
    pub const NEXT_ON: &str = "next_on";
    /// Stage 已停用.
    pub const RETIRED: &str = "retired";
    /// Move 纪要送各方确认.
    pub const SEND_MINUTES: &str = "send-minutes";
}

/// 平台载体.
pub mod station {
    /// Kind.
    pub const KIND: &str = "station";
    /// 依托单位.
    pub const HOST: &str = "host";
    /// Stage 在册.
    pub const LISTED: &str = "listed";
    /// Move 询问近况.
    pub const INQUIRE: &str = "inquire";
}

/// Fields by which something names the unit it is held or offered by.
pub const HOLDERS: [&str; 3] = ["holder", "provider", "host"];

/// The stage of what sources tell (史料), in every kind that has it.
pub const SOURCED: &str = "sourced";
/// The last day of whatever has an end.
pub const UNTIL: &str = "until";

/// 报告.
pub mod report {
    /// Kind.
    pub const KIND: &str = "report";
    /// 指标.
    pub const INDICATOR: &str = "indicator";
    /// 数值.
    pub const VALUE: &str = "value";
    /// 口径.
    pub const BASIS: &str = "basis";
    /// 起始日期.
    pub const SINCE: &str = "since";
    /// 工作报送, a type.
    pub const BRIEF: &str = "brief";
    /// 需补充的问题.
    pub const QUESTION: &str = "question";
    /// Move 报送.
    pub const FILE: &str = "file";
    /// Move 退回补充.
    pub const ASK_BACK: &str = "ask-back";
}

/// 活动.
pub mod event {
    /// Kind.
    pub const KIND: &str = "event";
    /// 举办日期.
    pub const HELD: &str = "held_on";
}

/// 出处, a group every kind of the source layer shares.
pub mod source {
    /// The group.
    pub const FIELD: &str = "sources";
    /// 文件.
    pub const DOCUMENT: &str = "document";
    /// 行号 in the table of the source documents.
    pub const ROW: &str = "row";
    /// 说明.
    pub const NOTE: &str = "note";
    /// Vocabulary of the documents.
    pub const DOCUMENTS: &str = "source_document";
}

/// 专项.
pub mod programme {
    /// Kind.
    pub const KIND: &str = "programme";
    /// 文号.
    pub const DOCUMENT_NUMBER: &str = "document_number";
    /// 牵头单位.
    pub const LEAD: &str = "lead";
    /// 开始日期, of the whole, of a phase and of a target.
    pub const SINCE: &str = "since";
    /// 结束日期, of the whole, of a phase and of a target.
    pub const UNTIL: &str = "until";
    /// 简介.
    pub const SUMMARY: &str = "summary";
    /// 重点领域.
    pub const FOCUS: &str = "fields_of_focus";
    /// 实施阶段.
    pub const PHASES: &str = "phases";
    /// 重点任务.
    pub const TASKS: &str = "tasks";
    /// 试点单位.
    pub const PILOTS: &str = "pilots";
    /// 保障措施.
    pub const SAFEGUARDS: &str = "safeguards";
    /// 文件.
    pub const POLICIES: &str = "policies";
    /// 第三方评价机构.
    pub const EVALUATOR: &str = "evaluator";
    /// Name of a phase, task or safeguard.
    pub const NAME: &str = "name";
    /// What is done in a phase, task or safeguard.
    pub const WORK: &str = "work";
    /// 行动, a type.
    pub const CAMPAIGN: &str = "campaign";
}

/// 目标.
pub mod target {
    /// Kind.
    pub const KIND: &str = "target";
    /// 指标.
    pub const INDICATOR: &str = "indicator";
    /// 目标值.
    pub const VALUE: &str = "value";
    /// 基期值.
    pub const BASE: &str = "base";
    /// 起始日期.
    pub const SINCE: &str = "since";
    /// 口径.
    pub const SCOPE: &str = "scope";
    /// 所属专项.
    pub const PROGRAMME: &str = "programme";
}

/// 连接.
pub mod tie {
    /// Kind.
    pub const KIND: &str = "tie";
    /// 甲方.
    pub const FROM: &str = "from";
    /// 乙方.
    pub const TO: &str = "to";
    /// 五连类别.
    pub const LINK: &str = "link";
    /// 名称.
    pub const TITLE: &str = "title";
    /// 保密开放, a type.
    pub const OPENING: &str = "opening";
    /// 开放事由.
    pub const PURPOSE: &str = "purpose";
    /// 开始日期.
    pub const SINCE: &str = "since";
    /// The move that ends it.
    pub const END: &str = "end";
}

/// 单位.
pub mod organization {
    /// Kind.
    pub const KIND: &str = "organization";
    /// 科协.
    pub const ASSOCIATION: &str = "association";
    /// 企业.
    pub const FIRM: &str = "firm";
    /// Stage 在册.
    pub const LISTED: &str = "listed";
    /// 层级.
    pub const LEVEL: &str = "level";
    /// 单位名称.
    pub const TITLE: &str = "title";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 统一社会信用代码.
    pub const CREDIT_CODE: &str = "credit_code";
    /// 联系人.
    pub const CONTACT_NAME: &str = "contact_name";
    /// 联系电话.
    pub const CONTACT_PHONE: &str = "contact_phone";
    /// 电子邮箱.
    pub const CONTACT_EMAIL: &str = "contact_email";
    /// 所属行业.
    pub const INDUSTRY: &str = "industry";
    /// 单位标识.
    pub const LABELS: &str = "labels";
}

/// 政策.
pub mod policy {
    /// Kind.
    pub const KIND: &str = "policy";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_orders_stands_in_the_catalogue() {
        let (catalogue, _) = catalogue::Catalogue::load(crate::embedded::texts("catalogue"));
        let check = |kind: &str, names: &[&str]| {
            let kind = catalogue.kind(kind).expect(kind);
            for name in names {
                assert!(kind.field(name).is_some(), "{}.{name}", kind.name);
            }
        };
        use case::{self as c};
        check(c::KIND, &[c::TITLE, c::PARTY, c::PROVIDER, c::SERVICE, c::WISH, c::WANTED]);
        check(c::KIND, &[c::CONTACT_NAME, c::CONTACT_PHONE, c::SAMPLES]);
        check(c::KIND, &[c::EXPERT, c::NEXT_ON, c::NEXT_STEP, c::DEMAND]);
        use story::{self as s};
        check(s::KIND, &[s::TITLE, s::PARTY, s::CASES, s::OUTCOMES, s::PLACE]);
        check(s::KIND, &[s::INDUSTRY, s::PROBLEM, s::RESULTS]);
        check(outcome::KIND, &[outcome::DEMAND, outcome::EVIDENCE]);
        use call::{self as v};
        check(v::KIND, &[v::TITLE, v::VISITED, v::PLACE, v::FIRM, v::SOCIETIES, v::EXPERTS, v::PEOPLE]);
        check(v::KIND, &[v::CASE, v::MINUTES, v::NEXT_STEP, v::NEXT_ON, v::PHOTOS]);
        use agreement::{self as a};
        check(a::KIND, &[a::TITLE, a::PARTIES, a::SIGNED, a::PLACE, a::EVENT, a::AMOUNT, a::CASE]);
        check(a::KIND, &[a::FROM_INTENT, a::FOLLOWER, a::FOLLOW_UP, a::DEMAND]);
        let moves = |kind: &str, mv: &str| catalogue.kind(kind).expect(kind).move_of(mv).is_some();
        assert!(moves(c::KIND, c::FOLLOW) && moves(v::KIND, v::SEND_MINUTES));
        assert!(moves(a::KIND, a::LIST));
        assert!(moves(report::KIND, report::FILE) && moves(report::KIND, report::ASK_BACK));
        check(report::KIND, &[report::QUESTION]);
        check(c::KIND, &[c::DEMAND]);
        check(outcome::KIND, &[outcome::DEMAND]);
        for (kind, path) in [
            (outcome::KIND, outcome::PROBLEM),
            (report::KIND, report::BRIEF),
            (v::KIND, v::SERVICE),
            (a::KIND, a::INTENT),
            (a::KIND, a::CONTRACT),
            (a::KIND, a::DEVELOPMENT),
        ] {
            assert!(catalogue.kind(kind).expect(kind).type_of(path).is_some(), "{kind} {path}");
        }
        check(offer::KIND, &[offer::ORDERABLE, offer::PROVIDER]);
        let stands = |kind: &str, stage: &str| catalogue.kind(kind).expect(kind).stage(stage).is_some();
        assert!(stands(v::KIND, v::RETIRED) && stands(c::KIND, c::DONE));
        assert!(stands(offer::KIND, offer::LISTED) && stands(achievement::KIND, achievement::FADED));
        assert!(catalogue.kind(c::KIND).expect("case").type_of(c::ORDER).is_some());
        assert!(catalogue.kind(tie::KIND).expect("tie").type_of(tie::OPENING).is_some());
    }

    #[test]
    fn every_name_stands_in_the_catalogue() {
        let (catalogue, faults) = catalogue::Catalogue::load(crate::embedded::texts("catalogue"));
        assert!(faults.is_empty(), "{faults:?}");
        let check = |kind: &str, names: &[&str]| {
            let kind = catalogue.kind(kind).expect(kind);
            for name in names {
                assert!(kind.fields.iter().any(|field| field.name == *name), "{}.{name}", kind.name);
            }
        };
        check(person::KIND, &[person::NAME, person::NO_RANKING, person::PAUSED, person::CEILING]);
        use report::{self as r};
        check(r::KIND, &[r::INDICATOR, r::VALUE, r::BASIS, r::SINCE, UNTIL]);
        check(event::KIND, &[event::HELD]);
        use target::{self as t};
        check(t::KIND, &[t::INDICATOR, t::VALUE, t::BASE, t::SINCE, t::SCOPE, t::PROGRAMME, UNTIL]);
        check(tie::KIND, &[tie::FROM, tie::TO, tie::LINK, tie::TITLE, tie::PURPOSE, tie::SINCE]);
        use organization::{self as o};
        check(o::KIND, &[o::LEVEL, o::TITLE, o::PLACE, o::CREDIT_CODE, o::INDUSTRY, o::LABELS]);
        check(o::KIND, &[o::CONTACT_NAME, o::CONTACT_PHONE, o::CONTACT_EMAIL]);
        check(station::KIND, &[station::HOST]);
        check(policy::KIND, &[]);
        let units = catalogue.kind(organization::KIND).expect("organization");
        for path in [organization::ASSOCIATION, organization::FIRM] {
            assert!(units.type_of(path).is_some(), "{path}");
        }
        let sourced = |kind: &&catalogue::Kind| kind.stages.iter().any(|stage| stage.name == SOURCED);
        assert!(catalogue.kinds().filter(sourced).count() >= 11);
        use pairing::{self as p};
        check(
            p::KIND,
            &[p::TITLE, p::DEMAND, p::CANDIDATE, p::REASON, p::NOTE, p::SCORE, p::REASONS_SHOWN, p::EXPERT],
        );
        check(p::KIND, &[p::UNIT, p::MESSAGE, p::FIRM_TYPE, p::EFFORT]);
        let of_match = catalogue.kind(p::KIND).expect("match");
        for stage in [p::FITTING, p::UNFITTING, p::SUGGESTED, p::EXPIRED] {
            assert!(of_match.stages.iter().any(|s| s.name == stage), "{stage}");
        }
        for mv in [p::FIT, p::UNFIT, p::INVITE] {
            assert!(of_match.moves.iter().any(|m| m.name == mv), "{mv}");
        }
        let people = catalogue.kind(person::KIND).expect("person");
        for path in [person::CONTACT, person::OFFICER] {
            assert!(people.types.iter().any(|t| t.path == path), "{path}");
        }
        assert!(catalogue.vocabularies().contains_key(p::REASONS));
        use programme::{self as g};
        let names =
            [g::DOCUMENT_NUMBER, g::LEAD, g::SINCE, g::UNTIL, g::SUMMARY, g::FOCUS, g::PHASES, g::TASKS];
        check(g::KIND, &names);
        check(g::KIND, &[g::PILOTS, g::SAFEGUARDS, g::POLICIES, g::EVALUATOR, source::FIELD]);
        let named = [g::NAME, g::WORK];
        for (group, parts) in [
            (g::PHASES, &[g::NAME, g::WORK, g::SINCE, g::UNTIL][..]),
            (g::TASKS, &named),
            (g::SAFEGUARDS, &named),
            (source::FIELD, &[source::DOCUMENT, source::ROW, source::NOTE]),
        ] {
            let field = catalogue.kind(g::KIND).and_then(|kind| kind.field(group)).expect(group);
            let catalogue::Shape::Group(inner) = &field.shape else { panic!("{group} is a group") };
            for part in parts {
                assert!(inner.iter().any(|field| field.name == *part), "{group}.{part}");
            }
        }
        assert!(catalogue.vocabularies().contains_key(source::DOCUMENTS));
    }

    #[test]
    fn every_name_of_an_outcome_stands_in_the_catalogue() {
        let (catalogue, _) = catalogue::Catalogue::load(crate::embedded::texts("catalogue"));
        let check = |kind: &str, names: &[&str]| {
            let kind = catalogue.kind(kind).expect(kind);
            names.iter().for_each(|name| assert!(kind.field(name).is_some(), "{}.{name}", kind.name));
        };
        use outcome::{self as x};
        check(x::KIND, &[x::FIRM, x::REPORTED_BY, x::PAPER_NUMBER, x::ACHIEVED_ON, x::QUANTITY, x::AMOUNT]);
        check(x::KIND, &[x::CLOSED_AMOUNT, x::AGREEMENT, x::CASE, x::EVIDENCE, x::CONFIRMED_ON, x::SHARES]);
        check(x::KIND, &[x::DISTINCT_FROM, x::DISTINCTION, x::ATTRIBUTION]);
        check(visit::KIND, &[visit::DAY, visit::EXPERTS, visit::CASE]);
        check(agreement::KIND, &[agreement::AMOUNT]);
        let outcomes = catalogue.kind(x::KIND).expect("outcome");
        assert!([x::PROPOSED, x::LISTED, x::RETIRED].iter().all(|stage| outcomes.stage(stage).is_some()));
        assert!(
            x::PAID.iter().all(|of| outcomes.type_of(of).is_some()) && outcomes.move_of(x::RETIRE).is_some()
        );
    }

    #[test]
    fn every_name_of_a_demand_stands_in_the_catalogue() {
        let (catalogue, _) = catalogue::Catalogue::load(crate::embedded::texts("catalogue"));
        let check = |kind: &str, names: &[&str]| {
            let kind = catalogue.kind(kind).expect(kind);
            for name in names {
                assert!(kind.fields.iter().any(|field| field.name == *name), "{}.{name}", kind.name);
            }
        };
        use demand::{self as d};
        let names =
            [d::PROBLEM, d::PRESENT, d::WANTED, d::CONDITIONS, d::VOLUME, d::BUDGET, d::DUE, d::INDUSTRY];
        check(d::KIND, &names);
        check(d::KIND, &[d::DISCIPLINE, d::TITLE, d::PLACE, d::QUESTIONS, d::PUBLIC_NAME, d::SHOWS_FIRM]);
        check(d::KIND, &[d::ORGANIZATION, d::FIRM_NAME, d::CREDIT_CODE, d::CONTACT_NAME, d::CONTACT_PHONE]);
        check(
            d::KIND,
            &[d::CONTACT_EMAIL, d::TOLD_BY, d::FILLED_BY, d::BROKER, d::CAMPAIGN, d::INTAKE, d::REMINDED],
        );
        check(d::KIND, &[d::OPENED, d::LIAISON, d::COMMON, d::DRAWN_FROM, d::FIRMS]);
        let of_demand = catalogue.kind(d::KIND).expect("demand");
        assert!(of_demand.type_of(d::COMMON_TYPE).is_some());
        for stage in [d::CALLED, d::NONE] {
            assert!(of_demand.stages.iter().any(|s| s.name == stage), "{stage}");
        }
        for mv in [d::CALL, d::REMIND, d::SUBMIT, d::PUBLISH, d::COMBINE] {
            assert!(of_demand.moves.iter().any(|m| m.name == mv), "{mv}");
        }
    }
}
