//! Tokens: discovery, the grants, what a token reaches, and when it ends.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use bytes::Bytes;
use calamity_base::http::{Answer as Raw, Handler, Incoming};
use http::{HeaderMap, Method};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::rig::{Answer, GUEST, OWNER, Rig, run, timed, with_people};
use crate::graph::login::{Devices, Token};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn client(rig: &Rig) -> String {
    rig.server.sign_in().expect("a Graph server").client
}

async fn token(rig: &Rig, fields: &[(&str, &str)]) -> Answer {
    let id = client(rig);
    let mut all = vec![("client_id", id.as_str())];
    all.extend(fields);
    rig.form("/common/oauth2/v2.0/token", &all).await
}

async fn for_app(rig: &Rig) -> String {
    let scope = ("scope", "https://graph.microsoft.com/.default");
    let secret = ("client_secret", "token");
    let answer = token(rig, &[("grant_type", "client_credentials"), secret, scope]).await;
    assert_eq!((answer.status, &answer.body["token_type"]), (200, &json!("Bearer")));
    assert_eq!(answer.body["refresh_token"], Value::Null);
    answer.link("access_token")
}

async fn with(rig: &Rig, token: &str, target: &str) -> Answer {
    let header = format!("Bearer {token}");
    rig.send(Method::GET, target, &[("authorization", &header)], None).await
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&BASE64.decode(payload).expect("base64")).expect("JSON")
}

#[test]
fn everything_is_discovered() {
    run(async |rig| {
        let sign_in = rig.server.sign_in().expect("a Graph server");
        let base = rig.base.trim_end_matches(":80");
        for tenant in ["common", &sign_in.tenant, "example.com"] {
            let url = format!("{}/{tenant}/v2.0/.well-known/openid-configuration", rig.base);
            let found = rig.get(&url).await;
            assert_eq!(found.status, 200, "{tenant}");
            let expected = format!("{base}/{tenant}/oauth2/v2.0/token");
            assert_eq!(found.link("token_endpoint"), expected);
            assert_eq!(found.link("issuer"), format!("{base}/{}/v2.0", sign_in.tenant));
            let keys = rig.get(&found.link("jwks_uri")).await;
            assert_eq!(keys.body, json!({ "keys": [] }));
        }
        let wrong = format!("{}/nobody/v2.0/.well-known/openid-configuration", rig.base);
        let wrong = rig.get(&wrong).await;
        assert_eq!((wrong.status, &wrong.body["error"]), (400, &json!("invalid_tenant")));
        assert_eq!(wrong.body["error_codes"], json!([90002]));
        let instance = format!("{}/common/discovery/instance?api-version=1.1", rig.base);
        let instance = rig.get(&instance).await;
        let host = base.trim_start_matches("http://");
        assert_eq!(instance.body["metadata"][0]["aliases"], json!([host]));
    });
}

#[test]
fn an_application_reaches_every_mailbox_but_has_none() {
    with_people(async |rig| {
        let token = for_app(&rig).await;
        assert_eq!(claims(&token)["idtyp"], "app");
        for user in [OWNER, GUEST] {
            let target = format!("/users/{user}/events");
            let header = format!("Bearer {token}");
            let headers = [("authorization", header.as_str())];
            if user == OWNER {
                rig.calendar("Calendar").await;
            }
            let made = rig.send(Method::POST, &target, &headers, Some(&timed(user, 4, 9))).await;
            assert_eq!(made.status, 201, "{}", made.body);
            assert_eq!(with(&rig, &token, &target).await.column("subject"), [user]);
        }
        let me = with(&rig, &token, "/me/events").await;
        assert_eq!((me.status, me.code()), (400, "BadRequest"));
        assert!(me.body["error"]["message"].as_str().is_some_and(|it| it.contains("delegated")));
    });
}

#[test]
fn a_token_ends_by_the_servers_clock() {
    run(async |rig| {
        rig.calendar("Calendar").await;
        let token = for_app(&rig).await;
        let target = format!("/users/{OWNER}/events");
        assert_eq!(with(&rig, &token, &target).await.status, 200);
        rig.sim.advance(Duration::from_secs(3_600)).await;
        let ended = with(&rig, &token, &target).await;
        assert_eq!((ended.status, ended.code()), (401, "InvalidAuthenticationToken"));
        let forged = format!("{}x", for_app(&rig).await);
        assert_eq!(with(&rig, &forged, &target).await.status, 401);
    });
}

