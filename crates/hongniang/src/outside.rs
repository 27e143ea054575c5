//! HTTP out of the house: the one place that may call another host.
//!
//! Only hosts that are known or that the installation named, only https (but for a named loopback), no redirects, no
//! proxy, ten seconds, a short answer. A host that was not named and leads to a private address is refused when it is
//! resolved, so that no later answer of a name server opens the house's own network. Start at [`Outside::post`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use anyhow::Context as _;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// No call lasts longer.
const CALL_MAX: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read; robots answer one short line.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;
/// Ports of the two schemes.
const HTTPS_PORT: u16 = 443;
const HTTP_PORT: u16 = 80;

/// A host an installation named, with its port.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    host: String,
    port: u16,
}

/// The way out.
#[derive(Debug)]
pub struct Outside {
    agent: Agent,
    named: Vec<Named>,
}

/// What a host answered.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// The beginning of its body.
    pub body: String,
}

/// Why an address is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is no address.
    Malformed,
    /// It is not https.
    Insecure,
    /// Nobody named its host.
    Stranger,
}

impl Outside {
    /// With the hosts the installation named, as `HOST` or `HOST:PORT`.
    pub fn new(hosts: &[String]) -> anyhow::Result<Outside> {
        let named: Vec<Named> = hosts.iter().map(|text| named(text)).collect::<anyhow::Result<_>>()?;
        let config = Config::builder()
            .timeout_global(Some(CALL_MAX))
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .max_idle_connections(0)
            .build();
        let careful = Careful { named: named.clone(), resolver: DefaultResolver::default() };
        Ok(Outside { agent: Agent::with_parts(config, DefaultConnector::default(), careful), named })
    }

    /// Whether the address may be called: its host is one of the known ones or was named.
    pub fn admits(&self, address: &str, known: &[&str]) -> Result<(), Refused> {
        let uri: Uri = address.parse().map_err(|_| Refused::Malformed)?;
        let (host, port) = host_of(&uri).ok_or(Refused::Malformed)?;
        let is_named = self.named.iter().any(|named| named.host == host && named.port == port);
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_named && is_loopback(&host) => {}
            _ => return Err(Refused::Insecure),
        }
        let is_known = port == HTTPS_PORT && known.contains(&host.as_str());
        if is_named || is_known { Ok(()) } else { Err(Refused::Stranger) }
    }

    /// Posts a JSON text to an address that was admitted. The error says what went wrong, for people.
    pub fn post(&self, address: &str, headers: &[(&str, String)], body: &str) -> Result<Answer, String> {
        let mut call = self.agent.post(address).header("content-type", "application/json; charset=utf-8");
        for (name, value) in headers {
            call = call.header(*name, value);
        }
        let mut answer = call.send(body).map_err(|error| said(&error))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).lossy_utf8(true).read_to_string();
        Ok(Answer { status, body: body.unwrap_or_default() })
    }
}

/// What an error says; its address may hold a robot's key and is left out.
fn said(error: &Error) -> String {
    match error {
        Error::HostNotFound => "host not found".to_owned(),
        Error::Timeout(_) => "no answer in time".to_owned(),
        Error::Io(error) => error.to_string(),
        Error::Rustls(error) => error.to_string(),
        Error::ConnectionFailed => "connection failed".to_owned(),
        _ => "the call failed".to_owned(),
    }
}

fn named(text: &str) -> anyhow::Result<Named> {
    let wrong = || format!("--webhook-host {text}: not HOST or HOST:PORT");
    let uri: Uri = format!("https://{text}/").parse().with_context(wrong)?;
    let (host, port) = host_of(&uri).with_context(wrong)?;
    Ok(Named { host, port })
}

fn host_of(uri: &Uri) -> Option<(String, u16)> {
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    let usual = if uri.scheme_str() == Some("http") { HTTP_PORT } else { HTTPS_PORT };
    Some((authority.host().to_ascii_lowercase(), authority.port_u16().unwrap_or(usual)))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || bare(host).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `[::1]` as an address writes it, without its brackets.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Resolves names, and refuses private addresses of hosts nobody named.
#[derive(Debug)]
struct Careful {
    named: Vec<Named>,
    resolver: DefaultResolver,
}

impl Resolver for Careful {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        let is_named = host_of(uri)
            .is_some_and(|(host, port)| self.named.iter().any(|n| n.host == host && n.port == port));
        match is_named || found.iter().all(|address| is_public(address.ip())) {
            true => Ok(found),
            false => Err(Error::Io(std::io::Error::other("the host leads to a private address"))),
        }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_public_v4(address),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    // Shared address space of providers (RFC 6598), benchmarking (RFC 2544), reserved and “this network”.
    let special = (first == 100 && (64..128).contains(&second))
        || (first == 198 && (18..20).contains(&second))
        || first == 0
        || first >= 240;
    !(special
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Global unicast is 2000::/3; 2002::/16 and 2001:0::/32 wrap IPv4 addresses that were not looked at.
    let [first, second, ..] = address.segments();
    (0x2000..0x4000).contains(&first) && first != 0x2002 && !(first == 0x2001 && second == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_and_named_hosts_are_called() {
        let hosts = ["127.0.0.1:9000", "[::1]:9000", "hooks.example.cn", "10.0.0.8:8443"].map(str::to_owned);
        let outside = Outside::new(&hosts).expect("hosts");
        let known = ["oapi.dingtalk.com"];
        for (address, verdict) in [
            ("https://oapi.dingtalk.com/robot/send?access_token=x", Ok(())),
            ("https://OAPI.dingtalk.com/robot/send", Ok(())),
            ("https://oapi.dingtalk.com:444/robot/send", Err(Refused::Stranger)),
            ("http://oapi.dingtalk.com/robot/send", Err(Refused::Insecure)),
            ("https://oapi.dingtalk.com.example.cn/", Err(Refused::Stranger)),
            ("https://oapi.dingtalk.com@10.0.0.1/", Err(Refused::Malformed)),
            ("https://hooks.example.cn/a", Ok(())),
            ("http://hooks.example.cn/a", Err(Refused::Insecure)),
            ("http://127.0.0.1:9000/a", Ok(())),
            ("http://[::1]:9000/a", Ok(())),
            ("http://127.0.0.1:9001/a", Err(Refused::Insecure)),
            ("https://127.0.0.1/a", Err(Refused::Stranger)),
            ("http://10.0.0.8:8443/a", Err(Refused::Insecure)),
            ("ftp://hooks.example.cn/a", Err(Refused::Insecure)),
            ("/a", Err(Refused::Malformed)),
            ("https://", Err(Refused::Malformed)),
        ] {
            assert_eq!(outside.admits(address, &known), verdict, "{address}");
        }
    }

    #[test]
    fn private_addresses_are_not_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "2002:a00:1::",
        ] {
            assert!(!is_public(address.parse().expect("an address")), "{address}");
        }
        for address in ["203.119.25.1", "2408:4001::1"] {
            assert!(is_public(address.parse().expect("an address")), "{address}");
        }
    }

    #[test]
    fn a_host_that_leads_home_is_refused_when_it_is_resolved() {
        let outside = Outside::new(&[]).expect("no hosts");
        let answer = outside.post("https://localhost:1/", &[], "{}");
        assert_eq!(answer, Err("the host leads to a private address".to_owned()));
    }
}
