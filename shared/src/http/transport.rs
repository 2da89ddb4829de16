//! One exchange on the wire: the only file that knows the HTTP library.

use std::{error, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue};
use secrecy::ExposeSecret;

use super::{
    Error, Failure, Incoming, Method, Names, Request, Response, Settings,
    incoming::{Pieces, Rest},
    network::{Reach, Unresolved, is_public},
};

/// The longest life of an exchange whose answer is read piece by piece: its pieces have time-outs of their own.
const LONGEST: Duration = Duration::from_hours(1);

/// Why an exchange brought no answer.
#[derive(Debug)]
pub enum Trouble {
    /// A failure after which another try may succeed.
    Failed(Failure, Option<Box<dyn error::Error + Send + Sync>>),
    /// The host is not on the public internet, where it has to be.
    NotPublic,
    /// The request cannot be written.
    Request,
    /// The answer is larger than the cap.
    TooLarge,
}

/// Sends one request once.
#[async_trait]
pub(super) trait Transport: Send + Sync {
    async fn exchange(&self, request: &Request) -> Result<Response, Trouble>;

    /// Sends one request once. Returns a success as soon as its head is there.
    async fn open(&self, request: &Request) -> Result<Incoming, Trouble> {
        self.exchange(request).await.map(Incoming::whole)
    }
}

#[async_trait]
impl Pieces for reqwest::Response {
    async fn next(&mut self) -> Result<Option<Bytes>, Trouble> {
        self.chunk().await.map_err(trouble)
    }
}

/// The real wire. Connections to addresses that the operator allowed are used for no other requests.
pub(super) struct Wire {
    anywhere: reqwest::Client,
    public: reqwest::Client,
    max_answer_bytes: usize,
    max_arriving_bytes: usize,
    try_timeout: Duration,
    slow_timeout: Duration,
}

/// Names as the HTTP library asks for them, at each dial.
struct Dialled {
    names: Names,
    reach: Reach,
}

