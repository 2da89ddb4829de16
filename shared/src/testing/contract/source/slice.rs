//! A read in slices: each goes on where the one before paused, and all together come to what one read comes to.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use super::{Emulated, company_of, open, read};
use crate::{
    roster::{Position, Read, Reading, Roster, merge},
    source::{Class, Error, Source},
};

/// Returns what one slice of so many pages comes to.
///
/// # Errors
/// What broke the slice off.
pub async fn slice(source: &dyn Source, from: Option<Position>, pages: u32) -> Result<Read, Error> {
    let company = company_of(source).await.unwrap();
    let left = AtomicU32::new(pages);
    let is_time_over = || left.fetch_sub(1, Ordering::Relaxed) <= 1;
    let mut reading = Reading::new(company, from, &is_time_over);
    source.read(&mut reading).await?;
    Ok(reading.finish(false).unwrap())
}

/// Reads everybody in slices of so many pages, each by a source that knows nothing of the one before. Returns how many slices
/// there were.
pub async fn read_in_slices(open: impl Fn() -> Box<dyn Source>, pages: u32) -> (Roster, usize) {
    let (mut parts, mut from) = (Vec::new(), None);
    loop {
        match slice(open().as_ref(), from.clone(), pages).await.unwrap() {
            Read::Full { part, position, .. } | Read::Paused { part, position } => {
                parts.push(*part);
                from = Some(position);
            }
            Read::Over(last) => {
                let slices = parts.len() + 1;
                return (merge(parts, *last, None).unwrap(), slices);
            }
            Read::Nothing => panic!("a slice has time for a page"),
        }
    }
}

/// A read that is cut behind every page, every second one, and none.
pub async fn r45_cut_at_every_page_a_read_comes_to_what_one_read_comes_to(hr: &dyn Emulated) {
    let once = read(hr).await;
    once.assert_certified(None);
    let people = usize::try_from(once.roster.header.employees).unwrap();
    let all = hr.page_rows().map_or(1, |rows| people.div_ceil(rows));
    for pages in [1, 2, 100] {
        let (roster, slices) = read_in_slices(|| open(hr), pages).await;
        assert_eq!(slices, all.div_ceil(usize::try_from(pages).unwrap()), "{pages}");
        assert_eq!(roster, once.roster, "{pages} pages in a slice");
    }
}

/// A list beside people is refused behind the first slice: what came before counts as little.
pub async fn r07_what_one_slice_was_not_shown_is_hidden_for_everybody(hr: &dyn Emulated) {
    let Read::Paused { part, position } = slice(open(hr).as_ref(), None, 1).await.unwrap() else {
        panic!("there are several pages");
    };
    let (path, attribute) = hr.related();
    hr.arm(json!({"mode": "status", "status": 403, "path": path})).await;
    let Read::Over(last) = slice(open(hr).as_ref(), Some(position), 9).await.unwrap() else {
        panic!("the rest is read");
    };
    let roster = merge(vec![*part], *last, None).unwrap();
    assert!(roster.header.walk_ended);
    assert_eq!(roster.header.hidden[&attribute.into()], "no_permission");
    assert!(!roster.header.visible.contains(&attribute.into()));
}

/// The place from which a slice is to go on is gone.
pub async fn a_place_that_is_not_known_any_more_is_named_as_such(hr: &dyn Emulated) {
    let Read::Paused { position, .. } = slice(open(hr).as_ref(), None, 1).await.unwrap() else {
        panic!("there are several pages");
    };
    for status in [400, 404, 410, 422] {
        let source = open(hr);
        company_of(source.as_ref()).await.unwrap();
        hr.arm(json!({"mode": "status", "status": status, "page": 2, "path": hr.people()}))
            .await;
        let error = slice(source.as_ref(), Some(position.clone()), 1).await.unwrap_err();
        assert_eq!(error.class, Class::Expired, "{status}");
        hr.mend().await;
    }
}

/// A place in a form that nobody here wrote.
pub async fn r44_a_place_that_another_version_noted_is_not_guessed_at(hr: &dyn Emulated) {
    let strange = Position::new(99, &"somewhere");
    let error = slice(open(hr).as_ref(), strange, 1).await.unwrap_err();
    assert_eq!(error.class, Class::Expired);
}
