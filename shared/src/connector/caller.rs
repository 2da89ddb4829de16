//! Requests with a connection's credential: signed, renewed once where they are refused, counted.

mod address;
mod arriving;
mod elsewhere;
mod shown;
mod unsigned;
mod whole;

use std::{borrow::Cow, fmt, sync::Arc};

use futures_util::stream::{self, BoxStream, StreamExt as _};

pub use address::{find_base, find_site};
pub use arriving::Arriving;
use serde::Serialize;
use whole::Whole;

use super::{
    answer::{data_of, malformed, no_answer, refusal},
    failures::Failures,
    walk::{Mark, Next, Paging, Place, Walk, Waypoint},
};
use crate::{
    connection::Credential,
    http::{BaseUrl, Incoming, Method, Request, Response, Session},
    roster::Proof,
    source::{Access, Class, Error},
};

/// A page without a row, where rows stand in no object.
const EMPTY_PAGE: &str = "[]";

/// Signs a request with a credential; returns `None` where the provider takes none of this kind.
pub type Sign = fn(Request, &Credential) -> Option<Request>;

/// A list of a provider: how its pages are asked for, and what each says of itself.
pub trait List: Sync {
    /// What reading it is called, such as `list employees`.
    fn operation(&self) -> &'static str;

    /// Returns how the list is gone through, page by page.
    fn paging(&self) -> Paging;

    /// The path of the page at a place.
    fn path(&self, place: &Place) -> Cow<'static, str>;

    /// How many rows a page has at least behind which more may follow, where no page says whether more do.
    fn full(&self) -> Option<usize> {
        None
    }

    /// The text of a page, with a list around its rows.
    fn framed(&self, text: String) -> String {
        text
    }

    /// The path as the log shows it: without an id.
    fn template(&self) -> &'static str;

    /// The query of the page at a place.
    fn query<'q>(&'q self, place: &'q Place) -> Vec<(&'q str, Cow<'q, str>)>;

    /// What the page at a place says of itself.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where it is no page of this list.
    fn mark(&self, place: &Place, text: &str) -> Result<Mark, Error>;
}

/// A page of a list.
#[derive(Debug)]
pub struct Arrived {
    /// Its text.
    pub text: String,
    /// What the page says of its place in the list.
    pub mark: Mark,
    /// The proof of the end, where it is the last one; else where the list goes on.
    pub end: Result<Proof, Waypoint>,
}

/// One connection's way to a provider.
pub struct Caller {
    session: Arc<Session>,
    base: BaseUrl,
    access: Arc<dyn Access>,
    sign: Sign,
    /// Where requests that fail are counted, for a vendor that bears few of them.
    failures: Option<&'static Failures>,
}

impl Caller {
    /// A way through `session` to what is below `base`.
    pub fn new(session: Session, base: BaseUrl, access: Arc<dyn Access>, sign: Sign) -> Self {
        Self {
            session: Arc::new(session),
            base,
            access,
            sign,
            failures: None,
        }
    }

    /// The same way, on which a request waits where too many failed of late, whichever connection they were about.
    #[must_use]
    pub fn guarded(self, failures: &'static Failures) -> Self {
        Self {
            failures: Some(failures),
            ..self
        }
    }

    /// How many requests were sent so far, tries included.
    pub fn calls(&self) -> u64 {
        self.session.calls()
    }

    /// Reads what stands at a path. A refused credential is renewed once.
    ///
    /// # Errors
    /// [`Error`] by its class; any answer but a 2xx is one.
    pub async fn get(
        &self,
        operation: &'static str,
        path: &'static str,
        query: &[(&str, &str)],
    ) -> Result<String, Error> {
        let response = self.ask(operation, path, path, query).await?;
        into_success(operation, response)
    }

    /// Reads what is asked for with a body, where asking changes nothing. A refused credential is renewed once.
    ///
    /// # Errors
    /// As from [`Caller::get`].
    pub async fn query<B: Serialize + Sync>(
        &self,
        operation: &'static str,
        path: &'static str,
        body: &B,
    ) -> Result<String, Error> {
        let request = self.question(operation, path, &[], body)?;
        let response = self.open(operation, &request).await?;
        into_success(operation, response.into_response())
    }

