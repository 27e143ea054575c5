//! OpenID Connect, the part a house needs that lets people in: discovery, the authorization code with PKCE, and the
//! checks of an ID token (OpenID Connect Core 1.0 §3.1.3.7, RFC 7636).
//!
//! Written here on the TLS library's own signatures: the crates that do it bring eighty more, several copies of the same
//! cryptography among them. Never decides who someone is here, keeps nothing between two calls; the clock and chance are
//! arguments. Start at [`Provider::door`] and [`Provider::redeem`].

use std::time::Duration;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::problem::encode_query;

/// A provider that has not answered by then is down.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// No answer of a provider is longer.
const ANSWER_BYTES_MAX: u64 = 256 * 1024;
/// Seconds two clocks may differ.
const SKEW_S: i64 = 60;
/// Characters of a subject, by the standard.
const SUBJECT_CHARS_MAX: usize = 255;
/// Characters of a name that are kept for showing.
const NAME_CHARS_MAX: usize = 80;

/// A provider as an installation names it.
#[derive(Clone, Debug)]
pub struct ProviderOptions {
    /// Its issuer, exactly as it calls itself.
    pub issuer: String,
    /// What it calls this house.
    pub client: String,
    /// The secret it gave this house; none for a public client.
    pub secret: Option<String>,
    /// What people call it.
    pub name: String,
}

/// A provider.
pub struct Provider {
    options: ProviderOptions,
    agent: ureq::Agent,
}

/// Why a provider is of no help just now.
#[derive(Debug)]
pub enum Unhelpful {
    /// It does not answer.
    Down(String),
    /// It answers what may not be believed.
    Wrong(String),
}

/// Who a provider says someone is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The provider's identifier of the person.
    pub subject: String,
    /// What it calls them, for showing only.
    pub name: String,
}

/// What goes out with someone and must come back with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Comes back in the address.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Its hash goes out, it is shown when the code is redeemed.
    pub verifier: String,
}

/// What a provider says of itself.
struct Found {
    authorization: String,
    token: String,
    keys: String,
    basic: bool,
}

impl Provider {
    /// Checks how a provider is named; nothing is asked of it yet.
    pub fn new(options: ProviderOptions) -> anyhow::Result<Provider> {
        let loopback = is_loopback(&options.issuer);
        if !loopback && !options.issuer.starts_with("https://") {
            bail!("the issuer {} must begin with https:// (http only on this machine)", options.issuer);
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_MAX))
            .http_status_as_error(false)
            .https_only(!loopback)
            // A provider that sends elsewhere is not the one that was named.
            .max_redirects(0)
            .max_redirects_will_error(false);
        let config = if loopback { config.proxy(None) } else { config };
        Ok(Provider { options, agent: config.build().into() })
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.options.name
    }

    /// Its issuer.
    pub fn issuer(&self) -> &str {
        &self.options.issuer
    }

    /// The address where it asks who someone is. Blocks on the network.
    pub fn door(&self, marks: &Marks, back: &str) -> Result<String, Unhelpful> {
        let found = self.discover()?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(marks.verifier.as_bytes()));
        let pairs = [
            ("response_type", "code"),
            ("scope", "openid profile"),
            ("client_id", &self.options.client),
            ("redirect_uri", back),
            ("state", &marks.state),
            ("nonce", &marks.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let query: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", encode_query(value))).collect();
        let mark = if found.authorization.contains('?') { '&' } else { '?' };
        Ok(format!("{}{mark}{}", found.authorization, query.join("&")))
    }

    /// Redeems a code for who someone is. Blocks on the network.
    pub fn redeem(
        &self,
        code: &str,
        marks: &Marks,
        back: &str,
        now: Timestamp,
    ) -> Result<Subject, Unhelpful> {
        let found = self.discover()?;
        let token = self.token(&found, code, &marks.verifier, back)?;
        let keys = self.ask(&found.keys)?;
        verify(&token, &keys, &self.options, &marks.nonce, now)
            .map_err(|error| Unhelpful::Wrong(format!("ID token: {error:#}")))
    }

    fn discover(&self) -> Result<Found, Unhelpful> {
        let issuer = self.options.issuer.trim_end_matches('/');
        let said = self.ask(&format!("{issuer}/.well-known/openid-configuration"))?;
        self.read(&said).map_err(|error| Unhelpful::Wrong(format!("discovery: {error:#}")))
    }

    fn read(&self, said: &Value) -> anyhow::Result<Found> {
        let named = text(said, "issuer")?;
        if named != self.options.issuer {
            bail!("it calls itself {named}, not {}", self.options.issuer);
        }
        let address = |name| {
            let address = text(said, name)?;
            let safe = address.starts_with("https://") || is_loopback(&self.options.issuer);
            if safe { Ok(address.to_owned()) } else { bail!("{name} is not https") }
        };
        let methods = said.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
        // Without a word about it the standard says basic.
        let basic =
            methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
        Ok(Found {
            authorization: address("authorization_endpoint")?,
            token: address("token_endpoint")?,
            keys: address("jwks_uri")?,
            basic,
        })
    }

    fn ask(&self, address: &str) -> Result<Value, Unhelpful> {
        self.answer(address, self.agent.get(address).header("accept", "application/json").call())
    }

    /// The ID token that is given for a code.
    fn token(&self, found: &Found, code: &str, verifier: &str, back: &str) -> Result<String, Unhelpful> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", verifier),
        ];
        let mut asked = self.agent.post(&found.token).header("accept", "application/json");
        match &self.options.secret {
            Some(secret) if found.basic => {
                let pair = format!("{}:{}", encode_query(&self.options.client), encode_query(secret));
                asked = asked.header("authorization", format!("Basic {}", STANDARD.encode(pair)));
            }
            Some(secret) => {
                form.extend([("client_id", self.options.client.as_str()), ("client_secret", secret)])
            }
            None => form.push(("client_id", &self.options.client)),
        }
        let said = self.answer(&found.token, asked.send_form(form))?;
        let token = text(&said, "id_token").map_err(|error| Unhelpful::Wrong(format!("token: {error:#}")))?;
        Ok(token.to_owned())
    }

    fn answer(
        &self,
        address: &str,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Value, Unhelpful> {
        let mut answer = answer.map_err(|error| Unhelpful::Down(format!("{address}: {error}")))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        let body = body.map_err(|error| Unhelpful::Wrong(format!("{address}: {error}")))?;
        match status {
            200 => serde_json::from_slice(&body)
                .map_err(|error| Unhelpful::Wrong(format!("{address}: not JSON: {error}"))),
            500.. => Err(Unhelpful::Down(format!("{address}: status {status}"))),
            _ => Err(Unhelpful::Wrong(format!("{address}: status {status}"))),
        }
    }
}

