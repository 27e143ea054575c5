//! Names of the kinds about experts, bodies and events: memos, benefits, tasks, attendances and trips.
//!
//! Never holds a rule. A test holds each name against the catalogue.

/// The expert a record is about.
pub const EXPERT: &str = "expert";

/// Stage 已办成 of a case.
pub const CASE_DONE: &str = "done";

/// Where a person works.
pub const EMPLOYER: &str = "employer";

/// 专家备忘.
pub mod memo {
    /// Kind.
    pub const KIND: &str = "memo";
    /// 需跟进事项, a type.
    pub const FOLLOW: &str = "follow";
    /// 日期.
    pub const ON: &str = "noted_on";
    /// 下一步.
    pub const NEXT: &str = "next_step";
    /// 答应的事.
    pub const PROMISES: &str = "promises";
}

/// 专家礼遇.
pub mod benefit {
    /// Kind.
    pub const KIND: &str = "benefit";
    /// 额度; also of one use.
    pub const AMOUNT: &str = "amount";
    /// 使用记录.
    pub const USED: &str = "used";
    /// 有效期至.
    pub const VALID: &str = "valid_until";
}

/// 任务.
pub mod task {
    /// Kind.
    pub const KIND: &str = "task";
    /// 任务.
    pub const TITLE: &str = "title";
    /// 议定的会议.
    pub const MEETING: &str = "meeting";
    /// 议事机构.
    pub const BODY: &str = "body";
    /// 牵头单位.
    pub const UNIT: &str = "unit";
    /// 完成期限.
    pub const DUE: &str = "due_on";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// Stage 办理中.
    pub const OPEN: &str = "open";
    /// Stage 已办结.
    pub const DONE: &str = "done";
    /// Move 交办.
    pub const ASSIGN: &str = "assign";
}

/// 参会.
pub mod attendance {
    /// Kind.
    pub const KIND: &str = "attendance";
    /// 姓名.
    pub const NAME: &str = "title";
    /// 活动.
    pub const EVENT: &str = "event";
    /// 参会身份.
    pub const PART: &str = "part";
    /// Vocabulary of the above.
    pub const PARTS: &str = "attendance_part";
    /// Terms of it that are experts.
    pub const EXPERTS: [&str; 2] = ["academician", "expert"];
    /// The term of those who come from a firm.
    pub const OF_FIRM: &str = "firm";
    /// 单位, as typed.
    pub const UNIT_NAME: &str = "unit_name";
    /// 在册单位.
    pub const UNIT: &str = "unit";
    /// 在库人员.
    pub const PERSON: &str = "person";
    /// 职务.
    pub const POSITION: &str = "position";
    /// 联系电话.
    pub const PHONE: &str = "phone";
    /// 主办单位.
    pub const HOST: &str = "host";
    /// 所在地.
    pub const PLACE: &str = "place";
    /// 到会日期.
    pub const CAME_ON: &str = "came_on";
    /// Stage 已到会.
    pub const CAME: &str = "came";
    /// Move 签到.
    pub const SIGN_IN: &str = "sign-in";
}

/// 派出.
pub mod trip {
    /// Kind.
    pub const KIND: &str = "trip";
    /// 派出专家.
    pub const EXPERTS: &str = "experts";
    /// 服务团.
    pub const TEAM: &str = "team";
    /// 去往单位.
    pub const FIRM: &str = "firm";
    /// 出发日期.
    pub const STARTS: &str = "starts_on";
    /// 结束日期.
    pub const ENDS: &str = "ends_on";
    /// Stage 已取消.
    pub const CANCELLED: &str = "cancelled";
}

/// 活动, what desks of events ask beside its day.
pub mod gathering {
    /// 系列.
    pub const SERIES: &str = "series";
    /// 牵头主办单位.
    pub const ORGANIZER: &str = "organizer";
    /// 参加企业数.
    pub const FIRMS: &str = "firms";
    /// 参加人数.
    pub const PEOPLE: &str = "people";
    /// 议事机构.
    pub const BODY: &str = "body";
    /// 上级活动.
    pub const PARENT: &str = "parent";
    /// 涉及行业.
    pub const INDUSTRY: &str = "industry";
    /// Type 座谈会、研讨会.
    pub const MEETING: &str = "meeting";
    /// Stage 已停用.
    pub const RETIRED: &str = "retired";
}

/// 走访, as a service that an expert did.
pub mod visiting {
    /// Kind.
    pub const KIND: &str = "visit";
    /// 参与专家.
    pub const EXPERTS: &str = "experts";
    /// 走访日期.
    pub const ON: &str = "visited_on";
    /// 走访单位.
    pub const FIRM: &str = "firm";
}