    /// Asks with a body for an answer that comes at once, whatever its size: its rows stand under `rows`, and are read as they
    /// arrive. A refused credential is renewed once.
    ///
    /// # Errors
    /// As from [`Caller::get`].
    pub async fn arriving<'p, B: Serialize + Sync>(
        &self,
        operation: &'static str,
        path: &'static str,
        query: &[(&str, &str)],
        body: &B,
        rows: &'p [&'p str],
    ) -> Result<Arriving<'p>, Error> {
        let request = self.question(operation, path, query, body)?.in_pieces();
        let response = self.open(operation, &request).await?;
        if response.is_success() {
            Ok(Arriving::new(operation, response, rows))
        } else {
            Err(refusal(operation, response.status()))
        }
    }

    /// A question that is sent with a body. It may be sent again.
    fn question<B: Serialize>(
        &self,
        operation: &'static str,
        path: &'static str,
        query: &[(&str, &str)],
        body: &B,
    ) -> Result<Request, Error> {
        let request = Request::new(Method::Post, &self.base, path, path)
            .query(query.iter().copied())
            .header("accept", "application/json".to_owned());
        let written = request.json(body).map(Request::repeatable);
        written.map_err(|_| Error::new(Class::Misconfigured, operation, "the request cannot be written"))
    }

    /// Asks for what stands at a path. A refused credential is renewed once.
    async fn ask(
        &self,
        operation: &'static str,
        path: &str,
        template: &'static str,
        query: &[(&str, &str)],
    ) -> Result<Response, Error> {
        let request = Request::new(Method::Get, &self.base, path, template)
            .query(query.iter().copied())
            .header("accept", "application/json".to_owned());
        self.open(operation, &request).await.map(Incoming::into_response)
    }

    /// Sends a request, with a renewed credential where the first one is refused.
    async fn open(&self, operation: &'static str, request: &Request) -> Result<Incoming, Error> {
        let credential = self.access.credential().await?;
        let response = self.send(operation, request, &credential).await?;
        if response.status() != 401 {
            return Ok(response);
        }
        let renewed = self.access.renew(&credential).await?;
        self.send(operation, request, &renewed).await
    }

    async fn send(
        &self,
        operation: &'static str,
        request: &Request,
        credential: &Credential,
    ) -> Result<Incoming, Error> {
        let signed = (self.sign)(request.clone(), credential).ok_or_else(|| {
            let detail = "the HR system takes no credential of this kind; connect again";
            Error::new(Class::Unauthorized, operation, detail)
        })?;
        if let Some(failures) = self.failures {
            failures.enter(self.base.as_str()).await;
        }
        let sent = self.session.open(&signed).await;
        if let Some(failures) = self.failures {
            failures.note(self.base.as_str(), &sent);
        }
        sent.map_err(|error| no_answer(operation, error))
    }

    /// The pages of a list from where a walk stands, each asked for once the one before it is there. Ends behind the last
    /// one, or behind an error: a page that cannot be read, or a list that cannot be whole.
    pub fn pages<'c>(&'c self, list: &'c impl List, walk: Walk) -> BoxStream<'c, Result<Arrived, Error>> {
        let is_resumed = walk.is_under_way();
        let next = async move |(walk, is_resumed): (Option<Walk>, bool)| {
            let mut walk = walk?;
            match self.page(list, &mut walk, is_resumed).await {
                Ok(page) => {
                    let ahead = page.end.is_err().then_some(walk);
                    Some((Ok(page), (ahead, false)))
                }
                Err(error) => Some((Err(error), (None, false))),
            }
        };
        stream::unfold((Some(walk), is_resumed), next).boxed()
    }

    /// Reads the page at which a walk stands. A walk that another process began may stand at a place that the provider does not
    /// know any more, or does not understand any more.
    async fn page(&self, list: &impl List, walk: &mut Walk, is_resumed: bool) -> Result<Arrived, Error> {
        let (operation, is_under_way) = (list.operation(), walk.is_under_way());
        let place = walk.waypoint().place.clone();
        let response = self.turn_to(list, &place).await?;
        // Behind the last page of a list that tells of no end there is no page, or an empty one.
        let is_behind = list.full().is_some() && is_under_way && !is_resumed && response.status() == 404;
        if !is_behind && !response.is_success() {
            let error = refusal(operation, response.status());
            let is_expired = match response.status() {
                404 | 410 => is_under_way,
                400 | 422 => is_resumed,
                _ => false,
            };
            let class = match response.status() {
                _ if is_expired => Class::Expired,
                // So some say that the customer does not have the module.
                412 => Class::Misconfigured,
                _ => error.class,
            };
            return Err(Error { class, ..error });
        }
        let text = if is_behind {
            EMPTY_PAGE.to_owned()
        } else {
            list.framed(data_of(operation, response)?)
        };
        let mut mark = list.mark(&place, &text)?;
        if list.full().is_some_and(|full| mark.rows < full) {
            mark.next = self.look_behind(list, &place).await?;
        }
        let taken = walk.take(&mark);
        let end = taken.map_err(|broken| malformed(operation, broken.to_string()))?;
        let end = end.ok_or_else(|| walk.waypoint().clone());
        Ok(Arrived { text, mark, end })
    }

    /// Asks for the page at a place.
    async fn turn_to(&self, list: &impl List, place: &Place) -> Result<Response, Error> {
        let query = list.query(place);
        let pairs: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        self.ask(list.operation(), &list.path(place), list.template(), &pairs)
            .await
    }

    /// Returns whether a page has anything behind it, where no page says that.
    async fn look_behind(&self, list: &impl List, place: &Place) -> Result<Next, Error> {
        let Place::Page(number) = place else {
            return Ok(Next::Unsaid);
        };
        let behind = Place::Page(number + 1);
        let response = self.turn_to(list, &behind).await?;
        // There is no such page.
        if response.status() == 404 {
            return Ok(Next::Last);
        }
        let text = into_success(list.operation(), response)?;
        let mark = list.mark(&behind, &list.framed(text))?;
        Ok(if mark.rows == 0 { Next::Last } else { Next::More })
    }

    /// Reads a list to its end. Returns the texts of its pages; `None` where the credential may not read it (403).
    ///
    /// # Errors
    /// [`Error`] where a page fails, where the list says more rows than it gives, or where it is too large to be kept.
    pub async fn whole(&self, list: &impl List) -> Result<Option<Vec<String>>, Error> {
        let wrong = |what| malformed(list.operation(), what);
        let mut whole = Whole::default();
        let mut pages = self.pages(list, Walk::begin(list.paging()));
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => whole.add(page.text, page.mark).map_err(wrong)?,
                // What the server of tokens refuses says nothing of this list.
                Err(error) if error.class == Class::Forbidden && error.operation == list.operation() => {
                    return Ok(None);
                }
                // This list is always read from its beginning.
                Err(error) if error.class == Class::Expired => {
                    return Err(Error {
                        class: Class::Misconfigured,
                        ..error
                    });
                }
                Err(error) => return Err(error),
            }
        }
        whole.finish().map(Some).map_err(wrong)
    }

    /// Reads a list to its end, as [`Caller::whole`] does, where what it gives is wanted; a list that is not is left unread, as if it
    /// were empty (R46).
    ///
    /// # Errors
    /// As for [`Caller::whole`].
    pub async fn whole_if(&self, is_wanted: bool, list: &impl List) -> Result<Option<Vec<String>>, Error> {
        if is_wanted {
            self.whole(list).await
        } else {
            Ok(Some(Vec::new()))
        }
    }
}

