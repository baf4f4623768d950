//! How a client gets its connections: dialled over the network seam, TLS on top for `https`.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use ::http::{Uri, uri::Scheme};
use hyper_util::{
    client::legacy::connect::{Connected, Connection},
    rt::TokioIo,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{
    BoxFuture,
    net::{Conn, DialError, Endpoint, Net},
    tls::{self, Agreed},
};

/// Dials over the network seam.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    pub(super) net: Arc<dyn Net>,
    pub(super) tls: tls::Connector,
}

impl tower_service::Service<Uri> for Connector {
    type Response = TokioIo<Dialled>;
    type Error = DialError;
    type Future = BoxFuture<'static, Result<TokioIo<Dialled>, DialError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DialError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Connector { net, tls } = self.clone();
        Box::pin(async move {
            let secure = uri.scheme() == Some(&Scheme::HTTPS);
            let host = uri.host().unwrap_or_default();
            let host = host.trim_start_matches('[').trim_end_matches(']');
            let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
            let (conn, _abort) = net.dial(Endpoint::new(host, port)).await?;
            let dialled = if secure {
                let (conn, agreed) = tls.connect(host, conn).await?;
                Dialled { conn, agreed }
            } else {
                Dialled { conn, agreed: Agreed::One }
            };
            Ok(TokioIo::new(dialled))
        })
    }
}

/// A client's connection.
#[derive(Debug)]
pub(super) struct Dialled {
    conn: Box<dyn Conn>,
    agreed: Agreed,
}

impl Connection for Dialled {
    fn connected(&self) -> Connected {
        match self.agreed {
            Agreed::One => Connected::new(),
            Agreed::Two => Connected::new().negotiated_h2(),
        }
    }
}

impl AsyncRead for Dialled {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.conn).poll_read(context, buffer)
    }
}

impl AsyncWrite for Dialled {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.conn).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.conn).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.conn.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.conn).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.conn).poll_shutdown(context)
    }
}
