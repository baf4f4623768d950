//! Whatever stands in a body, a rule that looks into it or changes it does not panic.

use std::collections::BTreeSet;

use bytes::Bytes;
use calamity_base::http::Incoming;
use calamity_evidence::{RequestId, Side};
use http::{HeaderMap, Method, Response};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::rig::{ALL, rule};
use crate::faults::{
    Armed, Asker, Damage, EtagForm, Order, PatchEffect, Probe, Reach, Replace, Sequence, Site,
    TokenEffect,
};
use crate::operation::Op;

fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "(<D:multistatus>|<D:response>|</D:response>|<D:sync-token>|</D:sync-token>|/>|>|é|<|x){0,12}",
        "(<a>|</a>|<a/>|<b c='d'>|</b>|t){0,10}",
        "(\\{|\\}|\\[|\\]|\"value\"|\"methodResponses\"|:|,|1|\"a/query\"|null){0,16}",
        Just(json!({ "methodResponses": [["x/changes", { "created": 5 }, "0"]] }).to_string()),
        Just(json!({ "value": {}, "@odata.nextLink": 5 }).to_string()),
    ]
}

proptest! {
    #[test]
    fn bodies_of_requests(text in body(), path in "(/|\\*|a|@c|//|~1){0,6}") {
        let mut armed = Armed::new(1, Side::A);
        for (id, kind) in [("j", "json"), ("x", "xml")] {
            let select = json!({ kind: { "path": format!("/{path}"), "value": "*" } });
            armed.arm(
                rule(json!({ "id": id, "site": "request", "select": select, "what": { "delay": { "ms": 1 } } })),
                Timestamp::UNIX_EPOCH,
            );
        }
        let request = Incoming {
            method: Method::POST,
            uri: "/x".parse().unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::from(text),
            connection: 1,
        };
        let asker = Asker::new(&request, "a@example.com");
        armed.ask(&Probe {
            site: Site::Request,
            op: Op::Other,
            reach: Reach::All,
            items: &[],
            calendars: &BTreeSet::new(),
            request: RequestId(0),
            now: Timestamp::UNIX_EPOCH,
            spent: &BTreeSet::new(),
            protocol: ALL[0],
            asker: Some(&asker),
            stored: 0,
            token_age_ms: None,
        });
    }

    #[test]
    fn bodies_of_answers(text in body(), find in "(<|>|a|D:|\"){0,3}", upto in "(<|>|a){0,2}") {
        let request = Incoming {
            method: Method::GET,
            uri: "/v1.0/x?$a=b".parse().unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::from(text.clone()),
            connection: 1,
        };
        let asker = Asker::new(&request, "");
        let replace = vec![Replace { find, upto: Some(upto), with: "é".to_owned() }];
        let damages = [
            Damage::Rows(0, Sequence::Drop(vec![0, 7])),
            Damage::Rows(0, Sequence::Duplicate(vec![0])),
            Damage::Rows(0, Sequence::Reorder(Order::Shuffle)),
            Damage::Rows(0, Sequence::Inject(vec![json!("x"), json!({ "a": [] })])),
            Damage::Token(0, TokenEffect::Loop),
            Damage::Token(0, TokenEffect::Truncate),
            Damage::Token(0, TokenEffect::Skip),
            Damage::Patch(PatchEffect {
                etag: Some(EtagForm::Weak),
                replace,
                ..PatchEffect::default()
            }),
        ];
        for protocol in ALL {
            for damage in &damages {
                let mut reply = Response::new(Bytes::from(text.clone()));
                damage.apply(&mut reply, protocol, Some(&asker), 1);
            }
        }
    }
}
