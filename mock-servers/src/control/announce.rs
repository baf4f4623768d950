//! What a client has to be told: URLs, users, passwords, certificates, and where the control API is.
//! As lines for people, and as JSON for programs.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::Import;

/// The version of the JSON form.
const FORMAT: u32 = 1;

/// Everything that is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Announcement {
    /// The version of this form: 1.
    pub format: u32,
    /// The URL of the control API, without a slash at the end.
    pub control: String,
    /// The description of the control API.
    pub openapi: String,
    /// The servers, in the order of the configuration.
    pub servers: Vec<ServerLines>,
    /// The authority that signed the generated certificates, where there are any.
    pub authority: Option<TlsLines>,
    /// Files that servers were filled from.
    pub imports: Vec<Import>,
}

/// One server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServerLines {
    /// Its name in the control API.
    pub name: String,
    /// What it speaks: `jmap`, `graph` or `dav`.
    pub protocol: String,
    /// Which real server it behaves like.
    pub profile: String,
    /// Its URL, without a slash at the end.
    pub url: String,
    /// What to put into clients, as (what it is, the URL).
    pub endpoints: Vec<Endpoint>,
    /// Where and as what an application signs in, on Graph.
    pub sign_in: Option<SignInLine>,
    /// Its users.
    pub users: Vec<UserLine>,
}

/// How an application signs in (OAuth 2.0): with the password of the server's first user as its
/// secret, or on behalf of a user by a device code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SignInLine {
    /// The authority: the URL of the server with its tenant.
    pub authority: String,
    /// The tenant's id.
    pub tenant: String,
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: String,
}

/// A URL to put into a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Endpoint {
    /// What it is: `session`, `well-known`, `token`, ...
    pub name: String,
    /// The URL.
    pub url: String,
}

/// One user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UserLine {
    /// The address, which is the name to log in with.
    pub address: String,
    /// The password, which is the bearer token too. These servers are mocks, and so are their
    /// passwords.
    pub password: String,
    /// The user's own URL, where there is one: on DAV the principal.
    pub url: Option<String>,
    /// Names of the user's calendars.
    pub calendars: Vec<String>,
    /// How many events they hold.
    pub events: u64,
    /// Names of the user's address books.
    pub address_books: Vec<String>,
    /// How many contacts they hold.
    pub contacts: u64,
}

/// The authority of the generated certificates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TlsLines {
    /// The file in which its certificate is as PEM, for clients to trust.
    pub file: Option<String>,
    /// Where its certificate can be got as PEM.
    pub url: String,
    /// The SHA-256 fingerprint of its certificate, in hexadecimal digits.
    pub sha256: String,
    /// The certificate itself, as PEM.
    pub pem: String,
}

impl Announcement {
    pub(super) fn new(control: &str) -> Self {
        Self {
            format: FORMAT,
            control: control.to_owned(),
            openapi: format!("{control}/openapi.json"),
            servers: Vec::new(),
            authority: None,
            imports: Vec::new(),
        }
    }

    /// All of it as one line of JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("an announcement is made of texts and numbers")
    }

    /// All of it as plain lines for people.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut text = String::new();
        for server in &self.servers {
            server.write(&mut text);
        }
        line(&mut text, "control", &[("", &self.control), ("docs", &self.openapi)]);
        if let Some(authority) = &self.authority {
            let fingerprint = format!("SHA-256 {}", authority.sha256);
            let file = authority.file.as_deref().unwrap_or(&authority.url);
            line(&mut text, "certificate", &[("", file), ("", &fingerprint)]);
        }
        for import in &self.imports {
            import.write(&mut text);
        }
        text
    }
}

impl ServerLines {
    fn write(&self, text: &mut String) {
        let what = format!("{} ({})", self.protocol, self.profile);
        line(text, &self.name, &[("", &what), ("", &self.url)]);
        for endpoint in &self.endpoints {
            line(text, "", &[(&endpoint.name, &endpoint.url)]);
        }
        if let Some(sign_in) = &self.sign_in {
            line(text, "", &[("authority", &sign_in.authority)]);
            let parts =
                [("client", sign_in.client_id.as_str()), ("secret", &sign_in.client_secret)];
            line(text, "", &parts);
        }
        for user in &self.users {
            let events = holding(user.events, "event", "calendar", &user.calendars);
            let contacts = holding(user.contacts, "contact", "address book", &user.address_books);
            let has = if user.address_books.is_empty() {
                events
            } else {
                format!("{events}; {contacts}")
            };
            let parts = [("user", user.address.as_str()), ("password", &user.password), ("", &has)];
            line(text, "", &parts);
            if let Some(url) = &user.url {
                line(text, "", &[("  url", url)]);
            }
        }
    }
}

impl Import {
    fn write(&self, text: &mut String) {
        let Self { file, server, user, collection, items, skipped_total, skipped } = self;
        let to = format!("{server}, {user}, {collection}");
        let count = format!("{items} taken, {skipped_total} passed over");
        line(text, "import", &[("", file), ("into", &to), ("", &count)]);
        for skipped in skipped {
            // The end of the line is the file's place, as compilers write it.
            let uid = skipped.uid.as_deref().map_or(String::new(), |uid| format!(" [{uid}]"));
            writeln!(text, "  {file}:{}: {}{uid}", skipped.line, skipped.reason)
                .expect("a String takes all");
        }
    }
}

fn holding(count: u64, item: &str, collection: &str, names: &[String]) -> String {
    match (count, names) {
        (_, []) => format!("no {collection}"),
        (1, _) => format!("1 {item} in {}", names.join(", ")),
        _ => format!("{count} {item}s in {}", names.join(", ")),
    }
}

/// A line of a name and parts, each with a word before it.
fn line(text: &mut String, name: &str, parts: &[(&str, &str)]) {
    let parts: Vec<String> = parts
        .iter()
        .map(
            |(word, part)| {
                if word.is_empty() { (*part).to_owned() } else { format!("{word} {part}") }
            },
        )
        .collect();
    let line = format!("{name:<12} {}", parts.join("  "));
    writeln!(text, "{}", line.trim_end()).expect("a String takes all");
}
