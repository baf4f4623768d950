//! Filling the servers: made-up events and contacts, and those of files.
//!
//! What is made up follows from the seed and the names of server, user and collection alone: one
//! more calendar changes no other one.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fmt, io};

use calamity_base::Entropy;
use calamity_evidence::{Actor, Lineage};

use super::config::{AddressBook, Calendar, User};
use super::{Error, Import};
use crate::acting::{Acting, Kind};
use crate::server::{Protocol, Server};
use crate::world::contacts::{self, SourceContact, embedded_contacts};
use crate::world::{self, SourceEvent, Unwritable, embedded_events};

/// Reads what the configuration names.
pub type ReadFile<'r> = &'r (dyn Fn(&Path) -> io::Result<Found> + Sync);

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A file with this in it.
    File(Vec<u8>),
    /// A folder with files of these names in it.
    Folder(Vec<String>),
}

impl Found {
    /// What is in a file; a folder is none.
    pub(super) fn file(self) -> io::Result<Vec<u8>> {
        match self {
            Self::File(octets) => Ok(octets),
            Self::Folder(_) => Err(io::ErrorKind::IsADirectory.into()),
        }
    }
}

/// What servers are started with beside their configuration.
#[derive(Clone)]
pub struct Given<'g> {
    /// Reads the files that the configuration names.
    pub read: ReadFile<'g>,
    /// The document of a snapshot to begin with, in the place of the worlds of the configuration.
    pub snapshot: Option<&'g [u8]>,
    /// The file into which the certificate of the authority will be written, to be told to clients.
    pub authority_file: Option<String>,
}

impl<'g> Given<'g> {
    /// Files, and nothing more.
    #[must_use]
    pub fn files(read: ReadFile<'g>) -> Self {
        Self { read, snapshot: None, authority_file: None }
    }
}

impl fmt::Debug for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given")
            .field("snapshot", &self.snapshot.map(<[u8]>::len))
            .field("authority_file", &self.authority_file)
            .finish_non_exhaustive()
    }
}

/// The most files of a folder.
const FILES_MAX: usize = 100_000;

/// The name of the streams of worlds.
const STREAM: &str = "mock world";

/// One server being filled.
pub(super) struct Seeding<'s> {
    pub(super) name: &'s str,
    pub(super) protocol: Protocol,
    pub(super) server: &'s Server,
    pub(super) entropy: &'s Entropy,
    pub(super) read: ReadFile<'s>,
    pub(super) imports: &'s mut Vec<Import>,
}

