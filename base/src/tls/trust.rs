//! Which certificates a client takes.

use rustls::{RootCertStore, pki_types::CertificateDer};

use super::{Error, identity::certificates_of};

/// Which authorities a client trusts.
///
/// The web's are those that Mozilla's programme lists, compiled in: the same on every machine and
/// in every container, whatever its files say. Who has authorities of their own adds them.
#[derive(Clone, Debug)]
pub struct Trust {
    web: bool,
    own: Vec<CertificateDer<'static>>,
}

impl Trust {
    /// The authorities of the web.
    #[must_use]
    pub fn web() -> Trust {
        Trust { web: true, own: Vec::new() }
    }

    /// The certificates of this PEM text and nothing else, as for a mock on loopback.
    ///
    /// # Errors
    /// When the text holds no certificate.
    pub fn pem(text: &str) -> Result<Trust, Error> {
        Trust { web: false, own: Vec::new() }.and_pem(text)
    }

    /// The certificates of this PEM text as well.
    ///
    /// # Errors
    /// When the text holds no certificate, or one that cannot be an authority's.
    pub fn and_pem(mut self, text: &str) -> Result<Trust, Error> {
        let certificates = certificates_of(text)?;
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            roots.add(certificate.clone()).map_err(|source| Error::Refused { source })?;
        }
        self.own.extend(certificates);
        Ok(self)
    }

    pub(super) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        if self.web {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        // Each was added to a store before, when it was read.
        roots.add_parsable_certificates(self.own.iter().cloned());
        roots
    }
}
