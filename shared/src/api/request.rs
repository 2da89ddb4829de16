//! A request as the routes see it, from whatever server it came.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// The methods that routes have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Deletes.
    Delete,
    /// Reads.
    Get,
    /// Changes a part.
    Patch,
    /// Starts or makes something.
    Post,
    /// Sets the whole.
    Put,
}

impl Method {
    /// The word on the wire (RFC 9110, section 9).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Patch => "PATCH",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// An inbound request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The path, as it was sent: percent-encoded.
    pub path: String,
    /// The query without its question mark, as it was sent.
    pub query: String,
    /// Headers by their name in lower case; where one came several times, joined by commas.
    pub headers: BTreeMap<String, String>,
    /// Cookies, `name=value` each.
    pub cookies: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
    /// The network address that it came from, as the gateway names it; empty where it names none.
    pub address: String,
    /// What the gateway calls this request; it stands in the answer and in the log.
    pub id: String,
    /// When the function will be stopped.
    pub deadline: Timestamp,
}

impl Request {
    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.trim())
    }

    /// A cookie by its name (RFC 6265); of several, the first.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let found = self.all_cookies().find(|(found, _)| *found == name);
        found.map(|(_, value)| value)
    }

    /// The cookies whose names begin so.
    pub fn cookies_of<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        let own = self.all_cookies().filter(move |(name, _)| name.starts_with(start));
        own.map(|(_, value)| value)
    }

    /// Names and values. AWS lists them apart; others leave them in their header.
    fn all_cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        let whole = self.headers.get("cookie").map(String::as_str).unwrap_or_default();
        let pairs = self.cookies.iter().map(String::as_str).chain(whole.split(';'));
        pairs.filter_map(|pair| pair.trim().split_once('='))
    }

    /// The members of the query, decoded, in order (application/x-www-form-urlencoded).
    pub fn parameters(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .into_owned()
            .collect()
    }

    /// The segments of the path, decoded; `None` where one is not UTF-8.
    pub fn segments(&self) -> Option<Vec<String>> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        path.split('/').map(decode).collect()
    }
}

/// Takes `%41` for `A` (RFC 3986, section 2.1); what is no escape stands for itself.
fn decode(segment: &str) -> Option<String> {
    let bytes = segment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while let Some(byte) = bytes.get(place) {
        let escape = bytes.get(place + 1..place + 3).filter(|_| *byte == b'%');
        let mut octet = [0];
        if escape.is_some_and(|digits| hex::decode_to_slice(digits, &mut octet).is_ok()) {
            decoded.extend(octet);
            place += 3;
        } else {
            decoded.push(*byte);
            place += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, query: &str) -> Request {
        Request {
            path: path.to_owned(),
            query: query.to_owned(),
            ..Request::default()
        }
    }

    #[test]
    fn a_path_is_cut_before_it_is_decoded() {
        let segments = request("/v1/people/a%2Fb%20%C3%A9%zz", "").segments().unwrap();
        assert_eq!(segments, ["v1", "people", "a/b é%zz"]);
        assert_eq!(request("/v1/%FF", "").segments(), None);
    }

    #[test]
    fn a_query_is_decoded_as_a_form() {
        let parameters = request("/", "q=a+b%26c&limit=5&q=").parameters();
        let pairs: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(pairs, [("q", "a b&c"), ("limit", "5"), ("q", "")]);
    }

    #[test]
    fn a_cookie_is_found_in_the_list_or_in_the_header() {
        let mut request = request("/", "");
        request.headers.insert("cookie".to_owned(), "a=1; b=2=3".to_owned());
        assert_eq!((request.cookie("b"), request.cookie("c")), (Some("2=3"), None));
        request.cookies.push("b=4".to_owned());
        assert_eq!(request.cookie("b"), Some("4"));
    }
}
