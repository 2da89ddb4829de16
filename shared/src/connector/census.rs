//! Reading a company's people page by page: what many people share, and each page with the lists that belong to its people.
//! A provider says which lists these are, and converts what came; nothing else of it differs.

use std::{marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use futures_util::{
    future::{BoxFuture, FutureExt as _, join, try_join_all},
    stream::StreamExt as _,
};
use serde::Serialize;
use tokio::sync::OnceCell;

use super::{
    adapter::Opened,
    answer::{malformed, not_json, unless_refused},
    caller::{Arrived, Caller, List as _},
    company::read_companies,
    layout::{ByLayout, Layout},
    lists::Lists,
    related::{own_row, unless_all_are_wrong},
    resource::{Ask, Path, Resource, Rows},
    row::{Outline, read_rows},
    value::Nested,
    walk::Walk,
};
use crate::{
    connection::Credential,
    roster::{Builder, Position, Reading},
    source::{Class, Error, Identity, Source},
};

/// What is particular to a read.
pub trait Census: Sync {
    /// How many pages of people are under way at once.
    const PAGES_UNDER_WAY: usize;
    /// What many people share.
    type References: Send + Sync;
    /// What puts people into the roster, page after page.
    type Converter: Converter;

    /// The form in which the place in the list of people is noted: a place of another form is none.
    fn form(&self) -> u32;

    /// The list of all people.
    fn people(&self) -> Rows;

    /// The lists that many people share.
    fn shared(&self) -> Vec<Ask>;

    /// Reads what many people share.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a text is not the documented JSON.
    fn refer(&self, lists: &Lists) -> Result<Self::References, Error>;

    /// The lists that belong to the people of one page, whose text this is.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where the text is not the documented JSON.
    fn belonging(&self, page: &str, people: &[String], references: &Self::References) -> Result<Vec<Ask>, Error>;

    /// A converter for this read into a roster.
    fn begin(&self, references: Arc<Self::References>, roster: &mut Builder) -> Self::Converter;
}

/// What puts people into the roster, page after page.
pub trait Converter: Send {
    /// Converts a page of people with what belongs to them.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a text is not the documented JSON.
    fn convert(&mut self, people: &str, lists: &Lists, roster: &mut Builder) -> Result<(), Error>;

    /// Closes the read.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where what came proves nobody's absence.
    fn finish(self, roster: &Builder) -> Result<(), Error>;
}

impl Caller {
    /// Reads a company's people into the roster, from where an earlier slice paused. The next pages are asked for while what
    /// belongs to the earlier ones is still coming, a bounded number ahead.
    ///
    /// # Errors
    /// [`Error`] by its class, as from [`Caller::whole`]; `Expired` where the place was noted in another form.
    pub async fn read<C: Census>(&self, census: &C, reading: &mut Reading<'_>) -> Result<(), Error> {
        let people = census.people();
        let walk = begin(census.form(), &people, reading.from())?;
        let shared = OnceCell::new();
        let references = async || {
            let read = async || Ok(Arc::new(census.refer(&self.lists(census.shared()).await?)?));
            shared.get_or_try_init(read).await.cloned()
        };
        let references = &references;
        let pages = self.pages(&people, walk);
        let pages = pages.map(|page| -> BoxFuture<'_, Result<(Arrived, Lists), Error>> {
            async move {
                let page = page?;
                let ids = page.mark.ids.as_slice();
                // Of nobody nothing is asked for.
                let asks = match ids {
                    [] => Vec::new(),
                    people => census.belonging(&page.text, people, &*references().await?)?,
                };
                let lists = self.lists(asks).await?;
                Ok((page, lists))
            }
            .boxed()
        });
        let mut pages = pages.buffered(C::PAGES_UNDER_WAY).boxed();
        // What many people share comes while the first page does.
        let (shared, mut next) = join(references(), pages.next()).await;
        let mut converter = census.begin(shared?, &mut reading.roster);
        while let Some(page) = next {
            let (page, lists) = page?;
            if let Some(total) = page.mark.total {
                reading.roster.announce(total);
            }
            converter.convert(&page.text, &lists, &mut reading.roster)?;
            match page.end {
                Ok(proof) => reading.roster.end_walk(proof),
                Err(ahead) => {
                    if reading.pause(Position::new(census.form(), &ahead)).is_break() {
                        return Ok(());
                    }
                }
            }
            next = pages.next().await;
        }
        converter.finish(&reading.roster)
    }

    /// Asks with a body how many rows a list has, where that may be known: where it may not, or there is no such list, `None`.
    ///
    /// # Errors
    /// As from [`Caller::get`]; `Malformed` where an answer does not say it.
    pub async fn count<B: Serialize + Sync>(
        &self,
        operation: &'static str,
        path: &'static str,
        body: &B,
        total: Path,
    ) -> Result<Option<u64>, Error> {
        let asked = self.query(operation, path, body).await;
        let Some(text) = unless_refused(operation, asked, &[Class::Forbidden, Class::Misconfigured])? else {
            return Ok(None);
        };
        read_number(operation, &text, total).map(Some)
    }

    /// Reads lists at the same time, within the pace, each as [`Caller::whole_if`] does.
    ///
    /// # Errors
    /// As from [`Caller::whole`].
    pub async fn lists(&self, asks: Vec<Ask>) -> Result<Lists, Error> {
        let read = asks.iter().map(async |ask| {
            let Ask { rows, is_wanted, .. } = ask;
            let read = self.whole_if(*is_wanted, rows).await;
            if ask.lacks.is_some() {
                return own_row(rows, read);
            }
            match read {
                Err(error)
                    if rows.of.is_module
                        && error.class == Class::Misconfigured
                        && error.operation == rows.of.operation =>
                {
                    Ok(Ok(None))
                }
                read => read.map(Ok),
            }
        });
        let read = unless_all_are_wrong(&asks, try_join_all(read).await?)?;
        let of = asks.iter().map(|ask| &ask.rows.of);
        Ok(of.zip(read).collect())
    }
}

