//! Tests of certificates and of who is believed.

use std::{sync::Arc, time::Duration};

use ::http::{Request, Response, Version};
use bytes::Bytes;
use jiff::SignedDuration;
use proptest::prelude::*;
use rcgen::{CertificateParams, KeyPair};
use tokio::io::AsyncWriteExt;

use super::{Acceptor, Error, Identity, Trust};
use crate::{
    Clock, Entropy, Env, Sim,
    clock::epoch,
    http::{self, Answer, Client, Incoming, Server, ServerLimits, serve_tls},
    net::{Addr, DialError, Endpoint, LinkState},
};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

async fn serve(env: &Env, at: Addr, identity: &Identity) -> Server {
    let acceptor = Acceptor::new(identity, &env.clock).unwrap();
    let handler = |request: Incoming| async move {
        let text = format!("{} {}", request.method, request.uri.path());
        Answer::Full(Response::new(Bytes::from(text)))
    };
    serve_tls(env, at, Arc::new(handler), ServerLimits::default(), acceptor).await.unwrap()
}

async fn ask(client: &Client, url: &str) -> Result<Version, http::Error> {
    let request = Request::get(format!("{url}/item")).body(Bytes::new()).unwrap();
    let response = client.send(request).await?;
    assert!(response.body().ends_with(b"/item"));
    Ok(response.version())
}

