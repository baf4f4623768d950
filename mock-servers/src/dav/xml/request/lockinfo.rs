//! LOCK (RFC 4918 sections 9.10 and 14.11). A request without a body refreshes a lock.

use super::error::RequestError;
use super::fields;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of a LOCK. The only type of lock is `DAV:write`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockInfo {
    /// Whether others may lock too.
    pub scope: LockScope,
    /// Who the client says it is: the whole `DAV:owner`, kept like a dead property.
    pub owner: Option<Element>,
}

/// Whether others may hold a lock on the same resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockScope {
    /// No.
    Exclusive,
    /// Yes, shared ones.
    Shared,
}

impl LockInfo {
    /// Reads a `DAV:lockinfo`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition, a type of lock that the server does not know
    /// included: it is as if it were not there.
    pub fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::LOCKINFO)?;
        let scope = fields::needed(root, &dav::LOCKSCOPE)?;
        let scope = match fields::one(scope, &[dav::EXCLUSIVE, dav::SHARED])? {
            None => return Err(fields::missing(scope, &dav::EXCLUSIVE)),
            Some(kind) if kind.name == dav::EXCLUSIVE => LockScope::Exclusive,
            Some(_) => LockScope::Shared,
        };
        fields::needed(fields::needed(root, &dav::LOCKTYPE)?, &dav::WRITE)?;
        Ok(Self { scope, owner: fields::one(root, &[dav::OWNER])?.cloned() })
    }
}