/// 连接, as membership of a body and contact with a firm.
pub mod belonging {
    /// 任职.
    pub const POST: &str = "post";
    /// 会员.
    pub const MEMBERSHIP: &str = "membership";
    /// 支持.
    pub const SUPPORT: &str = "support";
    /// 结对.
    pub const PAIRING: &str = "pairing";
    /// 联络员联系企业.
    pub const FIRM_LIAISON: &str = "firm_liaison";
    /// 顾问联系企业.
    pub const FIRM_ADVISER: &str = "firm_adviser";
    /// 职务.
    pub const ROLE: &str = "role";
    /// Vocabulary of the above.
    pub const ROLES: &str = "post_role";
    /// 主题.
    pub const THEME: &str = "theme";
    /// 结对成果.
    pub const DELIVERABLES: &str = "deliverables";
    /// Stage 有效.
    pub const LIVE: &str = "live";
}

/// Types of 单位 that meet, decide or go out, and those that pair.
pub mod body {
    /// 议事协调机构.
    pub const BODY: &str = "body";
    /// 专门委员会.
    pub const COMMITTEE: &str = "association.committee";
    /// 科协常委会.
    pub const STANDING: &str = "association.standing";
    /// 科技服务团.
    pub const TEAM: &str = "service_team";
    /// 高校.
    pub const UNIVERSITY: &str = "university";
    /// 乡镇（街道）.
    pub const TOWNSHIP: &str = "township";
}

/// 不便外出的日子.
pub mod away {
    /// The group of a person.
    pub const AWAY: &str = "away";
    /// From.
    pub const SINCE: &str = "since";
    /// Until.
    pub const UNTIL: &str = "until";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{case, event, organization, person, tie};

    #[test]
    fn every_name_about_people_stands_in_the_catalogue() {
        let (catalogue, _) = catalogue::Catalogue::load(crate::embedded::texts("catalogue"));
        let kind = |name: &str| catalogue.kind(name).unwrap_or_else(|| panic!("{name}"));
        let check = |of: &str, names: &[&str]| {
            names.iter().for_each(|name| assert!(kind(of).field(name).is_some(), "{of}.{name}"));
        };
        check(memo::KIND, &[memo::ON, memo::NEXT, memo::PROMISES, EXPERT]);
        check(benefit::KIND, &[benefit::AMOUNT, benefit::USED, benefit::VALID, EXPERT]);
        check(task::KIND, &[task::TITLE, task::MEETING, task::BODY, task::UNIT, task::DUE, task::PLACE]);
        use attendance::{self as a};
        check(a::KIND, &[a::NAME, a::EVENT, a::PART, a::UNIT_NAME, a::UNIT, a::PERSON, a::POSITION]);
        check(a::KIND, &[a::PHONE, a::HOST, a::PLACE, a::CAME_ON]);
        check(trip::KIND, &[trip::EXPERTS, trip::TEAM, trip::FIRM, trip::STARTS, trip::ENDS]);
        use gathering::{self as g};
        check(event::KIND, &[g::SERIES, g::ORGANIZER, g::FIRMS, g::PEOPLE, g::BODY, g::PARENT, g::INDUSTRY]);
        check(visiting::KIND, &[visiting::EXPERTS, visiting::ON, visiting::FIRM]);
        check(tie::KIND, &[belonging::ROLE, belonging::THEME, belonging::DELIVERABLES]);
        check(person::KIND, &[away::AWAY, EMPLOYER]);
        check(case::KIND, &[EXPERT]);
        let stages = [
            (task::KIND, &[task::OPEN, task::DONE][..]),
            (attendance::KIND, &[a::CAME]),
            (trip::KIND, &[trip::CANCELLED]),
            (event::KIND, &[g::RETIRED]),
            (tie::KIND, &[belonging::LIVE]),
            (case::KIND, &[CASE_DONE]),
        ];
        for (of, names) in stages {
            names.iter().for_each(|name| assert!(kind(of).stage(name).is_some(), "{of} {name}"));
        }
        use belonging::{self as b};
        let types = [
            (memo::KIND, &[memo::FOLLOW][..]),
            (tie::KIND, &[b::POST, b::MEMBERSHIP, b::SUPPORT, b::PAIRING, b::FIRM_LIAISON, b::FIRM_ADVISER]),
            (
                organization::KIND,
                &[body::BODY, body::COMMITTEE, body::STANDING, body::TEAM, body::UNIVERSITY, body::TOWNSHIP],
            ),
            (event::KIND, &[g::MEETING]),
        ];
        for (of, names) in types {
            names.iter().for_each(|name| assert!(kind(of).type_of(name).is_some(), "{of} {name}"));
        }
        assert!(kind(task::KIND).move_of(task::ASSIGN).is_some());
        assert!(kind(a::KIND).move_of(a::SIGN_IN).is_some());
        let terms = &catalogue.vocabularies()[a::PARTS].terms;
        for code in a::EXPERTS.iter().chain([&a::OF_FIRM]) {
            assert!(terms.iter().any(|term| term.code == *code), "{code}");
        }
        assert!(catalogue.vocabularies().contains_key(belonging::ROLES));
    }
}
