//! Refusals of the token endpoint: the error of OAuth 2.0 (RFC 6749 section 5.2, RFC 8628 section 3.5)
//! with Microsoft's number in its text.
//!
//! Numbers: "Microsoft Entra authentication and authorization error codes".

use jiff::Timestamp;
use serde_json::{Value, json};

use super::registration::guid;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::graph) struct Refusal {
    /// The HTTP status.
    pub(super) status: u16,
    /// The error of OAuth.
    pub(in crate::graph) error: &'static str,
    /// Microsoft's number.
    pub(super) number: u32,
    /// The text.
    pub(super) text: String,
}

impl Refusal {
    fn new(status: u16, error: &'static str, number: u32, text: impl Into<String>) -> Self {
        Self { status, error, number, text: text.into() }
    }

    pub(super) fn missing(parameter: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{parameter}'.");
        Self::new(400, "invalid_request", 900_144, text)
    }

    pub(super) fn no_tenant(tenant: &str) -> Self {
        Self::new(400, "invalid_tenant", 90_002, format!("Tenant '{tenant}' not found."))
    }

    pub(super) fn no_client(client: &str) -> Self {
        let text =
            format!("Application with identifier '{client}' was not found in the directory.");
        Self::new(400, "unauthorized_client", 700_016, text)
    }

    pub(super) fn wrong_secret() -> Self {
        Self::new(401, "invalid_client", 7_000_215, "Invalid client secret provided.")
    }

    pub(super) fn no_secret() -> Self {
        let text = "The request body must contain the following parameter: 'client_assertion' or \
                    'client_secret'.";
        Self::new(401, "invalid_client", 7_000_218, text)
    }

    pub(super) fn unknown_grant(grant: &str) -> Self {
        let text = format!("The app requested an unsupported grant type '{grant}'.");
        Self::new(400, "unsupported_grant_type", 70_003, text)
    }

    pub(super) fn scope_of_client(scope: &str) -> Self {
        let text = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a \
             scope value with /.default suffixed to the resource identifier (application ID URI)."
        );
        Self::new(400, "invalid_scope", 1_002_012, text)
    }

    pub(super) fn pending() -> Self {
        let text = "The provided request has not yet been authorized by the user.";
        Self::new(400, "authorization_pending", 70_016, text)
    }

    pub(super) fn too_fast() -> Self {
        Self::new(400, "slow_down", 70_016, "The client polls more often than the interval allows.")
    }

    pub(super) fn declined() -> Self {
        Self::new(400, "authorization_declined", 65_004, "The user declined to sign in.")
    }

    pub(super) fn code_ended() -> Self {
        Self::new(400, "expired_token", 70_019, "The verification code has expired.")
    }

    pub(super) fn unknown_code() -> Self {
        Self::new(400, "bad_verification_code", 70_018, "The device code is not known.")
    }

    pub(super) fn wrong_password() -> Self {
        let text = "Error validating credentials due to invalid username or password.";
        Self::new(400, "invalid_grant", 50_126, text)
    }

    pub(super) fn wrong_refresh() -> Self {
        Self::new(400, "invalid_grant", 9_002_313, "The refresh token is malformed or invalid.")
    }

    pub(super) fn refresh_ended() -> Self {
        Self::new(400, "invalid_grant", 700_082, "The refresh token has expired.")
    }

    /// The document that goes out.
    pub(super) fn to_value(
        &self,
        seed: u64,
        number: u64,
        correlation: &str,
        now: Timestamp,
    ) -> Value {
        let time = now.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let trace = guid(seed, "trace", &format!("{number} {} {time}", self.number));
        let text = format!(
            "AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}",
            self.number, self.text
        );
        json!({
            "error": self.error,
            "error_description": text,
            "error_codes": [self.number],
            "timestamp": time,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.number),
        })
    }
}