impl Seeding<'_> {
    /// Gives a user what the configuration says.
    pub(super) fn fill(&mut self, user: &User) -> Result<(), Error> {
        let Some(acting) = self.server.acting(&user.address) else { return Ok(()) };
        for calendar in &user.calendars {
            acting.create_collection(Actor::Seed, Kind::Event, &calendar.name);
            self.invent_events(&acting, calendar);
            for path in &calendar.import {
                for (file, octets) in self.open(path, ".ics")? {
                    self.import_events(&acting, &calendar.name, &file, &octets)?;
                }
            }
        }
        for book in &user.address_books {
            acting.create_collection(Actor::Seed, Kind::Contact, &book.name);
            self.invent_contacts(&acting, book)?;
            for path in &book.import {
                for (file, octets) in self.open(path, ".vcf")? {
                    self.import_contacts(&acting, &book.name, &file, &octets)?;
                }
            }
        }
        Ok(())
    }

    fn invent_events(&self, acting: &Acting, calendar: &Calendar) {
        let owner = acting.address();
        let wanted = calendar.events as usize;
        if wanted == 0 {
            return;
        }
        // What the protocol cannot express is not copied a hundred times.
        let mut set = embedded_events();
        set.retain(|event| acting.can_hold(event).is_ok());
        let key = format!("{}/{owner}/{}", self.name, calendar.name);
        let mut stream = self.entropy.stream(STREAM, &key);
        let guests = calendar.attendees.map(Into::into);
        for mut event in world::multiply(&set, wanted, guests.clone(), &owner, &mut stream) {
            if guests.is_none() {
                invite_nobody(&mut event);
            }
            // Copies that turn out to be inexpressible all the same are left out.
            drop(acting.create(Actor::Seed, &calendar.name, &event, &Lineage::unmarked()));
        }
    }

    fn invent_contacts(&self, acting: &Acting, book: &AddressBook) -> Result<(), Error> {
        let key = format!("{}/{}/{}", self.name, acting.address(), book.name);
        let mut stream = self.entropy.stream(STREAM, &key);
        // What the protocol cannot express is not copied a hundred times.
        let mut set = embedded_contacts();
        set.retain(|contact| acting.can_hold_contact(contact).is_ok());
        for contact in contacts::multiply(&set, book.contacts as usize, &mut stream) {
            // As above.
            drop(self.create_contact(acting, &book.name, &contact)?);
        }
        Ok(())
    }

    fn create_contact(
        &self,
        acting: &Acting,
        book: &str,
        contact: &SourceContact,
    ) -> Result<Result<String, Unwritable>, Error> {
        match acting.create_contact(Actor::Seed, book, contact, &Lineage::unmarked()) {
            Ok(Some(id)) => Ok(Ok(id)),
            Ok(None) => Err(Error::NoContacts {
                name: self.name.to_owned(),
                protocol: self.protocol.to_string(),
            }),
            Err(unwritable) => Ok(Err(unwritable)),
        }
    }

    fn import_events(
        &mut self,
        acting: &Acting,
        name: &str,
        file: &str,
        octets: &[u8],
    ) -> Result<(), Error> {
        let read =
            world::read(octets).map_err(|why| self.unreadable(file, "iCalendar events", why))?;
        let mut import = self.import(acting, name, file);
        import.skip_all(read.skipped);
        let mut seen = BTreeSet::new();
        for event in read.events {
            let twice = acting.has_uid(Kind::Event, &event.uid) || !seen.insert(event.uid.clone());
            let outcome = if twice {
                Err("the user has an event of that uid already".to_owned())
            } else {
                let made = acting.create(Actor::Seed, name, &event, &Lineage::unmarked());
                made.map_err(|unwritable| self.inexpressible(&unwritable))
            };
            import.note(event.line, event.uid, outcome);
        }
        self.imports.push(import.sorted());
        Ok(())
    }

    fn import_contacts(
        &mut self,
        acting: &Acting,
        name: &str,
        file: &str,
        octets: &[u8],
    ) -> Result<(), Error> {
        let read =
            contacts::read(octets).map_err(|why| self.unreadable(file, "vCard contacts", why))?;
        let mut import = self.import(acting, name, file);
        import.skip_all(read.skipped);
        let mut seen = BTreeSet::new();
        for contact in read.contacts {
            let twice =
                acting.has_uid(Kind::Contact, &contact.uid) || !seen.insert(contact.uid.clone());
            let outcome = if twice {
                Err("the user has a contact of that uid already".to_owned())
            } else {
                let made = self.create_contact(acting, name, &contact)?;
                made.map_err(|unwritable| self.inexpressible(&unwritable))
            };
            import.note(contact.line, contact.uid, outcome);
        }
        self.imports.push(import.sorted());
        Ok(())
    }

    fn inexpressible(&self, why: &Unwritable) -> String {
        format!("{} cannot express it: {why}", self.protocol)
    }

    /// A file, or the files of a folder whose names end so, in the order of their names.
    fn open(&self, path: &str, ending: &str) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let refused =
            |path: &str, why| Error::File { path: path.to_owned(), what: self.what(), why };
        let names = match (self.read)(Path::new(path)).map_err(|why| refused(path, why))? {
            Found::File(octets) => return Ok(vec![(path.to_owned(), octets)]),
            Found::Folder(names) => names,
        };
        let fits = |name: &String| name.to_ascii_lowercase().ends_with(ending);
        let mut names: Vec<String> = names.into_iter().filter(fits).collect();
        names.sort();
        if names.is_empty() || names.len() > FILES_MAX {
            let count = names.len();
            let said = format!("it holds {count} files that end in {ending}, not 1 to {FILES_MAX}");
            return Err(refused(path, io::Error::other(said)));
        }
        let of = |name: String| {
            let file = format!("{}/{name}", path.trim_end_matches('/'));
            let octets = (self.read)(Path::new(&file)).and_then(Found::file);
            octets.map(|octets| (file.clone(), octets)).map_err(|why| refused(&file, why))
        };
        names.into_iter().map(of).collect()
    }

    fn import(&self, acting: &Acting, name: &str, file: &str) -> Import {
        Import {
            file: file.to_owned(),
            server: self.name.to_owned(),
            user: acting.address(),
            collection: name.to_owned(),
            items: 0,
            skipped_total: 0,
            skipped: Vec::new(),
        }
    }

    fn what(&self) -> String {
        format!("server `{}`", self.name)
    }

    fn unreadable(&self, file: &str, wanted: &'static str, why: world::Unreadable) -> Error {
        Error::Unreadable { path: file.to_owned(), what: self.what(), wanted, why }
    }
}

fn invite_nobody(event: &mut SourceEvent) {
    event.attendees.clear();
    event.organizer = None;
    for exception in &mut event.exceptions {
        exception.event.attendees.clear();
        exception.event.organizer = None;
    }
}
