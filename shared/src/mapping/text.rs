//! Comparing texts as people do: without case and accents. Plain ASCII, which is most, costs no allocation.

use std::collections::BTreeMap;

use crate::employee::fold;

/// A text to compare with, folded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folded(String);

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        Self(fold(text))
    }
}

/// Texts to look a value up in.
#[derive(Clone, Debug)]
pub(super) struct FoldedSet(Vec<Folded>);

impl FoldedSet {
    pub(super) fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(texts.into_iter().map(Folded::new).collect())
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        if is_plain(text) {
            return self.0.iter().any(|folded| folded.0.eq_ignore_ascii_case(text));
        }
        let text = fold(text);
        self.0.iter().any(|folded| folded.0 == text)
    }
}

/// Words to replace, compared folded; in the order of the folded words.
#[derive(Clone, Debug)]
pub(super) struct Words(Vec<(String, String)>);

impl Words {
    pub(super) fn new(map: &BTreeMap<String, String>) -> Self {
        let folded: BTreeMap<String, String> = map.iter().map(|(from, to)| (fold(from), to.clone())).collect();
        Self(folded.into_iter().collect())
    }

    /// Returns what a word is replaced with, if it is replaced.
    pub(super) fn replacement(&self, text: &str) -> Option<&str> {
        let found = if is_plain(text) {
            let small = || text.bytes().map(|byte| byte.to_ascii_lowercase());
            self.0.binary_search_by(|(from, _)| from.bytes().cmp(small()))
        } else {
            let folded = fold(text);
            self.0.binary_search_by(|(from, _)| from.cmp(&folded))
        };
        self.0.get(found.ok()?).map(|(_, to)| to.as_str())
    }
}

/// Returns whether folding a text does no more than make its letters small.
fn is_plain(text: &str) -> bool {
    let mut after_space = true;
    for byte in text.bytes() {
        let is_space = byte == b' ';
        if !(byte.is_ascii_graphic() || is_space && !after_space) {
            return false;
        }
        after_space = is_space;
    }
    !after_space
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_found_whatever_their_case_and_accents() {
        let set = FoldedSet::new(["Atención al Cliente", "R&D"]);
        assert!(set.contains("ATENCION  al cliente") && set.contains("r&d "));
        assert!(!set.contains("R & D") && !set.contains(""));
    }

    proptest! {
        #[test]
        fn the_short_way_answers_what_folding_answers(
            text in "[ a-cA-Cé\t]{0,4}", other in "[ a-cA-Cé\t]{0,4}", more in proptest::collection::btree_set("[a-cé]{5}", 0..5),
        ) {
            let expected = fold(&text) == fold(&other);
            prop_assert_eq!(FoldedSet::new([other.as_str()]).contains(&text), expected);
            let others = more.into_iter().map(|word| (word, "y".to_owned()));
            let words = Words::new(&others.chain([(other, "x".to_owned())]).collect());
            prop_assert_eq!(words.replacement(&text) == Some("x"), expected);
        }
    }
}
