//! `/servers` and `/certificate`: what was said at the start.

use bytes::Bytes;
use calamity_base::http::{Answer, Problem};
use http::{HeaderValue, Method, Response, header};
use schemars::SchemaGenerator;

use super::call::{Call, ok};
use super::fail;
use super::route::{BAD, Content, Reply, Route, json, refused};
use crate::control::{Announcement, Fleet};

/// The media type of certificates as PEM texts (RFC 8555, section 9.1).
const PEM: &str = "application/pem-certificate-chain";

const EARLY: Reply = refused(503, "Not all servers are started.");

pub(super) const ROUTES: &[Route] = &[
    Route {
        method: Method::GET,
        path: "/servers",
        name: "servers",
        about: "The servers with URLs, users and passwords, as the first lines of the program.",
        query: &[],
        body: None,
        answers: &[
            json(200, "The servers.", SchemaGenerator::subschema_for::<Announcement>),
            BAD,
            EARLY,
        ],
        serve: servers,
    },
    Route {
        method: Method::GET,
        path: "/certificate",
        name: "certificate",
        about: "The certificate that clients must trust, where certificates were generated.",
        query: &[],
        body: None,
        answers: &[
            Reply { status: 200, about: "The certificate.", content: Content::Text(PEM) },
            BAD,
            refused(404, "No certificate was generated."),
            EARLY,
        ],
        serve: certificate,
    },
];

fn told(fleet: &Fleet) -> Result<&Announcement, Problem> {
    let told = fleet.shared().announcement.get();
    told.ok_or_else(|| fail::busy("the servers are being started".to_owned()))
}

fn servers(fleet: &Fleet, _: &Call) -> Result<Answer, Problem> {
    told(fleet).map(ok)
}

fn certificate(fleet: &Fleet, _: &Call) -> Result<Answer, Problem> {
    let Some(authority) = &told(fleet)?.authority else {
        return Err(fail::missing("no server has a generated certificate".to_owned()));
    };
    let mut response = Response::new(Bytes::from(authority.pem.clone()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PEM));
    Ok(Answer::Full(response))
}
