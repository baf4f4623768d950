//! The refusals of the control API, as problem documents (RFC 9457).

use calamity_base::http::Problem;
use http::StatusCode;

use super::route::Route;

/// What was sent makes no sense.
pub(super) fn bad(detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST).detail(detail)
}

/// A body that is not what the route takes.
pub(super) fn body(error: &serde_json::Error) -> Problem {
    let problem = bad(format!("the body cannot be used: {error}"));
    problem.with("line", error.line()).with("column", error.column())
}

/// A parameter that the route does not have.
pub(super) fn parameter(route: &Route, name: &str) -> Problem {
    let known: Vec<&str> = route.query.iter().map(|query| query.name).collect();
    let known = if known.is_empty() {
        "it has none".to_owned()
    } else {
        format!("it has `{}`", known.join("`, `"))
    };
    bad(format!("{} {} has no parameter `{name}`; {known}", route.method, route.path))
}

/// There is no such thing.
pub(super) fn missing(detail: String) -> Problem {
    Problem::new(StatusCode::NOT_FOUND).detail(detail)
}

/// What is there does not allow it.
pub(super) fn conflict(detail: String) -> Problem {
    Problem::new(StatusCode::CONFLICT).detail(detail)
}

/// What was sent is understood and cannot be done.
pub(super) fn unprocessable(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY).detail(detail)
}

/// Too many of something at once.
pub(super) fn busy(detail: String) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE).detail(detail)
}
