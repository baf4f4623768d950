//! What a token says.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::claims::{encoded, seal, unseal};
use super::registration::guid;
use crate::directory::{Directory, UserId};

/// How long an access token holds: the documented default lies between 60 and 90 minutes.
const ACCESS_S: i64 = 3_599;
/// How long a refresh token holds: 90 days.
const REFRESH_S: i64 = 90 * 24 * 3_600;

/// A token that was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// The application's id.
    pub(crate) app: String,
    /// The address of the user who signed in; none for an application by itself.
    pub(crate) user: Option<String>,
    /// Until when it holds.
    pub(crate) ends: Timestamp,
    scope: String,
}

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Access,
    Refresh,
}

impl Use {
    fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// For whom tokens are made.
#[derive(Clone, Debug)]
pub(in crate::graph) struct Grant {
    /// The address of the user; none for the application itself.
    pub(super) user: Option<String>,
    /// The scopes asked for.
    pub(super) scope: String,
}

/// To whom and by whom tokens are given out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Issued<'a> {
    /// The application's id.
    pub(super) client: &'a str,
    /// The issuer's address.
    pub(super) issuer: &'a str,
    /// The tenant's id.
    pub(super) tenant: &'a str,
}

impl Token {
    /// Reads an access token, whether it has ended or not; none if this server did not make it.
    pub(crate) fn read(seed: u64, text: &str) -> Option<Self> {
        Self::of(seed, text, Use::Access)
    }

    /// Reads a refresh token.
    pub(super) fn refresh(seed: u64, text: &str) -> Option<(Self, Grant)> {
        let token = Self::of(seed, text, Use::Refresh)?;
        let grant = Grant { user: token.user.clone(), scope: token.scope.clone() };
        Some((token, grant))
    }

    fn of(seed: u64, text: &str, wanted: Use) -> Option<Self> {
        let claims = unseal(seed, text)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        if text("use").as_deref() != Some(wanted.name()) {
            return None;
        }
        Some(Self {
            app: text("appid")?,
            user: text("upn"),
            ends: Timestamp::from_second(claims.get("exp")?.as_i64()?).ok()?,
            scope: text("scp").unwrap_or_default(),
        })
    }

    /// The user whom a request with this token is from, as long as it holds. An application stands
    /// in the place of the owner, until the request names a mailbox.
    pub(crate) fn user(&self, directory: &Directory, now: Timestamp) -> Option<UserId> {
        if self.ends <= now {
            return None;
        }
        match &self.user {
            Some(address) => directory.find(address),
            None => Some(UserId::OWNER),
        }
    }
}

/// The answer to a grant: tokens, and what a client library wants to know about them.
pub(super) fn granted(seed: u64, grant: &Grant, issued: &Issued<'_>, now: Timestamp) -> Value {
    let Issued { client, issuer, tenant } = *issued;
    let since = now.as_second();
    let subject = grant.user.as_ref().map_or_else(
        || guid(seed, "principal", client),
        |user| crate::graph::users::id(seed, user),
    );
    let mut access = json!({
        "aud": "https://graph.microsoft.com", "iss": issuer, "iat": since, "nbf": since,
        "exp": since + ACCESS_S, "appid": client, "tid": tenant, "oid": subject, "sub": subject,
        "ver": "1.0", "use": Use::Access.name(),
    });
    let Some(user) = &grant.user else {
        access["idtyp"] = json!("app");
        access["roles"] = json!(["Calendars.ReadWrite", "Contacts.ReadWrite", "User.Read.All"]);
        return json!({
            "token_type": "Bearer", "expires_in": ACCESS_S, "ext_expires_in": ACCESS_S,
            "access_token": seal(seed, &access),
        });
    };
    access["idtyp"] = json!("user");
    access["upn"] = json!(user);
    access["scp"] = json!(grant.scope);
    let mut answer = json!({
        "token_type": "Bearer", "scope": grant.scope, "expires_in": ACCESS_S,
        "ext_expires_in": ACCESS_S, "access_token": seal(seed, &access),
        "client_info": encoded(&json!({ "uid": subject, "utid": tenant })),
    });
    let asks = |scope: &str| grant.scope.split_whitespace().any(|one| one == scope);
    if asks("offline_access") {
        let refresh = json!({
            "appid": client, "upn": user, "scp": grant.scope, "iat": since,
            "exp": later(now, REFRESH_S), "use": Use::Refresh.name(),
        });
        answer["refresh_token"] = json!(seal(seed, &refresh));
    }
    if asks("openid") {
        let id = json!({
            "aud": client, "iss": issuer, "iat": since, "nbf": since, "exp": since + ACCESS_S,
            "name": user, "preferred_username": user, "oid": subject, "sub": subject,
            "tid": tenant, "ver": "2.0",
        });
        answer["id_token"] = json!(seal(seed, &id));
    }
    answer
}

fn later(now: Timestamp, seconds: i64) -> i64 {
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX).as_second()
}