#[test]
fn wrong_clients_are_refused_with_their_numbers() {
    run(async |rig| {
        let scope = ("scope", "https://graph.microsoft.com/.default");
        let grant = ("grant_type", "client_credentials");
        for (fields, status, error, number) in [
            (vec![grant, scope, ("client_secret", "no")], 401, "invalid_client", 7_000_215),
            (vec![grant, scope], 401, "invalid_client", 7_000_218),
            (vec![grant, ("client_secret", "token")], 400, "invalid_request", 900_144),
            (
                vec![grant, ("client_secret", "token"), ("scope", "User.Read")],
                400,
                "invalid_scope",
                1_002_012,
            ),
            (vec![("grant_type", "magic")], 400, "unsupported_grant_type", 70_003),
            (vec![scope], 400, "invalid_request", 900_144),
            (
                vec![("grant_type", "password"), scope, ("username", OWNER), ("password", "no")],
                400,
                "invalid_grant",
                50_126,
            ),
            (
                vec![("grant_type", "refresh_token"), ("refresh_token", "x")],
                400,
                "invalid_grant",
                9_002_313,
            ),
        ] {
            let refused = token(&rig, &fields).await;
            assert_eq!((refused.status, &refused.body["error"]), (status, &json!(error)));
            assert_eq!(refused.body["error_codes"], json!([number]));
            let text = refused.body["error_description"].as_str().unwrap_or_default();
            assert!(text.starts_with(&format!("AADSTS{number}: ")), "{text}");
            assert!(!text.contains("token\""), "no secret is repeated");
        }
        let long = "x".repeat(129);
        let other = rig.form("/common/oauth2/v2.0/token", &[grant, ("client_id", &long)]).await;
        assert_eq!(other.body["error_codes"], json!([700_016]));
        assert_eq!(rig.get(&format!("{}/common/oauth2/v2.0/token", rig.base)).await.status, 405);
    });
}

#[test]
fn a_device_signs_in_when_its_user_has_entered_the_code() {
    with_people(async |rig| {
        let id = client(&rig);
        let scope = ("scope", "Calendars.ReadWrite openid profile offline_access");
        let begun = rig.form("/common/oauth2/v2.0/devicecode", &[("client_id", &id), scope]).await;
        assert_eq!((begun.status, &begun.body["expires_in"]), (200, &json!(900)));
        let code = begun.link("device_code");
        let ask = async || token(&rig, &[("grant_type", DEVICE), ("device_code", &code)]).await;
        let pending = ask().await;
        assert_eq!(
            (pending.status, &pending.body["error"]),
            (400, &json!("authorization_pending"))
        );
        assert_eq!(ask().await.body["error"], "slow_down");
        rig.sim.advance(Duration::from_secs(5)).await;
        let shown = begun.link("user_code");
        let page =
            rig.form("/devicelogin", &[("otc", &shown), ("login", GUEST), ("passwd", "no")]).await;
        assert_eq!(page.status, 403);
        let page = rig
            .form("/devicelogin", &[("otc", &shown), ("login", GUEST), ("passwd", "guest")])
            .await;
        assert_eq!(page.status, 200);
        let signed = ask().await;
        assert_eq!(signed.status, 200, "{}", signed.body);
        assert_eq!(claims(&signed.link("id_token"))["aud"], id.as_str());
        assert_eq!(claims(&signed.link("id_token"))["preferred_username"], GUEST);
        assert!(signed.body["client_info"].is_string());
        let me = with(&rig, &signed.link("access_token"), "/me").await;
        assert_eq!(me.body["mail"], GUEST);
        assert_eq!(ask().await.body["error"], "bad_verification_code", "a code is good once");

        rig.sim.advance(Duration::from_secs(3_600)).await;
        let refresh = signed.link("refresh_token");
        let again =
            token(&rig, &[("grant_type", "refresh_token"), ("refresh_token", &refresh)]).await;
        let me = with(&rig, &again.link("access_token"), "/me").await;
        assert_eq!(me.body["mail"], GUEST);
        let not_an_access_token = with(&rig, &refresh, "/me").await;
        assert_eq!(not_an_access_token.status, 401);
    });
}

