//! The server's side of a handshake.

use std::{fmt, io, sync::Arc};

use rustls::ServerConfig;
use tokio_rustls::TlsAcceptor;

use super::{
    Error, Identity,
    provider::{Time, ring},
    stream::{Agreed, TlsConn, spoken},
};
use crate::{Clock, net::Conn};

/// Answers handshakes with one identity; offers HTTP/2 and HTTP/1.1. Cheap to clone.
#[derive(Clone)]
pub struct Acceptor(TlsAcceptor);

impl Acceptor {
    /// Of a server that is `identity`.
    ///
    /// # Errors
    /// When the key is not the certificate's, or of a kind that rustls does not take.
    pub fn new(identity: &Identity, clock: &Clock) -> Result<Acceptor, Error> {
        let refused = |source| Error::Refused { source };
        let time = Arc::new(Time(clock.clone()));
        let mut config = ServerConfig::builder_with_details(ring(), time)
            .with_safe_default_protocol_versions()
            .map_err(refused)?
            .with_no_client_auth()
            .with_single_cert(identity.chain.clone(), identity.key.clone_key())
            .map_err(refused)?;
        config.alpn_protocols = spoken();
        Ok(Acceptor(TlsAcceptor::from(Arc::new(config))))
    }

    pub(crate) async fn accept(&self, conn: Box<dyn Conn>) -> io::Result<(Box<dyn Conn>, Agreed)> {
        let stream = self.0.accept(conn).await?;
        Ok(TlsConn::wrap(stream.into()))
    }
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Acceptor")
    }
}
