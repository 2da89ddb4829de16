//! Reading a company's people page by page: what many people share, and each page with the lists that belong to its people.
//! A provider says which lists these are, and converts what came; nothing else of it differs.

use std::sync::Arc;

use futures_util::{
    future::{BoxFuture, FutureExt as _, join, try_join_all},
    stream::StreamExt as _,
};
use tokio::sync::OnceCell;

use super::{
    caller::{Arrived, Caller, List as _},
    lists::Lists,
    resource::{Ask, Rows},
    walk::Walk,
};
use crate::{
    roster::{Builder, Position, Reading},
    source::{Class, Error},
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

    /// The lists that belong to the people of one page.
    fn belonging(&self, people: &[String], references: &Self::References) -> Vec<Ask>;

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
                    people => census.belonging(people, &*references().await?),
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

    /// Reads lists at the same time, within the pace, each as [`Caller::whole_if`] does.
    ///
    /// # Errors
    /// As from [`Caller::whole`].
    pub async fn lists(&self, asks: Vec<Ask>) -> Result<Lists, Error> {
        let read = asks.iter().map(
            async |Ask { rows, is_wanted }| match self.whole_if(*is_wanted, rows).await {
                Err(error) if rows.of.is_module && error.class == Class::Misconfigured => Ok(None),
                read => read,
            },
        );
        let read = try_join_all(read).await?;
        let of = asks.iter().map(|ask| &ask.rows.of);
        Ok(of.zip(read).collect())
    }
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
