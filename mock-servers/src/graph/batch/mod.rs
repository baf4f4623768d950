//! `POST /$batch`: up to twenty requests in one ("Combine multiple HTTP requests using JSON
//! batching").
//!
//! Each is carried out as if it had come by itself, with its own operation, faults, limits and entries in the
//! write log; one that depends on another waits for it and fails with it.

mod exchange;
mod order;
mod read;
mod respond;
#[cfg(test)]
mod tests;

pub(crate) use exchange::Batch;

/// Whether a path is that of batches.
pub(crate) fn is_batch(path: &str) -> bool {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let is = |segment: Option<&str>, name: &str| {
        segment.is_some_and(|segment| super::odata::decode(segment).eq_ignore_ascii_case(name))
    };
    is(segments.next(), "v1.0") && is(segments.next(), "$batch") && segments.next().is_none()
}