#[test]
fn any_application_signs_in_from_any_tenant_with_a_users_secret() {
    with_people(async |rig| {
        let own = "11111111-2222-3333-4444-555555555555";
        for tenant in [own, "contoso.onmicrosoft.com", "organizations"] {
            let fields = [
                ("client_id", "cid"),
                ("grant_type", "client_credentials"),
                ("client_secret", "guest"),
                ("scope", "https://graph.microsoft.com/.default"),
            ];
            let answer = rig.form(&format!("/{tenant}/oauth2/v2.0/token"), &fields).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            let token = claims(&answer.link("access_token"));
            assert_eq!(token["appid"], "cid");
            let named = if tenant == own { own } else { &rig.server.sign_in().expect("it").tenant };
            assert_eq!(token["tid"], named);
            let target = format!("/users/{OWNER}");
            assert_eq!(with(&rig, &answer.link("access_token"), &target).await.status, 200);
        }
        let begun =
            [("client_id", "other"), ("scope", "openid")].map(|(name, value)| (name, value));
        assert_eq!(rig.form("/common/oauth2/v2.0/devicecode", &begun).await.status, 200);
        let rule = json!({
            "id": "unknown", "site": "request", "op": "session",
            "what": { "error": { "code": "unauthorized_client", "status": 400 } },
        });
        let rule: crate::faults::Rule = serde_json::from_value(rule).expect("a rule");
        rig.server.arm(rule);
        let refused = rig.form("/common/oauth2/v2.0/devicecode", &begun).await;
        assert_eq!((refused.status, &refused.body["error"]), (400, &json!("unauthorized_client")));
    });
}

#[test]
fn codes_are_remembered_after_their_end_and_the_oldest_goes_first() {
    let mut devices = Devices::default();
    let at = |second: i64| jiff::Timestamp::from_second(second).expect("a time");
    let mut begin = |second: i64| {
        let begun = devices.begin(7, "openid", "http://x", at(second));
        begun["device_code"].as_str().expect("a code").to_owned()
    };
    let codes: Vec<String> = (0..1_001).map(|_| begin(0)).collect();
    begin(901);
    let error = |devices: &mut Devices, code: &str, second: i64| {
        devices.ask(code, at(second)).map(drop).expect_err("a refusal").error
    };
    assert_eq!(error(&mut devices, &codes[0], 901), "bad_verification_code");
    assert_eq!(error(&mut devices, &codes[1], 901), "bad_verification_code");
    assert_eq!(error(&mut devices, &codes[2], 901), "expired_token");
    devices.begin(7, "openid", "http://x", at(1_801));
    assert_eq!(error(&mut devices, &codes[2], 1_801), "bad_verification_code");
}

#[test]
fn codes_are_declined_and_end() {
    run(async |rig| {
        let id = client(&rig);
        let begin = async || {
            let fields = [("client_id", id.as_str()), ("scope", "openid")];
            rig.form("/common/oauth2/v2.0/devicecode", &fields).await
        };
        let (one, two, three) = (begin().await, begin().await, begin().await);
        let ask = async |begun: &Answer| {
            let code = begun.link("device_code");
            token(&rig, &[("grant_type", DEVICE), ("device_code", &code)]).await
        };
        let declined = [("otc", one.link("user_code")), ("decline", "1".to_owned())];
        let declined = declined.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(rig.form("/devicelogin", &declined).await.status, 200);
        assert_eq!(ask(&one).await.body["error"], "authorization_declined");
        assert!(rig.server.enter_device_code(&two.link("user_code"), OWNER));
        assert!(!rig.server.enter_device_code("nothing", OWNER));
        assert_eq!(ask(&two).await.status, 200);
        rig.sim.advance(Duration::from_secs(900)).await;
        assert_eq!(ask(&three).await.body["error"], "expired_token");
        assert!(!rig.server.enter_device_code(&three.link("user_code"), OWNER));
        let page = rig.get(&format!("{}/devicelogin", rig.base)).await;
        assert!(page.text.contains("<form"));
    });
}

#[test]
fn over_tls_everything_is_at_https() {
    run(async |rig| {
        let path = "common/v2.0/.well-known/openid-configuration";
        let uri = format!("https://graph.example:8443/{path}").parse().expect("a target");
        let mut headers = HeaderMap::new();
        headers.insert("host", "graph.example:8443".parse().expect("a value"));
        let body = Bytes::new();
        let request = Incoming { method: Method::GET, uri, headers, body, connection: 1 };
        let Raw::Full(answer) = rig.server.handle(request).await else { panic!("an answer") };
        let found: Value = serde_json::from_slice(answer.body()).expect("JSON");
        let expected = "https://graph.example:8443/common/oauth2/v2.0/token";
        assert_eq!(found["token_endpoint"], expected);
    });
}

proptest! {
    #[test]
    fn no_made_up_token_is_taken(text in "[A-Za-z0-9_.-]{0,80}") {
        prop_assert_eq!(Token::read(7, &text), None);
    }
}
