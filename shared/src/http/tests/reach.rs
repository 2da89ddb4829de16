//! Where names lead when they are dialled (R41): an injected resolver, and servers on this machine that count requests.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::HeaderMap;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{FAST, settings};
use crate::http::{
    BaseUrl, BaseUrls, Client, Error, HostRule, Method, Names, Request, Resolver, Response,
    network::Reach,
    transport::{Transport, Trouble},
};

/// An address in the internet's part that is not assigned: no server answers there.
const NOBODYS: &str = "3000::1";

/// Gives these addresses in turn, the last of them for ever. Counts how often it is asked.
#[derive(Clone)]
struct Script {
    answers: Arc<Mutex<VecDeque<Vec<&'static str>>>>,
    asked: Arc<AtomicU32>,
}

impl Script {
    fn new(answers: &[&[&'static str]]) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.iter().map(|answer| answer.to_vec()).collect())),
            asked: Arc::default(),
        }
    }
}

#[async_trait]
impl Resolver for Script {
    async fn resolve(&self, _name: &str) -> io::Result<Vec<SocketAddr>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.pop_front()
        } else {
            answers.front().cloned()
        };
        let numbers = answer.unwrap().into_iter();
        Ok(numbers
            .map(|number| SocketAddr::new(number.parse().unwrap(), 0))
            .collect())
    }
}

/// A server that answers every request, and counts them.
struct Server {
    port: u16,
    came: Arc<AtomicU32>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, came) = (listener.local_addr().unwrap().port(), Arc::<AtomicU32>::default());
        let counted = Arc::clone(&came);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let _ = stream.read(&mut [0; 4_096]).await;
                let _ = stream
                    .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                    .await;
            }
        });
        Self { port, came }
    }

    fn came(&self) -> u32 {
        self.came.load(Ordering::Relaxed)
    }
}

fn client(script: &Script) -> Client {
    let mut settings = settings();
    settings.names = Names::new(script.clone());
    settings.connect_timeout = Duration::from_millis(200);
    settings.retry.base = Duration::from_millis(1);
    Client::new(settings).unwrap()
}

async fn ask(client: &Client, base: &BaseUrl, method: Method) -> Result<Response, Error> {
    let request = Request::new(method, base, "/people", "/people");
    client.open_session("a", FAST).send(&request).await
}

#[tokio::test]
async fn r41_a_public_name_that_leads_to_a_network_of_ones_own_is_not_dialled() {
    let server = Server::start().await;
    let address = format!("https://hooks.app.example:{}", server.port);
    let vendors = HostRule::Below(&["app.example"]);
    for number in [
        "127.0.0.1",
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
    ] {
        for rule in [HostRule::Public, vendors] {
            let script = Script::new(&[&[number]]);
            let base = BaseUrl::parse(&address, rule).unwrap();
            for method in [Method::Get, Method::Post] {
                let error = ask(&client(&script), &base, method).await.unwrap_err();
                assert!(matches!(error, Error::NotPublic { .. }), "{number}: {error:?}");
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains(number), "{shown}");
            }
            assert_eq!(script.asked.load(Ordering::Relaxed), 2, "it is not tried again");
        }
    }
    assert_eq!(server.came(), 0);
}

#[tokio::test]
async fn r41_a_name_with_one_address_that_is_not_public_is_not_dialled_at_any() {
    let server = Server::start().await;
    let base = BaseUrl::parse(&format!("https://a.example:{}", server.port), HostRule::Public).unwrap();
    for answer in [["127.0.0.1", NOBODYS], [NOBODYS, "127.0.0.1"]] {
        let script = Script::new(&[&answer]);
        let error = ask(&client(&script), &base, Method::Get).await.unwrap_err();
        assert!(matches!(error, Error::NotPublic { .. }), "{error:?}");
    }
    assert_eq!(server.came(), 0);
}

#[tokio::test]
async fn r41_a_name_that_leads_elsewhere_the_next_time_is_judged_the_next_time() {
    let server = Server::start().await;
    let base = BaseUrl::parse(&format!("https://a.example:{}", server.port), HostRule::Public).unwrap();
    let script = Script::new(&[&[NOBODYS], &["127.0.0.1"]]);
    let error = ask(&client(&script), &base, Method::Get).await.unwrap_err();
    assert!(matches!(error, Error::NotPublic { .. }), "{error:?}");
    assert_eq!(script.asked.load(Ordering::Relaxed), 2, "each dial asks anew");
    assert_eq!(server.came(), 0);
}

#[tokio::test]
async fn r41_what_the_operator_listed_may_be_in_a_network_of_ones_own() {
    let server = Server::start().await;
    let script = Script::new(&[&["127.0.0.1"]]);
    let listed = format!("http://scim.intranet.example:{}", server.port);
    let allowed = BaseUrls::parse(&listed).unwrap();
    let base = allowed.find_public(&listed).unwrap();
    assert_eq!(ask(&client(&script), &base, Method::Get).await.unwrap().status(), 200);
    // Another path of the same host was not listed.
    let other = format!("https://scim.intranet.example:{}/other", server.port);
    let other = allowed.find_public(&other).unwrap();
    let error = ask(&client(&script), &other, Method::Get).await.unwrap_err();
    assert!(matches!(error, Error::NotPublic { .. }), "{error:?}");
    assert_eq!(server.came(), 1);
}

/// Redirects the first request on its own host. Notes how far each request may go.
#[derive(Clone, Default)]
struct Redirecting(Arc<Mutex<Vec<Reach>>>);

#[async_trait]
impl Transport for Redirecting {
    async fn exchange(&self, request: &Request) -> Result<Response, Trouble> {
        let mut seen = self.0.lock().unwrap();
        seen.push(request.reach);
        let mut headers = HeaderMap::new();
        headers.insert("location", "/v2/people".parse().unwrap());
        Ok(Response {
            status: if seen.len() == 1 { 301 } else { 200 },
            headers,
            body: Bytes::new(),
        })
    }
}

#[tokio::test]
async fn r41_a_redirect_goes_no_further_than_the_request_did() {
    for (rule, reach) in [(HostRule::Public, Reach::Public), (HostRule::Any, Reach::Anywhere)] {
        let wire = Redirecting::default();
        let client = Client::with_transport(settings(), Box::new(wire.clone()));
        let base = BaseUrl::parse("https://a.example", rule).unwrap();
        assert!(ask(&client, &base, Method::Get).await.is_ok());
        assert_eq!(*wire.0.lock().unwrap(), [reach, reach]);
    }
}

#[tokio::test]
async fn r41_a_number_for_a_host_is_judged_without_being_looked_up() {
    let server = Server::start().await;
    let script = Script::new(&[&[NOBODYS]]);
    let base = BaseUrl::parse(&format!("http://127.0.0.1:{}", server.port), HostRule::Any).unwrap();
    let mut request = Request::new(Method::Get, &base, "/people", "/people");
    request.reach = Reach::Public;
    let error = client(&script)
        .open_session("a", FAST)
        .send(&request)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotPublic { .. }), "{error:?}");
    assert_eq!((server.came(), script.asked.load(Ordering::Relaxed)), (0, 0));
}
