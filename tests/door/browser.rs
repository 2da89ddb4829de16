//! The browser of a person who connects an HR system.

use rollcall::http::{BaseUrl, HostRule, Method, Request, Session};

use crate::support::{PACE, client};

/// A browser: it keeps a cookie and says where it is sent.
pub(crate) struct Browser {
    session: Session,
    pub(crate) cookie: Option<String>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self {
            session: client().open_session("browser", PACE),
            cookie: None,
        }
    }

    /// Opens an address. Returns the status and the address that the browser is sent to.
    pub(crate) async fn open(&mut self, url: &str) -> (u16, String) {
        let (status, to, _) = self.read(url).await;
        (status, to)
    }

    /// Opens an address. Returns the status, the address that the browser is sent to, and the page that it shows.
    pub(crate) async fn read(&mut self, url: &str) -> (u16, String, String) {
        let (origin, rest) = split(url);
        let (path, query) = rest.split_once('?').unwrap_or((&rest, ""));
        let base = BaseUrl::parse(&origin, HostRule::Any).unwrap();
        let pairs = parse(query);
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut request = Request::new(Method::Get, &base, path, "/").query(pairs).take_redirect();
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie.clone());
        }
        let response = self.session.send(&request).await.unwrap();
        if let Some(set) = response.header("set-cookie") {
            let pair = set.split(';').next().unwrap_or_default();
            self.cookie = Some(match self.cookie.take() {
                Some(others) => format!("{others}; {pair}"),
                None => pair.to_owned(),
            });
        }
        let to = response.header("location").unwrap_or_default().to_owned();
        let text = response.text().unwrap_or_default().to_owned();
        (response.status(), to, text)
    }

    /// Decides on the HR system's page. Returns the address that the browser is sent to.
    pub(crate) async fn decide(&mut self, page: &str, decision: &str, company: &str) -> String {
        let (status, _) = self.open(page).await;
        assert_eq!(status, 200, "the HR system shows its page");
        let (origin, rest) = split(page);
        let (path, query) = rest.split_once('?').unwrap();
        let base = BaseUrl::parse(&origin, HostRule::Any).unwrap();
        let asked = parse(query);
        let asked = asked.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let chosen = [
            ("decision", decision),
            ("sign_in_as", "Administrator"),
            ("company", company),
        ];
        let form = Request::new(Method::Post, &base, path, "/")
            .form(asked.chain(chosen))
            .take_redirect();
        let response = self.session.send(&form).await.unwrap();
        response.header("location").unwrap_or_default().to_owned()
    }
}

/// Returns the origin and the rest of an address.
fn split(url: &str) -> (String, String) {
    let place = url.find("://").unwrap() + 3;
    let end = url[place..].find('/').map_or(url.len(), |found| place + found);
    (url[..end].to_owned(), url[end..].to_owned())
}

/// Returns the members of a query, decoded.
pub(crate) fn parse(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}
