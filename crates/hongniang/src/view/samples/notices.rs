//! Notices, channels, and what could not be delivered.

use super::*;

impl Sample {
    pub(super) fn notices(&self) -> NoticesView {
        let row = |row: i64, zh: &str, en: &str| NoticeRow {
            row,
            href: Some("#".to_owned()),
            text: self.say(zh, en),
            at: self.say("2026年11月20日 09:30", "20 Nov 2026, 09:30"),
            ..NoticeRow::default()
        };
        let told = row(
            3,
            "“冷压强度不足”（德需2026-000001-4）已办理“发布”，现为“已发布”",
            "“Cold press too weak” (330521-2026-000001-4): Publish; now Published",
        );
        let late = row(
            2,
            "“冷压强度不足”（德需2026-000001-4）的“服务承诺时限”已于2026年11月19日到期，尚未办结",
            "“Cold press too weak” (330521-2026-000001-4): Promised answer was due on 19 Nov 2026 and is still open",
        );
        let gone = NoticeRow {
            href: None,
            ..row(1, "这条消息所说的记录您现在不能查看。", "You can no longer see the record.")
        };
        NoticesView {
            page: self.desk(&self.t("notices.title"), "/notices"),
            unread: vec![told.clone(), late],
            newest: 3,
            old: vec![told, gone],
            older: Some("#".to_owned()),
            exports: self.exports(),
            channels: self.link("#", "接收方式", "How I am told"),
            dead: Some(self.link("#", "未送达的消息（1）", "Messages not delivered (1)")),
            erasures: Some(self.link("#", "删除个人信息的请求（1）", "Requests to erase personal data (1)")),
        }
    }

    pub(super) fn notices_empty(&self) -> NoticesView {
        NoticesView {
            unread: Vec::new(),
            old: Vec::new(),
            older: None,
            dead: None,
            erasures: None,
            ..self.notices()
        }
    }

    fn choices(&self, all: &[(&str, &str, &str)]) -> Vec<Choice> {
        let one = |(at, (value, zh, en)): (usize, &(&str, &str, &str))| Choice {
            value: (*value).to_owned(),
            label: self.say(zh, en),
            chosen: at == 0,
        };
        all.iter().enumerate().map(one).collect()
    }

    pub(super) fn channels(&self) -> ChannelsView {
        let rhythms = self.choices(&[("daily", "工作日汇总", "Bundled"), ("off", "不接收", "Not at all")]);
        let channel = |row: i64, means: String, address: &str, proven: bool| ChannelRow {
            action: "#".to_owned(),
            row,
            means,
            address: address.to_owned(),
            rhythms: rhythms.clone(),
            proven,
        };
        ChannelsView {
            page: self.desk(&self.t("notices.channels"), "/notices/channels"),
            rows: vec![
                channel(1, self.say("电子邮件", "Mail"), "shi@example.cn", true),
                channel(2, self.say("电子邮件", "Mail"), "other@example.cn", false),
                channel(3, self.say("企业微信群机器人", "WeCom robot"), "qyapi.weixin.qq.com/…1a2b", true),
            ],
            means: self
                .choices(&[("mail", "电子邮件", "Mail"), ("wecom", "企业微信群机器人", "WeCom robot")]),
            rhythms: rhythms.clone(),
            address: String::new(),
            secret: String::new(),
            faults: Vec::new(),
            new_secret: None,
            no_mail: false,
        }
    }

    pub(super) fn channels_faults(&self) -> ChannelsView {
        let fault = FaultLine {
            id: "address".to_owned(),
            label: self.t("notices.address"),
            text: self.t("notices.no-address"),
        };
        let secret = Some("Zm9vYmFyZm9vYmFy".to_owned());
        ChannelsView {
            faults: vec![fault],
            rows: Vec::new(),
            no_mail: true,
            new_secret: secret,
            ..self.channels()
        }
    }

    pub(super) fn dead(&self) -> DeadView {
        let row = |again: String| StuckRow {
            row: 1,
            person: self.say("施小满（虚构）", "Shi Xiaoman (invented)"),
            means: self.say("电子邮件", "Mail"),
            address: "shi@example.cn".to_owned(),
            error: "permanent error (550): no such user".to_owned(),
            tries: 1,
            made: self.say("2026年11月20日 09:30", "20 Nov 2026, 09:30"),
            again,
        };
        DeadView {
            page: self.desk(&self.t("notices.dead"), "/notices/dead"),
            dead: vec![row(String::new())],
            again: vec![row(self.say("2026年11月20日 09:31", "20 Nov 2026, 09:31"))],
            exports: self.exports(),
            no_mail: true,
        }
    }
}
