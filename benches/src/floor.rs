//! The floor: hyper on a loopback port, in a thread of its own, which reads a request and answers
//! bytes that were made before.

use std::convert::Infallible;
use std::error::Error;
use std::sync::mpsc;
use std::thread;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// See the module.
#[derive(Debug)]
pub struct Floor {
    base: String,
}

impl Floor {
    /// A server that always answers this response, its headers included.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(response: Response<Bytes>) -> Result<Self, Box<dyn Error>> {
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                let Ok(listener) = TcpListener::bind("127.0.0.1:0").await else { return };
                let Ok(at) = listener.local_addr() else { return };
                let _ = tell.send(format!("http://{at}"));
                while let Ok((stream, _)) = listener.accept().await {
                    let _ = stream.set_nodelay(true);
                    let response = response.clone();
                    tokio::spawn(async move {
                        let answer = service_fn(|request| answer(request, response.clone()));
                        let served = http1::Builder::new();
                        let _ = served.serve_connection(TokioIo::new(stream), answer).await;
                    });
                }
            });
        });
        Ok(Self { base: told.recv()? })
    }

    /// The same request, to the floor.
    #[must_use]
    pub fn request(&self, request: &Request<Bytes>) -> Request<Bytes> {
        let mut request = request.clone();
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        if let Ok(uri) = format!("{}{path}", self.base).parse() {
            *request.uri_mut() = uri;
        }
        request
    }
}

async fn answer(
    request: Request<Incoming>,
    response: Response<Bytes>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // A server that does not read what it is sent would be no floor.
    let _ = request.into_body().collect().await;
    Ok(response.map(Full::new))
}
