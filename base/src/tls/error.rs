//! Why a certificate or a key cannot be used.

/// Why a certificate or a key cannot be used. No variant holds anything of a key.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is no PEM (RFC 7468).
    #[error("unreadable PEM: {message}")]
    Pem {
        /// What is wrong with it.
        message: String,
    },
    /// The text holds no certificate.
    #[error("no certificate in the PEM")]
    NoCertificate,
    /// The text holds no private key.
    #[error("no private key in the PEM")]
    NoKey,
    /// A certificate can be made for host names and IP addresses alone.
    #[error("{name:?} is no host name or IP address")]
    Name {
        /// What it was to be made for.
        name: String,
    },
    /// A certificate could not be made.
    #[error("no certificate could be made: {source}")]
    Made {
        /// Why not.
        #[source]
        source: rcgen::Error,
    },
    /// They are of a kind that rustls does not take, or do not belong together.
    #[error("unusable certificate or key: {source}")]
    Refused {
        /// What rustls says.
        #[source]
        source: rustls::Error,
    },
}
