//! Looking at what is on the wire, byte by byte and frame by frame.

use std::{io, sync::Arc};

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    Env,
    http::{Handler, Server, ServerLimits, serve},
    net::{Addr, Conn, Endpoint},
};

/// A frame of HTTP/2 (RFC 9113, section 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) stream: u32,
    pub(super) payload: Vec<u8>,
}

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const RST_STREAM: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
const PING: u8 = 6;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// This machine, and a directory that nothing is written to.
pub(super) fn machine() -> Env {
    Env::production("test", &std::env::temp_dir())
}

pub(super) async fn on_loopback(env: &Env, handler: impl Handler, limits: ServerLimits) -> Server {
    serve(env, Addr::loopback(), Arc::new(handler), limits).await.unwrap()
}

pub(super) async fn dial(env: &Env, at: &Endpoint) -> Box<dyn Conn> {
    env.net.dial(at.clone()).await.unwrap().0
}

/// Everything until the end, and the error that it ended with.
pub(super) async fn to_the_end(conn: &mut Box<dyn Conn>) -> (Vec<u8>, Option<io::ErrorKind>) {
    let mut bytes = Vec::new();
    loop {
        match conn.read_buf(&mut bytes).await {
            Ok(0) => return (bytes, None),
            Ok(_) => {}
            Err(error) => return (bytes, Some(error.kind())),
        }
    }
}

/// Sends this and reads everything.
pub(super) async fn exchange(
    env: &Env,
    at: &Endpoint,
    request: &str,
) -> (String, Option<io::ErrorKind>) {
    let mut conn = dial(env, at).await;
    conn.write_all(request.as_bytes()).await.unwrap();
    let (bytes, end) = to_the_end(&mut conn).await;
    (String::from_utf8(bytes).unwrap(), end)
}

/// Answers without the date that each states.
pub(super) fn undated(text: &str) -> String {
    let mut parts = text.split("date: ");
    let mut made = parts.next().unwrap().to_owned();
    for part in parts {
        made.push_str(part.split_once(" GMT\r\n").unwrap().1);
    }
    made
}

/// Reads until what was read ends with this.
pub(super) async fn until(conn: &mut Box<dyn Conn>, end: &str) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end.as_bytes()) {
        bytes.push(conn.read_u8().await.unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

/// The first bytes of a client of HTTP/2 whose streams have this window.
pub(super) fn hello(window: u32) -> Vec<u8> {
    let mut bytes = PREFACE.to_vec();
    let mut setting = vec![0, 4];
    setting.extend(window.to_be_bytes());
    bytes.extend(frame(SETTINGS, 0, 0, &setting));
    bytes
}

pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = length[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// A GET of this path, whole: indexed names of the static table (RFC 7541, appendix A), literal
/// values.
pub(super) fn get(stream: u32, path: &str) -> Vec<u8> {
    let mut block = vec![0x82, 0x86];
    for (name, value) in [(0x04, path), (0x01, "a.test")] {
        block.extend([name, u8::try_from(value.len()).unwrap()]);
        block.extend(value.as_bytes());
    }
    frame(HEADERS, 0x5, stream, &block)
}

/// The next frame that is about a stream, or nothing at the end.
pub(super) async fn next_frame(conn: &mut Box<dyn Conn>) -> io::Result<Option<Frame>> {
    loop {
        let mut head = [0; 9];
        match conn.read_exact(&mut head).await {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        };
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        conn.read_exact(&mut payload).await?;
        // A ping is answered, as it must be (RFC 9113, section 6.7).
        if head[3] == PING && head[4] == 0 {
            conn.write_all(&frame(PING, 1, 0, &payload)).await?;
        }
        if stream > 0 {
            return Ok(Some(Frame { kind: head[3], flags: head[4], stream, payload }));
        }
    }
}

/// The frames of a stream until its end, and its data.
pub(super) async fn stream(conn: &mut Box<dyn Conn>, number: u32) -> (Vec<Frame>, Bytes) {
    let (mut frames, mut data) = (Vec::new(), Vec::new());
    while let Some(frame) = next_frame(conn).await.unwrap() {
        if frame.stream != number {
            continue;
        }
        if frame.kind == DATA {
            data.extend(&frame.payload);
        }
        let over = frame.kind == RST_STREAM || frame.flags & 1 == 1;
        frames.push(frame);
        if over {
            break;
        }
    }
    (frames, data.into())
}
