//! `POST /{tenant}/oauth2/v2.0/token` and `/devicecode`.

use serde_json::Value;

use super::form::Form;
use super::refusal::Refusal;
use super::registration::Registration;
use super::token::{Grant, Issued, Token, granted};
use crate::turn::Turn;
use crate::wire::Login;

/// The longest id of an application, in octets. Entra's own are GUIDs.
const CLIENT_MAX: usize = 128;

/// RFC 8628 section 3.4, and the name that older libraries use.
const DEVICE: [&str; 2] = ["urn:ietf:params:oauth:grant-type:device_code", "device_code"];

/// Codes for a sign-in on another device.
pub(super) fn device_code(
    turn: &mut Turn<'_>,
    form: &Form,
    origin: &str,
) -> Result<Value, Refusal> {
    let seed = turn.host().seed;
    client(form)?;
    let scope = form.get("scope").ok_or_else(|| Refusal::missing("scope"))?;
    let now = turn.now();
    Ok(turn.graph().devices.begin(seed, scope, origin, now))
}

/// Tokens.
pub(super) fn token(
    turn: &mut Turn<'_>,
    form: &Form,
    issuer: &str,
    tenant: &str,
) -> Result<Value, Refusal> {
    let (seed, now) = (turn.host().seed, turn.now());
    let kind = form.get("grant_type").ok_or_else(|| Refusal::missing("grant_type"))?;
    let client = client(form)?;
    if let Some(secret) = form.get("client_secret")
        && !Registration::is_secret(turn.directory(), secret)
    {
        return Err(Refusal::wrong_secret());
    }
    let grant = match kind {
        "client_credentials" => client_credentials(form)?,
        "password" => password(turn, form)?,
        "refresh_token" => {
            let text =
                form.get("refresh_token").ok_or_else(|| Refusal::missing("refresh_token"))?;
            let (token, grant) = Token::refresh(seed, text).ok_or_else(Refusal::wrong_refresh)?;
            if token.ends <= now {
                return Err(Refusal::refresh_ended());
            }
            let scope = form.get("scope").map_or(grant.scope, str::to_owned);
            Grant { scope, user: grant.user }
        }
        kind if DEVICE.contains(&kind) => {
            let code = form.get("device_code").or_else(|| form.get("code"));
            let code = code.ok_or_else(|| Refusal::missing("device_code"))?;
            turn.graph().devices.ask(code, now)?
        }
        other => return Err(Refusal::unknown_grant(other)),
    };
    Ok(granted(seed, &grant, &Issued { client, issuer, tenant }, now))
}

/// The application that asks. Whatever id it has is taken for registered, so that clients need not
/// be configured for a test server; a fault refuses one.
fn client(form: &Form) -> Result<&str, Refusal> {
    let client = form.get("client_id").ok_or_else(|| Refusal::missing("client_id"))?;
    if client.len() <= CLIENT_MAX { Ok(client) } else { Err(Refusal::no_client(client)) }
}

fn client_credentials(form: &Form) -> Result<Grant, Refusal> {
    form.get("client_secret").ok_or_else(Refusal::no_secret)?;
    let scope = form.get("scope").ok_or_else(|| Refusal::missing("scope"))?;
    if !scope.split_whitespace().all(|one| one.ends_with("/.default")) {
        return Err(Refusal::scope_of_client(scope));
    }
    Ok(Grant { user: None, scope: scope.to_owned() })
}

fn password(turn: &Turn<'_>, form: &Form) -> Result<Grant, Refusal> {
    let get = |name: &str| form.get(name).ok_or_else(|| Refusal::missing(name));
    let login =
        Login::Basic { name: get("username")?.to_owned(), password: get("password")?.to_owned() };
    let user = turn.directory().authenticate(&login).ok_or_else(Refusal::wrong_password)?;
    let user = turn.directory().host(user).owner.clone();
    Ok(Grant { user: Some(user), scope: get("scope")?.to_owned() })
}