fn is_loopback(address: &str) -> bool {
    ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|home| {
        address.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

fn text<'v>(value: &'v Value, name: &str) -> anyhow::Result<&'v str> {
    value
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .with_context(|| format!("no {name}"))
}

/// Checks an ID token: signed by one of the keys, by this issuer, for this house, for this question, and still good.
fn verify(
    token: &str,
    keys: &Value,
    options: &ProviderOptions,
    nonce: &str,
    now: Timestamp,
) -> anyhow::Result<Subject> {
    let (signed, signature) = token.rsplit_once('.').context("not a token")?;
    let (head, body) = signed.split_once('.').context("not a token")?;
    let head = part(head)?;
    let alg = text(&head, "alg")?;
    let key = key_for(keys, alg, head.get("kid").and_then(Value::as_str))?;
    check_signature(alg, key, signed.as_bytes(), &bytes(signature)?)?;
    let claims = part(body)?;
    check_claims(&claims, options, nonce, now)?;
    let subject = text(&claims, "sub")?;
    if subject.chars().count() > SUBJECT_CHARS_MAX {
        bail!("sub is too long");
    }
    let names = ["name", "preferred_username", "nickname"];
    let name = names.iter().find_map(|name| text(&claims, name).ok()).unwrap_or(subject);
    Ok(Subject { subject: subject.to_owned(), name: name.chars().take(NAME_CHARS_MAX).collect() })
}

fn bytes(text: &str) -> anyhow::Result<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).context("not base64url")
}

fn part(text: &str) -> anyhow::Result<Value> {
    serde_json::from_slice(&bytes(text)?).context("not JSON")
}

/// The key a token names, or the only one of its kind.
fn key_for<'k>(keys: &'k Value, alg: &str, kid: Option<&str>) -> anyhow::Result<&'k Value> {
    let family = match alg {
        "RS256" => "RSA",
        "ES256" => "EC",
        other => bail!("alg {other} is not taken"),
    };
    let said = |key: &Value, name: &str, wanted: &str| key.get(name).is_none_or(|value| value == wanted);
    let all = keys.get("keys").and_then(Value::as_array).context("no keys")?;
    let fits = |key: &&Value| {
        key.get("kty").is_some_and(|kty| kty == family) && said(key, "use", "sig") && said(key, "alg", alg)
    };
    let mut fitting = all.iter().filter(fits);
    match kid {
        Some(kid) => {
            fitting.find(|key| key.get("kid").is_some_and(|found| found == kid)).context("no such key")
        }
        None => {
            let only = fitting.next().context("no such key")?;
            if fitting.next().is_some() { bail!("several keys and no word which") } else { Ok(only) }
        }
    }
}

fn check_signature(alg: &str, key: &Value, signed: &[u8], signature: &[u8]) -> anyhow::Result<()> {
    let number = |name| bytes(text(key, name)?);
    let checked = match alg {
        "RS256" => {
            let parts = RsaPublicKeyComponents { n: number("n")?, e: number("e")? };
            parts.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
        }
        _ => {
            if text(key, "crv")? != "P-256" {
                bail!("another curve");
            }
            let point = [vec![4], number("x")?, number("y")?].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
        }
    };
    checked.map_err(|_| anyhow::anyhow!("the signature is not the provider's"))
}

