//! What programs and group robots are sent: address, headers and body, signed as each of them asks.
//!
//! A pure function of message, secret and time; nothing here opens a connection. Start at [`call`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use register::{Delivery, Means};
use serde_json::{Value, json};
use sha2::Sha256;

use super::words::Message;
use crate::locale::Texts;
use crate::problem::encode_query;

/// Bytes of a robot's text that each service takes, by its documentation.
const WECOM_BYTES: usize = 2_048;
const OTHER_BYTES: usize = 16_000;

/// What is to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Where to.
    pub address: String,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// A JSON text.
    pub body: String,
}

/// The hosts of the group robots' own services.
pub fn known_hosts(means: Means) -> &'static [&'static str] {
    match means {
        Means::Mail | Means::Webhook => &[],
        Means::Wecom => &["qyapi.weixin.qq.com"],
        Means::Dingtalk => &["oapi.dingtalk.com"],
        Means::Feishu => &["open.feishu.cn"],
    }
}

/// The call that delivers a message.
pub fn call(delivery: &Delivery, message: &Message, origin: &str, texts: &Texts, now: Timestamp) -> Call {
    let channel = &delivery.channel;
    let secret = channel.secret.as_deref().filter(|secret| !secret.is_empty());
    let plain =
        |body: Value| Call { address: channel.address.clone(), headers: Vec::new(), body: body.to_string() };
    match channel.means {
        Means::Wecom => plain(
            json!({ "msgtype": "text", "text": { "content": message.short(origin, WECOM_BYTES, texts) } }),
        ),
        Means::Dingtalk => {
            let text = message.short(origin, OTHER_BYTES, texts);
            let call = plain(json!({ "msgtype": "text", "text": { "content": text } }));
            Call { address: dingtalk_address(&channel.address, secret, now), ..call }
        }
        Means::Feishu => {
            let text = message.short(origin, OTHER_BYTES, texts);
            let mut body = json!({ "msg_type": "text", "content": { "text": text } });
            if let Some(secret) = secret {
                let at = now.as_second();
                body["timestamp"] = at.to_string().into();
                body["sign"] = feishu_sign(secret, at).into();
            }
            plain(body)
        }
        Means::Mail | Means::Webhook => webhook(delivery, message, origin, secret.unwrap_or_default(), now),
    }
}

/// A program's message says everything as data; its signature covers the time, so that an old one is not played again.
fn webhook(delivery: &Delivery, message: &Message, origin: &str, secret: &str, now: Timestamp) -> Call {
    let notice = |line: &super::words::Line| {
        json!({
            "text": line.text, "cause": line.cause, "number": line.number, "title": line.title,
            "stage": line.stage, "url": format!("{origin}{}", line.path),
        })
    };
    let body = json!({
        "id": delivery.message,
        "made": delivery.made.to_string(),
        "trial": message.trial,
        "subject": message.subject,
        "notices": message.lines.iter().map(notice).collect::<Vec<_>>(),
        "more": message.more,
    })
    .to_string();
    let at = now.as_second();
    let signature = hex(&mac(secret.as_bytes(), format!("{at}.{body}").as_bytes()));
    let headers = vec![
        ("idempotency-key", delivery.message.clone()),
        ("hongniang-signature", format!("t={at},v1={signature}")),
    ];
    Call { address: delivery.channel.address.clone(), headers, body }
}

/// DingTalk: HMAC-SHA256 of “milliseconds, newline, secret” by the secret, in the address.
fn dingtalk_address(address: &str, secret: Option<&str>, now: Timestamp) -> String {
    let Some(secret) = secret else { return address.to_owned() };
    let at = now.as_millisecond();
    let sign = STANDARD.encode(mac(secret.as_bytes(), format!("{at}\n{secret}").as_bytes()));
    let mark = if address.contains('?') { '&' } else { '?' };
    // A slash may stand in a query, but their servers compare what is escaped.
    let sign = encode_query(&sign).replace('/', "%2F");
    format!("{address}{mark}timestamp={at}&sign={sign}")
}

/// Feishu: HMAC-SHA256 of nothing by “seconds, newline, secret”.
fn feishu_sign(secret: &str, at: i64) -> String {
    STANDARD.encode(mac(format!("{at}\n{secret}").as_bytes(), b""))
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length, so the empty answer never comes.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a robot's answer says that it took the message: they answer 200 to everything and say the rest in words.
pub fn refusal(means: Means, body: &str) -> Option<String> {
    let code = match means {
        Means::Mail | Means::Webhook => return None,
        Means::Wecom | Means::Dingtalk => "errcode",
        Means::Feishu => "code",
    };
    let answer: Value = serde_json::from_str(body).unwrap_or_default();
    if answer.get(code).and_then(Value::as_i64) == Some(0) {
        return None;
    }
    let words: String = body.chars().take(200).collect();
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values worked out with the HMAC of Python, as the services' own examples do.
    #[test]
    fn signs_as_the_services_say() {
        let at: Timestamp = "2026-11-20T01:00:00Z".parse().expect("a time");
        assert_eq!(feishu_sign("demo", 1_599_360_473), FEISHU);
        assert_eq!(
            dingtalk_address("https://oapi.dingtalk.com/robot/send?access_token=x", Some("SECdemo"), at),
            format!(
                "https://oapi.dingtalk.com/robot/send?access_token=x&timestamp=1795136400000&sign={DINGTALK}"
            )
        );
    }
    const FEISHU: &str = "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=";
    const DINGTALK: &str = "jLYfLYaRGt0wmSOXkmhSTecmZW4MR7KKXeYBqK8zjgw%3D";

    #[test]
    fn a_robot_that_says_no_has_not_taken_it() {
        assert_eq!(refusal(Means::Wecom, r#"{"errcode":0,"errmsg":"ok"}"#), None);
        assert!(refusal(Means::Wecom, r#"{"errcode":93000,"errmsg":"invalid"}"#).is_some());
        assert_eq!(refusal(Means::Feishu, r#"{"code":0}"#), None);
        assert!(refusal(Means::Feishu, "not json").is_some());
        assert_eq!(refusal(Means::Webhook, "anything"), None);
    }
}
