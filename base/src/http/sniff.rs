//! Which version of HTTP a client of a plain connection speaks, by its first bytes.
//!
//! HTTP/2 with prior knowledge begins with a preface that no HTTP/1 request can begin with (RFC
//! 9113, sections 3.3 and 3.4).

use std::io;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

/// What a client's first bytes are in HTTP/2 (RFC 9113, section 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A version of HTTP, as far as it decides who serves a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// HTTP/1.0 or 1.1, or what is no HTTP.
    One,
    /// HTTP/2.
    Two,
}

/// Reads until it is clear what the client speaks: at most the preface. Returns what was read.
///
/// # Errors
/// When the connection fails or ends before its first byte.
pub(super) async fn sniff(conn: &mut (impl AsyncRead + Unpin)) -> io::Result<(Version, Bytes)> {
    let mut first = BytesMut::with_capacity(PREFACE.len());
    loop {
        let mut rest = [0; PREFACE.len()];
        let length = conn.read(&mut rest[first.len()..]).await?;
        let from = first.len();
        first.extend_from_slice(&rest[from..from + length]);
        match (length, decide(&first)) {
            (0, _) if first.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            // What ends within the preface is for HTTP/1 to refuse.
            (0, None) => return Ok((Version::One, first.freeze())),
            (_, Some(version)) => return Ok((version, first.freeze())),
            (_, None) => {}
        }
    }
}

/// What begins so, if that is clear.
fn decide(first: &[u8]) -> Option<Version> {
    if first == PREFACE {
        return Some(Version::Two);
    }
    (!PREFACE.starts_with(first)).then_some(Version::One)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_preface_and_nothing_else_is_http_2() {
        for end in 0..PREFACE.len() {
            assert_eq!(decide(&PREFACE[..end]), None, "{end}");
            let mut other = PREFACE[..=end].to_vec();
            other[end] ^= 1;
            assert_eq!(decide(&other), Some(Version::One), "{end}");
        }
        assert_eq!(decide(PREFACE), Some(Version::Two));
        assert_eq!(decide(b"PROPFIND / HTTP/1.1\r\n"), Some(Version::One));
    }

    proptest! {
        #[test]
        fn whatever_comes_it_reads_no_more_than_the_preface(bytes: Vec<u8>) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let sniffed = runtime.block_on(sniff(&mut bytes.as_slice()));
            match sniffed {
                Ok((version, first)) => {
                    prop_assert!(first.len() <= PREFACE.len() && bytes.starts_with(&first));
                    prop_assert_eq!(version == Version::Two, bytes.starts_with(PREFACE));
                }
                Err(error) => {
                    prop_assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
                    prop_assert!(bytes.is_empty());
                }
            }
        }
    }
}
