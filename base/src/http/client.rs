//! The client: hyper's, with a connector over the network seam. It speaks HTTP/1.1, and HTTP/2 with
//! servers that agree to it over TLS.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use ::http::{Request, Response};
use bytes::Bytes;
use http_body_util::Full;
use hyper_util::{client::legacy, rt::TokioTimer};

use super::{
    Error,
    dialled::Connector,
    error::{About, Stage},
    receive::{Bounds, Uncollected, collect},
};
use crate::{Env, points::PointError, sync::lock, tls};

/// The point that a request comes to before anything of it is sent.
pub const BEFORE_SEND: &str = "http.before-send";

/// The point that a request comes to when its whole answer is there and its sender has not seen it.
pub const AFTER_ANSWER: &str = "http.after-answer";

/// How many connections to one authority are kept for the next request, and how long.
const IDLE_MAX: usize = 32;
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);

/// How many authorities a client keeps connections to before it forgets them all.
const AUTHORITIES_MAX: usize = 256;

/// What a client bears.
#[derive(Clone, Debug)]
pub struct ClientLimits {
    /// How long a request may take until its answer is complete: the transport deadline.
    pub timeout: Duration,
    /// The largest answer body, in bytes.
    pub max_body: usize,
}

impl Default for ClientLimits {
    fn default() -> ClientLimits {
        ClientLimits { timeout: Duration::from_secs(60), max_body: 256 * 1024 * 1024 }
    }
}

/// A client of a process. Cheap to clone; clones share the connections. It follows no redirects and
/// repeats nothing: that is its callers' to decide.
#[derive(Clone)]
pub struct Client {
    env: Env,
    limits: ClientLimits,
    tls: tls::Connector,
    pools: Arc<Mutex<BTreeMap<String, Pool>>>,
}

/// hyper's pool keeps its hosts in a std `HashMap` and closes idle connections in the order of that,
/// which differs from process to process; so each authority has a pool of its own.
type Pool = legacy::Client<Connector, Full<Bytes>>;

impl Client {
    /// A client with the default limits: 60 seconds and 256 MiB.
    #[must_use]
    pub fn new(env: &Env) -> Client {
        Client::with_limits(env, ClientLimits::default())
    }

    /// A client with these limits.
    #[must_use]
    pub fn with_limits(env: &Env, limits: ClientLimits) -> Client {
        let tls = tls::Connector::new(tls::Trust::web(), &env.clock);
        Client { env: env.clone(), limits, tls, pools: Arc::default() }
    }

    /// This client, trusting other certificates than those of the web. It keeps no connection.
    #[must_use]
    pub fn trusting(mut self, trust: tls::Trust) -> Client {
        self.tls = tls::Connector::new(trust, &self.env.clock);
        self.pools = Arc::default();
        self
    }

    /// Sends a request with an absolute `http` or `https` URI and returns the whole answer, whatever its
    /// status. Comes to the points [`BEFORE_SEND`] and [`AFTER_ANSWER`].
    ///
    /// # Errors
    /// When there is no complete answer; [`Error::is_in_doubt`] says whether the server may have
    /// carried the request out all the same.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Error> {
        let about = About::new(request.method(), request.uri());
        let injected = |source: PointError| about.clone().injected(source);
        self.env.points.reach(BEFORE_SEND).await.map_err(injected)?;
        let exchange = self.exchange(request, &about);
        // The transport's deadline, so tokio's time: a socket mock's clock stands still.
        let response = tokio::time::timeout(self.limits.timeout, exchange)
            .await
            .unwrap_or_else(|_| Err(about.clone().timeout(self.limits.timeout)))?;
        self.env.points.reach(AFTER_ANSWER).await.map_err(injected)?;
        Ok(response)
    }

    async fn exchange(
        &self,
        request: Request<Bytes>,
        about: &About,
    ) -> Result<Response<Bytes>, Error> {
        if !matches!(request.uri().scheme_str(), Some("http" | "https")) {
            return Err(about.clone().protocol("only absolute http and https URIs can be sent to"));
        }
        let Some(authority) = request.uri().authority() else {
            return Err(about.clone().protocol("the URI names no host"));
        };
        let pool = self.pool(authority.as_str());
        let answered = pool.request(request.map(Full::new)).await;
        let response = answered.map_err(|error| about.clone().classify(&error, Stage::Head))?;
        let (parts, mut body) = response.into_parts();
        match collect(&mut body, Bounds { max: self.limits.max_body, server: None }).await {
            Ok(body) => Ok(Response::from_parts(parts, body)),
            Err(Uncollected::TooLarge | Uncollected::Full | Uncollected::TooSlow) => {
                Err(about.clone().too_large(self.limits.max_body))
            }
            Err(Uncollected::Failed(error)) => Err(about.clone().classify(&error, Stage::Body)),
        }
    }

    fn pool(&self, authority: &str) -> Pool {
        let mut pools = lock(&self.pools);
        if let Some(pool) = pools.get(authority) {
            return pool.clone();
        }
        if pools.len() >= AUTHORITIES_MAX {
            pools.clear();
        }
        let pool = legacy::Client::builder(self.env.process.executor())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(IDLE_MAX)
            // Whether a request may be sent again is for its sender to decide.
            .retry_canceled_requests(false)
            .build(Connector { net: self.env.net.clone(), tls: self.tls.clone() });
        pools.insert(authority.to_owned(), pool.clone());
        pool
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let process = self.env.process.name();
        formatter.debug_struct("Client").field("process", &process).finish_non_exhaustive()
    }
}
