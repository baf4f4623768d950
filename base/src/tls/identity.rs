//! Who a server is: a certificate and its key.

use std::fmt;

use rustls::pki_types::{
    CertificateDer, PrivateKeyDer,
    pem::{self, PemObject},
};

use super::{Error, generate::generate};
use crate::{Clock, Entropy};

/// A certificate with its chain, and its private key.
pub struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
    trust_pem: String,
}

impl Identity {
    /// The certificate and, after it, those that lead to a root; and the private key (PKCS #8, SEC1
    /// or PKCS #1).
    ///
    /// # Errors
    /// When one of the texts is no PEM or holds nothing of its kind.
    pub fn from_pem(certificates: &str, key: &str) -> Result<Identity, Error> {
        let chain = certificates_of(certificates)?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| match error {
            pem::Error::NoItemsFound => Error::NoKey,
            error => Error::Pem { message: error.to_string() },
        })?;
        Ok(Identity { chain, key, trust_pem: certificates.to_owned() })
    }

    /// A new certificate for these host names and IP addresses, signed by a new authority of which
    /// nothing but its certificate is kept. ECDSA on P-256, which every client takes; valid from a
    /// day before `clock` for two years, as long as clients take (so `clock` is one that agrees with
    /// that of the clients). Serial numbers come from `entropy`; the keys and signatures come from
    /// the operating system, whatever it is.
    ///
    /// # Errors
    /// When a name is none.
    pub fn generate(names: &[String], clock: &Clock, entropy: &Entropy) -> Result<Identity, Error> {
        let made = generate(names, clock, entropy)?;
        Ok(Identity { chain: made.chain, key: made.key, trust_pem: made.authority_pem })
    }

    /// What a client must trust to take this certificate, as PEM: the authority's certificate when
    /// it was generated, else what was given.
    #[must_use]
    pub fn trust_pem(&self) -> &str {
        &self.trust_pem
    }
}

/// Says nothing of the key.
impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certificates = self.chain.len();
        formatter
            .debug_struct("Identity")
            .field("certificates", &certificates)
            .finish_non_exhaustive()
    }
}

/// The certificates of a PEM text; other items are passed over.
pub(super) fn certificates_of(text: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let certificates = CertificateDer::pem_slice_iter(text.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Error::Pem { message: error.to_string() })?;
    if certificates.is_empty() { Err(Error::NoCertificate) } else { Ok(certificates) }
}