/// Returns the text of an answer that is a success.
fn into_success(operation: &'static str, response: Response) -> Result<String, Error> {
    if response.is_success() {
        data_of(operation, response)
    } else {
        Err(refusal(operation, response.status()))
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Caller")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{whole::MOST_LIST_BYTES, *};

    /// A page with rows of these ids, and this many without one.
    fn page(ids: &[&str], without_id: usize, total: Option<u64>) -> (String, Mark) {
        let mark = Mark {
            rows: ids.len() + without_id,
            ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            total,
            next: Next::Unsaid,
        };
        ("a page".to_owned(), mark)
    }

    fn whole(pages: &[(String, Mark)]) -> Result<Vec<String>, String> {
        let mut whole = Whole::default();
        for (text, mark) in pages.iter().cloned() {
            whole.add(text, mark)?;
        }
        whole.finish()
    }

    #[test]
    fn r05_a_list_is_whole_where_it_gives_as_many_rows_as_it_announced() {
        assert_eq!(
            whole(&[page(&["1", "2"], 1, Some(4)), page(&["3"], 0, None)])
                .unwrap()
                .len(),
            2
        );
        assert!(whole(&[page(&["1"], 0, None)]).is_ok(), "one that announces nothing");
        let short = whole(&[page(&["1", "2"], 0, Some(3))]);
        assert_eq!(short.unwrap_err(), "3 rows were announced and 2 given");
    }

    #[test]
    fn r05_a_row_that_comes_twice_counts_once() {
        let pages = [page(&["1", "2"], 0, Some(3)), page(&["2", "3"], 0, Some(3))];
        assert!(whole(&pages).is_ok());
    }

    #[test]
    fn r47_a_list_that_is_too_large_to_be_kept_is_given_up() {
        let mut whole = Whole::default();
        let (_, mark) = page(&["1"], 0, None);
        let half = "x".repeat(MOST_LIST_BYTES / 2 + 1);
        assert!(whole.add(half.clone(), mark.clone()).is_ok());
        assert_eq!(whole.add(half, mark).unwrap_err(), "the list has more than 64 MB");
    }
}