fn dial_error(answer: Result<Version, http::Error>) -> DialError {
    match answer {
        Err(http::Error::Dial { source, .. }) => source,
        answer => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn a_client_believes_whom_it_was_told_to_believe() {
    let env = Env::production("test", &std::env::temp_dir());
    let name = names(&["127.0.0.1", "localhost"]);
    let identity = Identity::generate(&name, &env.clock, &env.entropy).unwrap();
    let server = serve(&env, Addr::loopback(), &identity).await;
    let trust = Trust::pem(identity.trust_pem()).unwrap();
    let client = Client::new(&env).trusting(trust);
    assert_eq!(ask(&client, &server.url()).await.unwrap(), Version::HTTP_2);
    let localhost = format!("https://localhost:{}", server.endpoint.port);
    assert_eq!(ask(&client, &localhost).await.unwrap(), Version::HTTP_2);
    assert_eq!(dial_error(ask(&Client::new(&env), &server.url()).await), DialError::Tls);
    let more = Trust::web().and_pem(identity.trust_pem()).unwrap();
    ask(&Client::new(&env).trusting(more), &server.url()).await.unwrap();

    let other = Identity::generate(&name, &env.clock, &env.entropy).unwrap();
    let other = Client::new(&env).trusting(Trust::pem(other.trust_pem()).unwrap());
    assert_eq!(dial_error(ask(&other, &server.url()).await), DialError::Tls);
}

#[test]
fn a_certificate_is_for_its_names_and_its_time() {
    Sim::run(1, async |sim| {
        let env = sim.process("server");
        let given = names(&["a.test", "*.b.test"]);
        let identity = Identity::generate(&given, &env.clock, &env.entropy).unwrap();
        let trust = Trust::pem(identity.trust_pem()).unwrap();
        let hosts = ["a.test", "x.b.test", "c.test"];
        let [_a, _b, _c] = hosts.map(|host| serve(&env, Addr::new(host, 443), &identity));
        let _servers = (_a.await, _b.await, _c.await);
        let client = Client::new(&sim.process("client")).trusting(trust.clone());
        for host in ["a.test", "x.b.test"] {
            let version = ask(&client, &format!("https://{host}")).await.unwrap();
            assert_eq!(version, Version::HTTP_2);
        }
        assert_eq!(dial_error(ask(&client, "https://c.test").await), DialError::Tls);
        for (off_days, believed) in [(-2, false), (0, true), (700, true), (731, false)] {
            let name = format!("{off_days} days off");
            let late = sim.process(&name);
            sim.shift_clock(&name, SignedDuration::from_hours(24 * off_days));
            let client = Client::new(&late).trusting(trust.clone());
            let answer = ask(&client, "https://a.test").await;
            assert_eq!(answer.is_ok(), believed, "{off_days}: {answer:?}");
        }
        sim.net().set_link(&Endpoint::new("a.test", 443), LinkState::Failing(DialError::Tls));
        let fresh = Client::new(&sim.process("client")).trusting(trust);
        assert_eq!(dial_error(ask(&fresh, "https://a.test").await), DialError::Tls);
    });
}

#[test]
fn who_speaks_no_tls_is_cut_off_and_harms_nobody() {
    Sim::run(1, async |sim| {
        let env = sim.process("server");
        let identity = Identity::generate(&names(&["a.test"]), &env.clock, &env.entropy).unwrap();
        let server = serve(&env, Addr::new("a.test", 443), &identity).await;
        let near = sim.process("client");
        let (mut plain, _) = near.net.dial(server.endpoint.clone()).await.unwrap();
        plain.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let silent = near.net.dial(server.endpoint.clone()).await.unwrap();
        let client = Client::new(&near).trusting(Trust::pem(identity.trust_pem()).unwrap());
        ask(&client, "https://a.test").await.unwrap();
        assert_eq!(server.connections(), 2);
        sim.advance(Duration::from_secs(80)).await;
        assert_eq!(server.connections(), 1);
        drop((plain, silent));
    });
}

#[test]
fn an_identity_is_read_from_pem_or_says_why_not() {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(names(&["a.test"])).unwrap();
    let certificate = params.self_signed(&key).unwrap().pem();
    let key = key.serialize_pem();
    let clock = Clock::manual(epoch()).0;
    let identity = Identity::from_pem(&certificate, &key).unwrap();
    Acceptor::new(&identity, &clock).unwrap();
    assert_eq!(identity.trust_pem(), certificate);
    assert_eq!(format!("{identity:?}"), "Identity { certificates: 1, .. }");

    assert!(matches!(Identity::from_pem(&key, &key), Err(Error::NoCertificate)));
    assert!(matches!(Identity::from_pem(&certificate, &certificate), Err(Error::NoKey)));
    let cut = &certificate[..certificate.len() / 2];
    assert!(matches!(Identity::from_pem(cut, &key), Err(Error::Pem { .. })));
    let other = KeyPair::generate().unwrap().serialize_pem();
    let mixed = Identity::from_pem(&certificate, &other).unwrap();
    assert!(matches!(Acceptor::new(&mixed, &clock), Err(Error::Refused { .. })));
    assert!(matches!(Trust::pem(&key), Err(Error::NoCertificate)));
    let noise = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(Trust::pem(noise), Err(Error::Refused { .. })));
}

#[test]
fn a_certificate_is_made_for_names_alone() {
    let clock = Clock::manual(epoch()).0;
    for (given, bad) in
        [(vec![], ""), (vec!["a.test", "no name"], "no name"), (vec!["ä.test"], "ä.test")]
    {
        let error = Identity::generate(&names(&given), &clock, &Entropy::seeded(1)).unwrap_err();
        assert!(matches!(&error, Error::Name { name } if name == bad), "{error:?}");
    }
}

#[test]
fn serial_numbers_and_times_come_from_the_seams() {
    let clock = Clock::manual(epoch()).0;
    let made = |seed| {
        let entropy = Entropy::seeded(seed);
        let identity = Identity::generate(&names(&["a.test"]), &clock, &entropy).unwrap();
        identity.chain[0].to_vec()
    };
    let serial = Entropy::seeded(1).stream("tls", "serial numbers").hex(32);
    let holds = |certificate: &[u8], text: &str| {
        certificate.windows(text.len()).any(|bytes| bytes == text.as_bytes())
    };
    // The authority's name is in the certificate that it signed, with its number.
    assert!(holds(&made(1), &serial) && !holds(&made(2), &serial));
    assert!(holds(&made(1), "260415080000Z") && holds(&made(1), "280415080000Z"));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text: String, inner: Vec<u8>) {
        drop(Identity::from_pem(&text, &text));
        let inner = String::from_utf8_lossy(&inner).into_owned();
        for kind in ["CERTIFICATE", "PRIVATE KEY", "EC PRIVATE KEY"] {
            let text = format!("-----BEGIN {kind}-----\n{inner}\n-----END {kind}-----\n");
            drop(Identity::from_pem(&text, &text));
            drop(Trust::pem(&text));
        }
    }
}