/// Returns the number of rows that an answer says.
///
/// # Errors
/// [`Error`] of class `Malformed` where it does not say it.
pub fn read_number(operation: &'static str, text: &str, total: Path) -> Result<u64, Error> {
    let frame: Nested<'_> = serde_json::from_str(text).map_err(|error| not_json(operation, &error))?;
    let number = total.iter().fold(frame, |around, name| around.once(name)).whole();
    let number = number.value().and_then(|number| number.parse().ok());
    number.ok_or_else(|| malformed(operation, "the number of rows is missing"))
}

/// A source whose people are laid out in the one way for keys, and in the other for all other credentials; there may be one way only.
/// The company is named where the layout has a list of companies.
pub struct Laid<ByKey, ByOther> {
    opened: Opened,
    layouts: PhantomData<(ByKey, ByOther)>,
}

impl<ByKey, ByOther> Laid<ByKey, ByOther> {
    /// The source of one connection.
    pub const fn new(opened: Opened) -> Self {
        Self {
            opened,
            layouts: PhantomData,
        }
    }

    /// Returns whether the credential of the moment is a key.
    async fn is_by_key(&self) -> Result<bool, Error> {
        let credential = self.opened.access.credential().await?;
        Ok(matches!(credential, Credential::ApiKey { .. }))
    }
}

#[async_trait]
impl<ByKey: Layout, ByOther: Layout> Source for Laid<ByKey, ByOther> {
    /// What is asked for shows that the credential is good.
    async fn identify(&self) -> Result<Identity, Error> {
        if self.is_by_key().await? {
            self.opened.look_at::<ByKey>().await
        } else {
            self.opened.look_at::<ByOther>().await
        }
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        if self.is_by_key().await? {
            self.opened.read::<ByKey>(reading).await
        } else {
            self.opened.read::<ByOther>(reading).await
        }
    }

    fn calls(&self) -> u64 {
        self.opened.caller.calls()
    }
}

impl Opened {
    /// Asks for the companies, where they can be listed, or else for one person: no answer names the company then.
    ///
    /// # Errors
    /// As from [`Caller::get`]; `Malformed` where the answer is not the documented JSON.
    pub async fn look_at<L: Layout>(&self) -> Result<Identity, Error> {
        if let Some(companies) = &L::COMPANIES {
            let Resource {
                operation, path, form, ..
            } = *companies;
            let text = self.caller.get(operation, path, form.query).await?;
            return read_companies(companies, &companies.all().framed(text));
        }
        let Resource {
            operation, path, form, ..
        } = L::PEOPLE;
        let text = self.caller.get(operation, path, L::ONE).await?;
        let rows = read_rows::<Outline<'_>>(&text, form.rows);
        rows.map(|_| Identity::Unknown)
            .map_err(|error| not_json(operation, &error))
    }

    /// Reads a company's people by their layout, as [`Caller::read`] does.
    ///
    /// # Errors
    /// As from [`Caller::read`].
    async fn read<L: Layout>(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let wanted = reading.wanted().clone();
        let census = ByLayout::<L>::new(&self.allowed, &wanted, self.today);
        self.caller.read(&census, reading).await
    }
}

/// Passes a read that begins. An answer that comes at once has no place from which to go on.
///
/// # Errors
/// [`Error`] of class `Expired` for a read that is under way.
pub fn unless_under_way(operation: &'static str, reading: &Reading<'_>) -> Result<(), Error> {
    if reading.from().is_none() {
        return Ok(());
    }
    let detail = "what comes at once has no place from which to go on";
    Err(Error::new(Class::Expired, operation, detail))
}

/// Returns the walk over the list of people, from where an earlier slice paused.
fn begin(form: u32, people: &Rows, from: Option<&Position>) -> Result<Walk, Error> {
    let Some(from) = from else {
        return Ok(Walk::begin(people.paging()));
    };
    let position = from.place(form).ok_or_else(|| {
        let detail = "the place in the list was noted by another version of this connector, or in another API";
        Error::new(Class::Expired, people.operation(), detail)
    })?;
    Ok(Walk::resume(people.paging(), position))
}
