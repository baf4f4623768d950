//! From a request to its route and back.

use calamity_base::BoxFuture;
use calamity_base::http::{Answer, Handler, Incoming, Problem};
use http::{HeaderValue, Method, Response, StatusCode, header};

use super::call::{Call, Plus, decode};
use super::fail;
use super::guard::Guard;
use super::route::{Route, table};
use crate::control::Fleet;

/// The control API of a fleet.
#[derive(Debug)]
pub(in crate::control) struct Control {
    fleet: Fleet,
    guard: Guard,
}

impl Control {
    pub(in crate::control) fn new(fleet: Fleet, guard: Guard) -> Self {
        Self { fleet, guard }
    }

    fn answer(&self, request: &Incoming) -> Result<Answer, Problem> {
        let segments = request.uri.path().split('/').filter(|segment| !segment.is_empty());
        let segments = segments
            .map(|segment| decode(segment, Plus::IsPlus))
            .collect::<Result<Vec<String>, Problem>>()?;
        let here: Vec<(&Route, _)> = table()
            .filter_map(|route| route.matches(&segments).map(|found| (route, found)))
            .collect();
        // An answer to HEAD is that to GET, without its body (RFC 9110, section 9.3.2).
        let method = if request.method == Method::HEAD { &Method::GET } else { &request.method };
        let methods: Vec<&str> = here.iter().map(|(route, _)| route.method.as_str()).collect();
        if methods.is_empty() {
            let detail = format!(
                "there is nothing at {}; /openapi.json tells what there is",
                request.uri.path()
            );
            return Err(fail::missing(detail));
        }
        let Some((route, found)) = here.into_iter().find(|(route, _)| route.method == *method)
        else {
            let allowed = methods.join(", ");
            let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED)
                .detail(format!("{} takes {allowed}", request.uri.path()));
            return Ok(not_allowed(problem.response(), &allowed));
        };
        (route.serve)(&self.fleet, &Call::new(route, found, request)?)
    }
}

impl Handler for Control {
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            if let Err(refusal) = self.guard.admit(&request) {
                return Answer::Full(refusal);
            }
            self.answer(&request).unwrap_or_else(|problem| Answer::Full(problem.response()))
        })
    }
}

/// The methods that a path has belong to the answer (RFC 9110, section 15.5.6).
fn not_allowed(mut response: Response<bytes::Bytes>, allowed: &str) -> Answer {
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    Answer::Full(response)
}
