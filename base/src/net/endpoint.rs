//! Where to connect, and where to listen.

use std::{fmt, str::FromStr};

/// A host and port to connect to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// A name or an IP address; IPv6 without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// A host and port to listen at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addr {
    /// The name or IP address of the interface.
    pub host: String,
    /// The port; 0 takes any that is free.
    pub port: u16,
}

/// Text that is no `host:port`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no host:port")]
pub struct EndpointError {
    /// The text.
    pub text: String,
}

impl Endpoint {
    /// This host and port.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16) -> Endpoint {
        Endpoint { host: host.into(), port }
    }

    /// The URL of this endpoint over plain HTTP, without a slash at the end.
    #[must_use]
    pub fn http(&self) -> String {
        format!("http://{self}")
    }

    /// The URL of this endpoint over TLS, without a slash at the end.
    #[must_use]
    pub fn https(&self) -> String {
        format!("https://{self}")
    }
}

impl Addr {
    /// This host and port.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16) -> Addr {
        Addr { host: host.into(), port }
    }

    /// Any free port of the loopback interface.
    #[must_use]
    pub fn loopback() -> Addr {
        Addr::new("127.0.0.1", 0)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_host_port(formatter, &self.host, self.port)
    }
}

impl fmt::Display for Addr {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_host_port(formatter, &self.host, self.port)
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Endpoint, EndpointError> {
        let (host, port) = split(text)?;
        Ok(Endpoint { host, port })
    }
}

impl FromStr for Addr {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Addr, EndpointError> {
        let (host, port) = split(text)?;
        Ok(Addr { host, port })
    }
}

fn write_host_port(formatter: &mut fmt::Formatter<'_>, host: &str, port: u16) -> fmt::Result {
    if host.contains(':') {
        write!(formatter, "[{host}]:{port}")
    } else {
        write!(formatter, "{host}:{port}")
    }
}

fn split(text: &str) -> Result<(String, u16), EndpointError> {
    let error = || EndpointError { text: text.to_owned() };
    let (host, port) = text.rsplit_once(':').ok_or_else(error)?;
    let port = port.parse().map_err(|_| error())?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if host.is_empty() || (bare.is_none() && host.contains(':')) {
        return Err(error());
    }
    Ok((bare.unwrap_or(host).to_owned(), port))
}