impl reqwest::dns::Resolve for Dialled {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let (names, reach) = (self.names.clone(), self.reach);
        Box::pin(async move {
            let found = names.resolve(name.as_str(), reach).await?;
            Ok(Box::new(found.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

impl Wire {
    /// Returns a new wire. It opens no connection yet, and reads no file and no environment: the roots of trust are
    /// compiled in.
    pub(super) fn new(settings: &Settings) -> Result<Self, Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = rustls::RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(setup)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = |reach| {
            let names = settings.names.clone();
            #[expect(clippy::disallowed_methods, reason = "this is the one client")]
            let builder = reqwest::Client::builder();
            builder
                .tls_backend_preconfigured(tls.clone())
                .dns_resolver(Arc::new(Dialled { names, reach }))
                .user_agent(&settings.user_agent)
                .connect_timeout(settings.connect_timeout)
                .timeout(settings.try_timeout)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .no_proxy()
                .referer(false)
                .tcp_nodelay(true)
                .build()
                .map_err(|error| setup(error.without_url()))
        };
        Ok(Self {
            anywhere: client(Reach::Anywhere)?,
            public: client(Reach::Public)?,
            max_answer_bytes: settings.max_answer_bytes,
            max_arriving_bytes: settings.max_arriving_bytes,
            try_timeout: settings.try_timeout,
            slow_timeout: settings.slow_timeout,
        })
    }

    /// Returns the library's client for a request. A host that is a number is not looked up, so it is judged here.
    fn client(&self, request: &Request) -> Result<&reqwest::Client, Trouble> {
        let number = match request.url.host() {
            Some(url::Host::Ipv4(address)) => Some(address.into()),
            Some(url::Host::Ipv6(address)) => Some(address.into()),
            Some(url::Host::Domain(_)) | None => None,
        };
        match request.reach {
            Reach::Anywhere => Ok(&self.anywhere),
            Reach::Public if number.is_some_and(|number| !is_public(number)) => Err(Trouble::NotPublic),
            Reach::Public => Ok(&self.public),
        }
    }

    /// Sends a request that a library has written, as the AWS SDK does. Its endpoints may be in a private network.
    pub(super) async fn send_written(&self, request: http::Request<Bytes>) -> Result<Response, Trouble> {
        self.send(&self.anywhere, request.try_into().map_err(trouble)?).await
    }

    async fn send(&self, client: &reqwest::Client, request: reqwest::Request) -> Result<Response, Trouble> {
        let mut answer = client.execute(request).await.map_err(trouble)?;
        let head = head_of(&mut answer);
        let body = self.read(answer).await?;
        Ok(Response { body, ..head })
    }

    async fn read(&self, mut answer: reqwest::Response) -> Result<Bytes, Trouble> {
        let most = u64::try_from(self.max_answer_bytes).unwrap_or(u64::MAX);
        let announced = answer.content_length();
        if announced.is_some_and(|length| length > most) {
            return Err(Trouble::TooLarge);
        }
        let room = announced.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut body = BytesMut::with_capacity(room);
        while let Some(part) = answer.chunk().await.map_err(trouble)? {
            if body.len() + part.len() > self.max_answer_bytes {
                return Err(Trouble::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        Ok(body.freeze())
    }
}

/// Returns status and headers of an answer, without its body.
fn head_of(answer: &mut reqwest::Response) -> Response {
    Response {
        status: answer.status().as_u16(),
        headers: std::mem::take(answer.headers_mut()),
        body: Bytes::new(),
    }
}

#[async_trait]
impl Transport for Wire {
    async fn exchange(&self, request: &Request) -> Result<Response, Trouble> {
        let client = self.client(request)?;
        self.send(client, written(client, request)?).await
    }

    async fn open(&self, request: &Request) -> Result<Incoming, Trouble> {
        let client = self.client(request)?;
        let mut outgoing = written(client, request)?;
        *outgoing.timeout_mut() = Some(LONGEST);
        let begun = tokio::time::timeout(self.slow_timeout, client.execute(outgoing)).await;
        let mut answer = begun
            .map_err(|_| Trouble::Failed(Failure::TimedOut, None))?
            .map_err(trouble)?;
        let head = head_of(&mut answer);
        if !head.is_success() {
            let body = self.read(answer).await?;
            return Ok(Incoming::whole(Response { body, ..head }));
        }
        let rest = Rest {
            pieces: Box::new(answer),
            call: request.call(),
            patience: self.try_timeout,
            most: self.max_arriving_bytes,
            read: 0,
        };
        Ok(Incoming::arriving(head, rest))
    }
}

/// Returns a request as the library writes it.
fn written(client: &reqwest::Client, request: &Request) -> Result<reqwest::Request, Trouble> {
    let mut outgoing = client.request(method(request.method), request.url.clone());
    for (name, value) in &request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Trouble::Request)?;
        let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| Trouble::Request)?;
        value.set_sensitive(true);
        outgoing = outgoing.header(name, value);
    }
    if let Some(body) = &request.body {
        outgoing = outgoing.body(body.clone());
    }
    outgoing.build().map_err(trouble)
}

const fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

/// Returns the library's error without its URL, which holds the query.
fn trouble(error: reqwest::Error) -> Trouble {
    if error.is_builder() {
        return Trouble::Request;
    }
    if is_refused(&error) {
        return Trouble::NotPublic;
    }
    let failure = if error.is_connect() {
        Failure::Connect
    } else if error.is_timeout() {
        Failure::TimedOut
    } else {
        Failure::Broken
    };
    Trouble::Failed(failure, Some(Box::new(error.without_url())))
}

/// Returns whether the error is our own refusal to dial.
fn is_refused(error: &reqwest::Error) -> bool {
    let mut cause = error::Error::source(error);
    while let Some(found) = cause {
        if let Some(unresolved) = found.downcast_ref::<Unresolved>() {
            return matches!(unresolved, Unresolved::NotPublic);
        }
        cause = found.source();
    }
    false
}

fn setup(source: impl error::Error + Send + Sync + 'static) -> Error {
    Error::Setup {
        source: Box::new(source),
    }
}
