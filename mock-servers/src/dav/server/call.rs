//! A request as all methods see it: its place, its headers and its body, which is read when somebody
//! wants to know what it says, and once.

use std::cell::OnceCell;

use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderMap, Method, StatusCode};

use super::place::Place;
use crate::dav::calendar::{CalendarObject, Invalid};
use crate::dav::card::object::{AddressObject, Refused};
use crate::dav::xml::{self, Detail, Element, Href, Limits, Multistatus, Path, Refusal};
use crate::profiles::{DavQuirks, Minimal};

/// How deep a request goes (RFC 4918 section 10.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// The resource alone.
    Zero,
    /// With what is directly inside.
    One,
    /// With everything below it.
    Infinity,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Call {
    /// The method.
    pub(super) method: Method,
    /// What the path names; none when it can name nothing.
    pub(super) place: Option<Place>,
    /// The headers.
    pub(super) headers: HeaderMap,
    /// The body.
    pub(super) body: Bytes,
    /// Host and port by which the client knows the server.
    authority: Option<String>,
    /// Whether the path is `/`, another name of the root.
    at_top: bool,
    /// Whether the path is a collection's without the slash at its end.
    pub(super) lacks_slash: bool,
    /// What the body was found to be.
    document: OnceCell<Result<Option<Element>, Refusal>>,
    object: OnceCell<Result<CalendarObject, Invalid>>,
    card: OnceCell<Result<AddressObject, Refused>>,
}

impl Call {
    /// Takes a request apart.
    pub(super) fn new(incoming: Incoming) -> Self {
        let place = Path::parse(incoming.uri.path()).ok().map(|path| Place::of(&path));
        let own = incoming.uri.authority().map(ToString::to_string);
        let host = incoming.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let authority = host.map(str::to_owned).or(own);
        let path = incoming.uri.path();
        let at_top = path == "/";
        let named = place.as_ref().is_some_and(|place| place.href().ends_with('/'));
        let lacks_slash = named && !path.ends_with('/');
        let Incoming { method, headers, body, .. } = incoming;
        let (document, object, card) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self {
            method,
            place,
            headers,
            body,
            authority,
            at_top,
            lacks_slash,
            document,
            object,
            card,
        }
    }

    /// What the path names.
    pub(super) fn place(&self) -> &Place {
        self.place.as_ref().unwrap_or(&Place::Nowhere)
    }

    /// The href of what the path names, as the client named it (RFC 4918 section 9.1 wants a response
    /// for the resource that was asked for).
    pub(super) fn href(&self) -> String {
        if self.at_top { "/".to_owned() } else { self.place().href() }
    }

    /// A header's text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
    }

    /// The Depth header; none where there is none.
    ///
    /// # Errors
    /// 400 for another value than the three.
    pub(super) fn depth(&self) -> Result<Option<Depth>, Refusal> {
        match self.header("depth") {
            None => Ok(None),
            Some("0") => Ok(Some(Depth::Zero)),
            Some("1") => Ok(Some(Depth::One)),
            Some(text) if text.eq_ignore_ascii_case("infinity") => Ok(Some(Depth::Infinity)),
            Some(_) => Err(Refusal::plain(StatusCode::BAD_REQUEST)),
        }
    }

    /// The media type of the body in lower case, without parameters.
    pub(super) fn media_type(&self) -> Option<String> {
        let text = self.header("content-type")?;
        let bare = text.split(';').next().unwrap_or_default().trim();
        (!bare.is_empty()).then(|| bare.to_ascii_lowercase())
    }

    /// How much is to be said of each resource: what `Prefer: return=minimal` (RFC 7240 section 4.2,
    /// RFC 8144 section 2) and the older `Brief: t` ask for, where the server listens to them.
    pub(super) fn detail(&self, quirks: &DavQuirks) -> Detail {
        let lines = self.headers.get_all("prefer").iter().filter_map(|line| line.to_str().ok());
        let mut preferences = lines.flat_map(|line| line.split(','));
        let prefers = preferences.any(|one| {
            let one = one.split(';').next().unwrap_or_default().replace([' ', '\t', '"'], "");
            one.eq_ignore_ascii_case("return=minimal") || one.eq_ignore_ascii_case("return-minimal")
        });
        let brief = self.header("brief").is_some_and(|said| said.eq_ignore_ascii_case("t"));
        match quirks.minimal {
            Minimal::Preferred if prefers => Detail::Minimal,
            Minimal::PreferredOrBrief if prefers || brief => Detail::Minimal,
            _ => Detail::Full,
        }
    }

    /// An empty multistatus that says as much as is asked for.
    pub(super) fn multistatus(&self, quirks: &DavQuirks) -> Multistatus {
        Multistatus::of(self.detail(quirks))
    }

    /// The body as XML, read once; none where it is empty.
    ///
    /// # Errors
    /// As [`xml::read`] says.
    pub(super) fn xml(&self) -> Result<Option<&Element>, Refusal> {
        let read = || {
            if self.body.iter().all(u8::is_ascii_whitespace) {
                return Ok(None);
            }
            let root = xml::read(&self.body, &Limits::default());
            root.map(Some).map_err(|error| error.refusal())
        };
        self.document.get_or_init(read).as_ref().map(Option::as_ref).map_err(Refusal::clone)
    }

    /// The body as a calendar object, read once.
    ///
    /// # Errors
    /// As [`CalendarObject::read`] says.
    pub(super) fn object(&self) -> Result<&CalendarObject, &Invalid> {
        self.object.get_or_init(|| CalendarObject::read(self.body.clone())).as_ref()
    }

    /// The body as a card, read once.
    ///
    /// # Errors
    /// As [`AddressObject::read`] says.
    pub(super) fn card(&self) -> Result<&AddressObject, &Refused> {
        self.card.get_or_init(|| AddressObject::read(&self.body)).as_ref()
    }

    /// What an href or a Destination names on this server.
    ///
    /// # Errors
    /// 400 for none at all, 502 for another server's (RFC 4918 section 9.8.5).
    pub(super) fn named(&self, href: &str) -> Result<Place, Refusal> {
        let href = Href::parse(href).map_err(|_| Refusal::plain(StatusCode::BAD_REQUEST))?;
        let other = href.authority.as_deref().zip(self.authority.as_deref());
        if other.is_some_and(|(theirs, own)| !portless(theirs).eq_ignore_ascii_case(portless(own)))
        {
            return Err(Refusal::plain(StatusCode::BAD_GATEWAY));
        }
        Ok(Place::of(&href.path))
    }
}

/// Host and port without a port that goes without saying (RFC 3986 section 6.2.3): clients leave it out
/// of `Host`, and not of URLs that they were given.
fn portless(authority: &str) -> &str {
    let bare = authority.strip_suffix(":80").or_else(|| authority.strip_suffix(":443"));
    bare.unwrap_or(authority)
}