fn check_claims(
    claims: &Value,
    options: &ProviderOptions,
    nonce: &str,
    now: Timestamp,
) -> anyhow::Result<()> {
    let (issuer, client) = (&options.issuer, options.client.as_str());
    if text(claims, "iss")? != issuer {
        bail!("another issuer");
    }
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => bail!("no aud"),
    };
    let party = claims.get("azp").and_then(Value::as_str);
    if !audiences.contains(&client) || party.is_some_and(|party| party != client) {
        bail!("for another client");
    }
    if audiences.len() > 1 && party.is_none() {
        bail!("several audiences and no azp");
    }
    let moment = |name: &str| claims.get(name).and_then(Value::as_i64).with_context(|| format!("no {name}"));
    let now = now.as_second();
    if moment("exp")? + SKEW_S <= now || moment("iat")? - SKEW_S > now {
        bail!("not of this time");
    }
    if text(claims, "nonce")? != nonce {
        bail!("an answer to another question");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn options() -> ProviderOptions {
        ProviderOptions {
            issuer: "https://id.example".to_owned(),
            client: "house".to_owned(),
            secret: None,
            name: "x".to_owned(),
        }
    }

    fn good() -> Value {
        json!({ "iss": "https://id.example", "aud": "house", "sub": "7", "nonce": "n", "exp": NOW + 60, "iat": NOW, "name": "李" })
    }

    fn sealed(head: &Value, claims: &Value, pair: &EcdsaKeyPair) -> String {
        let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", text(head), text(claims));
        let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn pair() -> (EcdsaKeyPair, Value) {
        let chance = SystemRandom::new();
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &chance).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &chance);
        let pair = pair.expect("a key");
        let point = pair.public_key().as_ref();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
        let keys =
            json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "a", "use": "sig", "x": x, "y": y }] });
        (pair, keys)
    }

    fn tried(token: &str, keys: &Value) -> Result<Subject, String> {
        let now = Timestamp::from_second(NOW).expect("a moment");
        verify(token, keys, &options(), "n", now).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_token_is_believed_only_whole() {
        let (pair, keys) = pair();
        let head = json!({ "alg": "ES256", "kid": "a" });
        let found = tried(&sealed(&head, &good(), &pair), &keys).expect("a good token");
        assert_eq!(found, Subject { subject: "7".to_owned(), name: "李".to_owned() });
        let cases = [
            ("iss", json!("https://id.example/"), "another issuer"),
            ("aud", json!("other"), "for another client"),
            ("aud", json!(["house", "other"]), "several audiences and no azp"),
            ("azp", json!("other"), "for another client"),
            ("nonce", json!("m"), "an answer to another question"),
            ("nonce", Value::Null, "no nonce"),
            ("exp", json!(NOW - 61), "not of this time"),
            ("exp", json!("never"), "no exp"),
            ("iat", json!(NOW + 61), "not of this time"),
            ("sub", json!(""), "no sub"),
            ("sub", json!("x".repeat(256)), "sub is too long"),
        ];
        for (name, value, why) in cases {
            let mut claims = good();
            claims[name] = value.clone();
            assert_eq!(tried(&sealed(&head, &claims, &pair), &keys), Err(why.to_owned()), "{name} {value}");
        }
    }

    #[test]
    fn no_other_key_no_other_algorithm_and_no_altered_word() {
        let ((mine, keys), (other, _)) = (pair(), pair());
        let head = json!({ "alg": "ES256", "kid": "a" });
        let forged = sealed(&head, &good(), &other);
        assert!(tried(&forged, &keys).is_err_and(|why| why.contains("signature")));
        for (head, why) in [
            (json!({ "alg": "none" }), "alg none is not taken"),
            (json!({ "alg": "HS256", "kid": "a" }), "alg HS256 is not taken"),
            (json!({ "alg": "ES256", "kid": "b" }), "no such key"),
            (json!({ "alg": "RS256", "kid": "a" }), "no such key"),
            (json!({}), "no alg"),
        ] {
            assert_eq!(tried(&sealed(&head, &good(), &mine), &keys), Err(why.to_owned()));
        }
        let sound = sealed(&head, &good(), &mine);
        let (signed, signature) = sound.rsplit_once('.').expect("parts");
        let (first, _) = signed.split_once('.').expect("parts");
        let mut claims = good();
        claims["sub"] = json!("8");
        let altered = format!("{first}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        assert!(tried(&altered, &keys).is_err_and(|why| why.contains("signature")));
        for nonsense in ["", "a.b", "a.b.c", "....", "é.é.é"] {
            assert!(tried(nonsense, &keys).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn a_provider_elsewhere_is_named_by_https() {
        let named =
            |issuer: &str| Provider::new(ProviderOptions { issuer: issuer.to_owned(), ..options() }).is_ok();
        assert!(named("https://id.example") && named("http://127.0.0.1:3000") && named("http://localhost/x"));
        assert!(!named("http://id.example") && !named("http://127.0.0.1.example") && !named("id.example"));
    }
}
