//! The ACL method (RFC 3744 sections 5.5 and 8.1).

use super::error::RequestError;
use super::fields;
use crate::dav::xml::name::Name;
use crate::dav::xml::names::dav;
use crate::dav::xml::tree::Element;

/// The body of an ACL request. Which entries a server can store is the caller's question: section
/// 8.1.1 has a precondition for each answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acl {
    /// The entries, in order; maybe none.
    pub aces: Vec<Ace>,
}

/// One access control entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ace {
    /// Whom it names.
    pub principal: Principal,
    /// Whether it is about them or about everybody else.
    pub matching: Matching,
    /// What it does.
    pub rights: Rights,
}

/// Whom an entry names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A user or a group, as the client sent the URL.
    Href(String),
    /// Everybody.
    All,
    /// Everybody who logged in.
    Authenticated,
    /// Everybody who did not.
    Unauthenticated,
    /// Those to whom this property of the resource points.
    Property(Name),
    /// The principal that the resource itself is.
    Oneself,
}

/// Whether an entry is about the principal that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// It is.
    Principal,
    /// It is about everybody else (`DAV:invert`).
    EverybodyElse,
}

/// What an entry does with privileges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rights {
    /// It grants these.
    Grant(Vec<Name>),
    /// It denies these.
    Deny(Vec<Name>),
}

impl Acl {
    /// Reads a `DAV:acl`.
    ///
    /// # Errors
    ///
    /// 400 when it is against the definition.
    pub fn read(root: &Element) -> Result<Self, RequestError> {
        fields::root(root, &dav::ACL)?;
        Ok(Self { aces: root.all(dav::ACE).map(ace).collect::<Result<_, _>>()? })
    }
}

fn ace(element: &Element) -> Result<Ace, RequestError> {
    let whom = fields::one(element, &[dav::PRINCIPAL, dav::INVERT])?;
    let (named, matching) = match whom {
        None => return Err(fields::missing(element, &dav::PRINCIPAL)),
        Some(invert) if invert.name == dav::INVERT => {
            (fields::needed(invert, &dav::PRINCIPAL)?, Matching::EverybodyElse)
        }
        Some(named) => (named, Matching::Principal),
    };
    let rights = match fields::one(element, &[dav::GRANT, dav::DENY])? {
        None => return Err(fields::missing(element, &dav::GRANT)),
        Some(grant) if grant.name == dav::GRANT => Rights::Grant(privileges(grant)?),
        Some(deny) => Rights::Deny(privileges(deny)?),
    };
    Ok(Ace { principal: principal(named)?, matching, rights })
}

fn principal(element: &Element) -> Result<Principal, RequestError> {
    let kinds =
        [dav::HREF, dav::ALL, dav::AUTHENTICATED, dav::UNAUTHENTICATED, dav::PROPERTY, dav::SELF_];
    let Some(kind) = fields::one(element, &kinds)? else {
        return Err(fields::missing(element, &dav::HREF));
    };
    Ok(match kind.name.local() {
        "href" => Principal::Href(kind.trimmed()),
        "all" => Principal::All,
        "authenticated" => Principal::Authenticated,
        "unauthenticated" => Principal::Unauthenticated,
        "property" => match kind.elements().next() {
            Some(property) => Principal::Property(property.name.clone()),
            None => return Err(fields::missing(kind, &dav::OWNER)),
        },
        _ => Principal::Oneself,
    })
}

/// The privileges of a `DAV:grant` or `DAV:deny`, of which there must be one.
fn privileges(element: &Element) -> Result<Vec<Name>, RequestError> {
    let inside = element.all(dav::PRIVILEGE).flat_map(Element::elements);
    let names: Vec<Name> = inside.map(|privilege| privilege.name.clone()).collect();
    if names.is_empty() {
        return Err(fields::missing(element, &dav::PRIVILEGE));
    }
    Ok(names)
}
