//! Where everything is: the OpenID configuration of a tenant, and the instance discovery that client
//! libraries of Microsoft do first.

use serde_json::{Value, json};

/// `/{tenant}/v2.0/.well-known/openid-configuration`. It must name an authorization endpoint (OpenID Connect
/// Discovery 1.0 section 3), though nobody logs in there; of what is optional it names what there is.
pub(super) fn configuration(origin: &str, segment: &str, tenant: &str) -> Value {
    let at = |path: &str| format!("{origin}/{segment}{path}");
    json!({
        "issuer": issuer(origin, tenant),
        "authorization_endpoint": at("/oauth2/v2.0/authorize"),
        "token_endpoint": at("/oauth2/v2.0/token"),
        "device_authorization_endpoint": at("/oauth2/v2.0/devicecode"),
        "jwks_uri": at("/discovery/v2.0/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["none"],
        "request_uri_parameter_supported": false,
        "claims_supported":
            ["sub", "iss", "aud", "exp", "iat", "name", "preferred_username", "tid", "ver"],
        "tenant_region_scope": null,
        "cloud_instance_name": host(origin),
        "cloud_graph_host_name": host(origin),
        "msgraph_host": host(origin),
    })
}

/// `/common/discovery/instance`.
pub(super) fn instance(origin: &str, segment: &str) -> Value {
    let host = host(origin);
    json!({
        "tenant_discovery_endpoint":
            format!("{origin}/{segment}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [
            { "preferred_network": host, "preferred_cache": host, "aliases": [host] },
        ],
    })
}

/// Who makes tokens.
pub(super) fn issuer(origin: &str, tenant: &str) -> String {
    format!("{origin}/{tenant}/v2.0")
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}
