//! The sync-collection report (RFC 6578 sections 3 and 6).

use super::error::RequestError;
use super::properties::Asked;
use super::{fields, limit};
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of a sync-collection report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyncCollection {
    /// The state that the client has; none at its first time. Whether it is a token of this server,
    /// the caller finds out (`DAV:valid-sync-token`).
    pub token: Option<String>,
    /// How deep. Clients of older drafts do not say it here: the Depth header does then (appendix
    /// A).
    pub level: Option<Level>,
    /// How many changes at most.
    pub limit: Option<u32>,
    /// What is wanted of each changed member.
    pub asked: Asked,
}

/// How deep a report goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// The members of the collection.
    One,
    /// Everything below it.
    Infinite,
}

impl SyncCollection {
    /// Reads a `DAV:sync-collection`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition, such as without `DAV:sync-token` or `DAV:prop`.
    pub(crate) fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::SYNC_COLLECTION)?;
        let token = fields::needed(root, &dav::SYNC_TOKEN)?.trimmed();
        fields::needed(root, &dav::PROP)?;
        Ok(Self {
            token: (!token.is_empty()).then_some(token),
            level: fields::one(root, &[dav::SYNC_LEVEL])?.map(level).transpose()?,
            limit: limit::read(root)?,
            asked: Asked::read(root)?,
        })
    }
}

fn level(element: &Element) -> Result<Level, RequestError> {
    match element.trimmed().as_str() {
        "1" => Ok(Level::One),
        "infinite" => Ok(Level::Infinite),
        other => Err(RequestError::Text {
            element: element.name.clone(),
            value: other.to_owned(),
            expected: "`1` or `infinite`",
        }),
    }
}
