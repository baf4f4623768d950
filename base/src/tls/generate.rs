//! Making a certificate for a mock: an authority that signs once, and what it signed.
//!
//! Two certificates and not one that signs itself: some clients trust nothing but authorities.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SerialNumber,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::Error;
use crate::{Clock, Entropy, entropy::Stream};

const DAY_SECONDS: u64 = 86_400;

/// How long a certificate is valid, in days. Apple's clients take no more than 825.
const VALID_DAYS: u64 = 730;

/// The last moment from which on a certificate is made, 9000-01-01, as seconds since the Unix
/// epoch: the form of its times has four digits for the year (RFC 5280, section 4.1.2.5).
const LAST_SECONDS: u64 = 221_845_392_000;

/// How many bytes of random a serial number has: at most 20 with the sign (RFC 5280, section
/// 4.1.2.2).
const SERIAL_BYTES: usize = 16;

/// What was made.
pub(super) struct Made {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
    pub(super) authority_pem: String,
}

pub(super) fn generate(names: &[String], clock: &Clock, entropy: &Entropy) -> Result<Made, Error> {
    let failed = |source| Error::Made { source };
    let mut serials = entropy.stream("tls", "serial numbers");
    let now = u64::try_from(clock.now().as_second()).unwrap_or(0).min(LAST_SECONDS);

    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    dress(&mut authority, "Calamity mock authority", now, &mut serials);
    let authority_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(failed)?;
    let authority_certificate = authority.self_signed(&authority_key).map_err(failed)?;

    let mut server = CertificateParams::new(Vec::new()).map_err(failed)?;
    if names.is_empty() {
        return Err(Error::Name { name: String::new() });
    }
    for name in names {
        let refused = || Error::Name { name: name.clone() };
        if !is_name(name) {
            return Err(refused());
        }
        let named = CertificateParams::new(vec![name.clone()]).map_err(|_| refused())?;
        server.subject_alt_names.extend(named.subject_alt_names);
    }
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    dress(&mut server, "Calamity mock", now, &mut serials);
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(failed)?;
    let issuer = Issuer::new(authority, authority_key);
    let certificate = server.signed_by(&key, &issuer).map_err(failed)?;

    Ok(Made {
        chain: vec![certificate.der().clone(), authority_certificate.der().clone()],
        key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        authority_pem: authority_certificate.pem(),
    })
}

/// Gives a certificate what does not depend on what it is for.
fn dress(params: &mut CertificateParams, name: &str, now: u64, serials: &mut Stream) {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    // Clients take two authorities of one name for one: the number tells them apart.
    let serial = serials.hex(2 * SERIAL_BYTES);
    subject.push(DnType::OrganizationName, serial.as_str());
    params.distinguished_name = subject;
    params.serial_number = Some(SerialNumber::from_slice(serial_bytes(&serial).as_slice()));
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    params.not_before = epoch + Duration::from_secs(now.saturating_sub(DAY_SECONDS));
    params.not_after = epoch + Duration::from_secs(now + VALID_DAYS * DAY_SECONDS);
}

/// The number of these hexadecimal digits, positive and not zero.
fn serial_bytes(hex: &str) -> Vec<u8> {
    let number = u128::from_str_radix(hex, 16).unwrap_or(1);
    let positive = (number >> 1) | 1;
    positive.to_be_bytes().to_vec()
}

/// Whether clients can ask for a server by this name: an IP address or a host name, a wildcard
/// included.
fn is_name(name: &str) -> bool {
    let host = name.strip_prefix("*.").unwrap_or(name);
    rustls::pki_types::ServerName::try_from(host).is_ok()
}
