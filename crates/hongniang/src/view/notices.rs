//! 我的消息, 接收方式, and what could not be delivered.

use super::{FaultLine, Link, Page};

/// 我的消息.
#[derive(askama::Template)]
#[template(path = "notices.html")]
pub struct NoticesView {
    /// Shared parts.
    pub page: Page,
    /// What has not been read, newest first.
    pub unread: Vec<NoticeRow>,
    /// The newest of them: all up to it are marked read at once.
    pub newest: i64,
    /// What has been read, newest first.
    pub old: Vec<NoticeRow>,
    /// Where older ones stand.
    pub older: Option<String>,
    /// This list as a spreadsheet.
    pub exports: Vec<Link>,
    /// Where one chooses how to be told.
    pub channels: Link,
    /// What could not be delivered, for who runs the house.
    pub dead: Option<Link>,
    /// Requests to be erased that wait, for who decides them.
    pub erasures: Option<Link>,
}

/// One notice.
#[derive(Clone, Default)]
pub struct NoticeRow {
    /// Its number.
    pub row: i64,
    /// The record's page; none where the record may no longer be read.
    pub href: Option<String>,
    /// What happened, in one sentence.
    pub text: String,
    /// When.
    pub at: String,
    /// The record's printed number.
    pub number: String,
    /// The record's heading.
    pub title: String,
    /// What it is about.
    pub cause: String,
    /// Where the record stands now.
    pub stage: String,
}

/// 接收方式.
#[derive(askama::Template)]
#[template(path = "channels.html")]
pub struct ChannelsView {
    /// Shared parts.
    pub page: Page,
    /// The channels there are.
    pub rows: Vec<ChannelRow>,
    /// Means offered for a new one.
    pub means: Vec<Choice>,
    /// Rhythms offered for a new one.
    pub rhythms: Vec<Choice>,
    /// Address typed before.
    pub address: String,
    /// Secret typed before.
    pub secret: String,
    /// What is wrong with what was typed.
    pub faults: Vec<FaultLine>,
    /// The secret of a channel just made, told once.
    pub new_secret: Option<String>,
    /// The installation has no mail server.
    pub no_mail: bool,
}

/// A choice of a form.
#[derive(Clone)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What people read.
    pub label: String,
    /// It is the chosen one.
    pub chosen: bool,
}

/// One channel.
#[derive(Clone)]
pub struct ChannelRow {
    /// Where its buttons post to.
    pub action: String,
    /// Its number.
    pub row: i64,
    /// By what.
    pub means: String,
    /// The address, a robot's key left out.
    pub address: String,
    /// How often.
    pub rhythms: Vec<Choice>,
    /// Its address may be used.
    pub proven: bool,
}

/// What could not be delivered.
#[derive(askama::Template)]
#[template(path = "dead.html")]
pub struct DeadView {
    /// Shared parts.
    pub page: Page,
    /// Laid aside.
    pub dead: Vec<StuckRow>,
    /// Failed, and tried again by itself.
    pub again: Vec<StuckRow>,
    /// This list as a spreadsheet.
    pub exports: Vec<Link>,
    /// The installation has no mail server.
    pub no_mail: bool,
}

/// One message that failed.
#[derive(Clone)]
pub struct StuckRow {
    /// Its number.
    pub row: i64,
    /// For whom.
    pub person: String,
    /// By what.
    pub means: String,
    /// The address, a robot's key left out.
    pub address: String,
    /// Why it failed last.
    pub error: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it was filed.
    pub made: String,
    /// When it is tried again; empty for one laid aside.
    pub again: String,
}
