//! The table of routes: for each, what it takes, what it answers and who serves it.

use calamity_base::http::{Answer, Problem};
use http::Method;
use schemars::{Schema, SchemaGenerator};

use super::call::Call;
use super::{
    actors, clock, docs, events, faults, held, items, journal, outbox, quota, reset, scene,
    servers, snapshots, verify,
};
use crate::control::Fleet;

/// How a request is served.
pub(super) type Serve = fn(&Fleet, &Call) -> Result<Answer, Problem>;

/// The schema of a type, noted in a generator.
pub(in crate::control) type Shape = fn(&mut SchemaGenerator) -> Schema;

/// One method of one path.
#[derive(Debug)]
pub(in crate::control) struct Route {
    /// The method.
    pub(in crate::control) method: Method,
    /// The path, with names in braces for what is variable.
    pub(in crate::control) path: &'static str,
    /// Its name in the description: one word for each route.
    pub(in crate::control) name: &'static str,
    /// What it is for.
    pub(in crate::control) about: &'static str,
    /// What its query may say. Anything else is refused.
    pub(in crate::control) query: &'static [Query],
    /// What its body is.
    pub(in crate::control) body: Option<Body>,
    /// What it may answer.
    pub(in crate::control) answers: &'static [Reply],
    pub(super) serve: Serve,
}

/// A parameter of the query.
#[derive(Debug)]
pub(in crate::control) struct Query {
    pub(in crate::control) name: &'static str,
    pub(in crate::control) about: &'static str,
    pub(in crate::control) form: Form,
}

/// What a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::control) enum Form {
    /// Any text.
    Text,
    /// A whole number that is not negative.
    Number,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// The body of a request, which is JSON.
#[derive(Clone, Copy, Debug)]
pub(in crate::control) struct Body {
    pub(in crate::control) shape: Shape,
    pub(in crate::control) need: Need,
}

/// Whether there must be a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::control) enum Need {
    /// There must.
    Required,
    /// None at all stands for `{}`.
    Optional,
}

/// One answer.
#[derive(Debug)]
pub(in crate::control) struct Reply {
    pub(in crate::control) status: u16,
    pub(in crate::control) about: &'static str,
    pub(in crate::control) content: Content,
}

/// What an answer carries.
#[derive(Clone, Copy, Debug)]
pub(in crate::control) enum Content {
    /// Nothing.
    Nothing,
    /// JSON of this shape.
    Json(Shape),
    /// A problem document.
    Problem,
    /// Text of this media type.
    Text(&'static str),
}

/// Which server, where a route is about one or all.
pub(super) const SERVER: Query = Query {
    name: "server",
    about: "The name of the server. May be left out where there is only one; where a list is asked \
            for, all of them are meant then.",
    form: Form::Text,
};

/// An answer without a body.
pub(super) const fn nothing(about: &'static str) -> Reply {
    Reply { status: 204, about, content: Content::Nothing }
}

/// A JSON answer.
pub(super) const fn json(status: u16, about: &'static str, shape: Shape) -> Reply {
    Reply { status, about, content: Content::Json(shape) }
}

/// A refusal.
pub(super) const fn refused(status: u16, about: &'static str) -> Reply {
    Reply { status, about, content: Content::Problem }
}

/// The refusal of a query or body that makes no sense.
pub(super) const BAD: Reply = refused(400, "The query or the body makes no sense.");

/// The refusal of a server's name.
pub(super) const NO_SERVER: Reply = refused(404, "There is no server of that name.");

/// Every route.
pub(in crate::control) fn table() -> impl Iterator<Item = &'static Route> {
    let resources: [&'static [Route]; 15] = [
        docs::ROUTES,
        servers::ROUTES,
        faults::ROUTES,
        held::ROUTES,
        scene::ROUTES,
        quota::ROUTES,
        clock::ROUTES,
        snapshots::ROUTES,
        reset::ROUTES,
        actors::ROUTES,
        items::ROUTES,
        journal::ROUTES,
        verify::ROUTES,
        outbox::ROUTES,
        events::ROUTES,
    ];
    resources.into_iter().flatten()
}

impl Route {
    /// The variable segments of a path that this route is for.
    pub(super) fn matches(&self, segments: &[String]) -> Option<Vec<(&'static str, String)>> {
        let mut found = Vec::new();
        let mut wanted = parts(self.path);
        for segment in segments {
            match variable(wanted.next()?) {
                Ok(name) => found.push((name, segment.clone())),
                Err(fixed) if fixed == segment => {}
                Err(_) => return None,
            }
        }
        wanted.next().is_none().then_some(found)
    }
}

/// The segments of a path template.
pub(super) fn parts(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// The name of a variable segment; else the fixed one.
pub(super) fn variable(part: &'static str) -> Result<&'static str, &'static str> {
    part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).ok_or(part)
}
