//! Checks of the session resource (RFC 8620, section 2).

use serde_json::Value;

use super::context::{CORE, Jmap};
use crate::check::{Check, Verdict, expect, not_applicable, row};
use crate::client::{Ask, Authority};
use crate::target::Credentials;

pub(super) fn checks() -> Vec<Check<Jmap>> {
    vec![
        row! { Must, "session.found", "there is a session resource", "RFC 8620 2", found },
        row! {
            Should, "session.well-known", "the well-known URL leads to the session",
            "RFC 8620 2.2", well_known
        },
        row! { Must, "session.type", "the session is application/json", "RFC 8620 2", media_type },
        row! {
            Must, "session.core", "the core capability has all its limits", "RFC 8620 2", core
        },
        row! {
            Must, "session.collations", "the core capability names collations", "RFC 8620 2",
            collations
        },
        row! { Must, "session.accounts", "accounts have all their properties", "RFC 8620 2", accounts },
        row! {
            Must, "session.primary", "primary accounts are accounts that have the capability",
            "RFC 8620 2", primary
        },
        row! { Must, "session.texts", "username and state are texts", "RFC 8620 2", texts },
        row! { Must, "session.urls", "URL templates have their variables", "RFC 8620 2", urls },
        row! { Should, "session.cache", "the session is not to be cached", "RFC 8620 2", cache },
        row! {
            Must, "session.anonymous", "without credentials the answer is 401", "RFC 8620 3.6.1",
            anonymous
        },
    ]
}

/// Path and query of a URL of the server, or of a path; none for a URL of another origin, to which
/// no credential is sent.
pub(super) fn path(url: &str, origin: &str) -> Option<String> {
    let Some((scheme, rest)) = url.split_once("://") else {
        // "//host/path" names a host as well.
        return (!url.starts_with("//")).then(|| url.to_owned());
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    (whole(scheme, authority) == whole_of(origin)).then_some(path)
}

fn whole_of(origin: &str) -> (String, String) {
    let (scheme, authority) = origin.split_once("://").unwrap_or(("", origin));
    whole(scheme, authority)
}

/// Scheme and authority as origins are compared: in lower case, with the port.
fn whole(scheme: &str, authority: &str) -> (String, String) {
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    let has_port = port.is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    let port = if scheme == "https" { 443 } else { 80 };
    let authority = if has_port { authority } else { format!("{authority}:{port}") };
    (scheme, authority)
}

async fn found(jmap: &Jmap) -> Verdict {
    if jmap.at.is_some() {
        return Ok(());
    }
    let path = &jmap.client.target().path;
    let reply = jmap.client.send(Ask::new("GET", path)).await?;
    let found = format!("status {}", reply.status);
    expect(false, "a session with an apiUrl at the URL or the well-known one", found)
}

async fn well_known(jmap: &Jmap) -> Verdict {
    let reply = jmap.client.send(Ask::new("GET", "/.well-known/jmap")).await?;
    let redirect = (300..400).contains(&reply.status) && reply.header("location").is_some();
    let found = format!("status {}", reply.status);
    expect(redirect || reply.is_success(), "the session, or a redirect to it", found)
}

async fn media_type(jmap: &Jmap) -> Verdict {
    let (reply, _) = jmap.again().await?;
    let kind = reply.header("content-type").unwrap_or_default();
    expect(kind.starts_with("application/json"), "Content-Type application/json", kind)
}

const LIMITS: [&str; 7] = [
    "maxSizeUpload",
    "maxConcurrentUpload",
    "maxSizeRequest",
    "maxConcurrentRequests",
    "maxCallsInRequest",
    "maxObjectsInGet",
    "maxObjectsInSet",
];

async fn core(jmap: &Jmap) -> Verdict {
    let core = &jmap.again().await?.1["capabilities"][CORE];
    let missing: Vec<&&str> = LIMITS.iter().filter(|limit| !core[**limit].is_u64()).collect();
    expect(missing.is_empty(), format!("unsigned numbers {missing:?}"), core.to_string())
}

async fn collations(jmap: &Jmap) -> Verdict {
    let found = &jmap.again().await?.1["capabilities"][CORE]["collationAlgorithms"];
    let texts = found.as_array().is_some_and(|found| found.iter().all(Value::is_string));
    expect(texts, "a list of texts", found.to_string())
}

async fn accounts(jmap: &Jmap) -> Verdict {
    let accounts = &jmap.again().await?.1["accounts"];
    let whole = |account: &Value| {
        account["name"].is_string()
            && account["isPersonal"].is_boolean()
            && account["isReadOnly"].is_boolean()
            && account["accountCapabilities"].is_object()
    };
    let all = accounts.as_object().is_some_and(|accounts| accounts.values().all(whole));
    let wanted = "name, isPersonal, isReadOnly and accountCapabilities in each account";
    expect(all, wanted, accounts.to_string())
}

async fn primary(jmap: &Jmap) -> Verdict {
    let (_, session) = jmap.again().await?;
    let Some(primary) = session["primaryAccounts"].as_object() else {
        return expect(false, "a map primaryAccounts", session["primaryAccounts"].to_string());
    };
    let there = |(capability, id): (&String, &Value)| {
        let account = &session["accounts"][id.as_str().unwrap_or_default()];
        account["accountCapabilities"].get(capability.as_str()).is_some()
    };
    expect(
        primary.iter().all(there),
        "ids of accounts that have the capability",
        format!("{primary:?}"),
    )
}

async fn texts(jmap: &Jmap) -> Verdict {
    let (_, session) = jmap.again().await?;
    let found = format!("{} and {}", session["username"], session["state"]);
    expect(session["username"].is_string() && session["state"].is_string(), "two texts", found)
}

const VARIABLES: [(&str, &[&str]); 3] = [
    ("downloadUrl", &["{accountId}", "{blobId}", "{type}", "{name}"]),
    ("uploadUrl", &["{accountId}"]),
    ("eventSourceUrl", &["{types}", "{closeafter}", "{ping}"]),
];

async fn urls(jmap: &Jmap) -> Verdict {
    let (_, session) = jmap.again().await?;
    for (name, variables) in VARIABLES {
        let url = session[name].as_str().unwrap_or_default();
        let all = variables.iter().all(|variable| url.contains(variable));
        expect(all, format!("{variables:?} in {name}"), url)?;
    }
    Ok(())
}

async fn cache(jmap: &Jmap) -> Verdict {
    let (reply, _) = jmap.again().await?;
    let found = reply.header("cache-control").unwrap_or_default();
    expect(
        found.contains("no-store") || found.contains("no-cache"),
        "Cache-Control: no-cache, no-store",
        found,
    )
}

async fn anonymous(jmap: &Jmap) -> Verdict {
    if matches!(jmap.client.target().credentials, Credentials::None) {
        return not_applicable("no credentials were given");
    }
    let place = jmap.place()?;
    let ask = Ask::new("POST", &place.api).authority(Authority::Nobody);
    let ask = ask.body("application/json", "{\"using\": [], \"methodCalls\": []}");
    jmap.client.send(ask).await?.status("a request without credentials", &[401])
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn only_urls_of_the_server_have_a_path() {
        let of = |url: &str| path(url, "https://Host.example");
        assert_eq!(of("/jmap/api?x").as_deref(), Some("/jmap/api?x"));
        assert_eq!(of("https://host.example:443/api").as_deref(), Some("/api"));
        assert_eq!(of("https://host.example?x").as_deref(), Some("/?x"));
        for other in [
            "http://host.example/api",
            "https://host.example:8443/api",
            "https://api.host.example/api",
            "https://host.example@evil.example/api",
            "//evil.example/api",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
