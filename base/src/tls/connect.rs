//! The client's side of a handshake.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio_rustls::TlsConnector;

use super::{
    Trust,
    provider::{Time, ring},
    stream::{Agreed, TlsConn, spoken},
};
use crate::{
    Clock,
    net::{Conn, DialError},
};

/// How long a handshake may take.
const HANDSHAKE_MAX: Duration = Duration::from_secs(20);

/// Begins handshakes with one trust; offers HTTP/2 and HTTP/1.1. Cheap to clone.
#[derive(Clone)]
pub struct Connector(Arc<Inner>);

struct Inner {
    trust: Trust,
    clock: Clock,
    /// Made at the first handshake: most clients in a simulation never have one.
    config: OnceLock<Arc<ClientConfig>>,
}

impl Connector {
    /// Of a client that trusts so, and looks at `clock` to see whether a certificate is valid.
    #[must_use]
    pub fn new(trust: Trust, clock: &Clock) -> Connector {
        Connector(Arc::new(Inner { trust, clock: clock.clone(), config: OnceLock::new() }))
    }

    /// A handshake with a server that must be `host`: a name or an IP address without brackets.
    pub(crate) async fn connect(
        &self,
        host: &str,
        conn: Box<dyn Conn>,
    ) -> Result<(Box<dyn Conn>, Agreed), DialError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| DialError::Tls)?;
        let config = self.0.config.get_or_init(|| Arc::new(self.0.configure()));
        let connecting = TlsConnector::from(config.clone()).connect(name, conn);
        let stream = tokio::time::timeout(HANDSHAKE_MAX, connecting)
            .await
            .map_err(|_| DialError::Timeout)?
            .map_err(|_| DialError::Tls)?;
        Ok(TlsConn::wrap(stream.into()))
    }
}

impl Inner {
    fn configure(&self) -> ClientConfig {
        let time = Arc::new(Time(self.clock.clone()));
        let mut config = ClientConfig::builder_with_details(ring(), time)
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS 1.2 and 1.3")
            .with_root_certificates(self.trust.roots())
            .with_no_client_auth();
        config.alpn_protocols = spoken();
        config
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connector").field("trust", &self.0.trust).finish_non_exhaustive()
    }
}
