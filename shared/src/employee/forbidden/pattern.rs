//! How a label is held against the lists of words.
//!
//! A pattern is a row of words that must follow each other in the label. A word ending in `*` is a stem. `^` at the
//! front and `$` at the end stand for the edges of the label.

use crate::employee::fold;

/// Returns the words of a label or slug: folded, cut at everything that is no letter or digit, and where small letters
/// are followed by a capital.
pub(super) fn words(label: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(label.len() + 8);
    let mut after_small = false;
    for character in label.chars() {
        if after_small && character.is_uppercase() {
            spaced.push(' ');
        }
        after_small = character.is_lowercase();
        spaced.push(character);
    }
    fold(&spaced)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns the words that stay when all rows that fit one of these patterns, which stand between commas, are taken out.
pub(super) fn without(words: &[String], patterns: &str) -> Vec<String> {
    let mut kept = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((word, next)) = rest.split_first() {
        let fitting = patterns.split(", ").find(|pattern| starts(pattern, rest));
        if let Some(pattern) = fitting {
            rest = rest.get(pattern.split(' ').count()..).unwrap_or_default();
        } else {
            kept.push(word.clone());
            rest = next;
        }
    }
    kept
}

/// Returns whether the pattern fits anywhere.
pub(super) fn is_in(pattern: &str, words: &[String]) -> bool {
    let (pattern, at_start) = pattern.strip_prefix('^').map_or((pattern, false), |rest| (rest, true));
    let (pattern, at_end) = pattern.strip_suffix('$').map_or((pattern, false), |rest| (rest, true));
    let length = pattern.split(' ').count();
    words.windows(length).enumerate().any(|(position, window)| {
        (!at_start || position == 0) && (!at_end || position + length == words.len()) && starts(pattern, window)
    })
}

/// Returns whether the pattern fits at the front.
fn starts(pattern: &str, words: &[String]) -> bool {
    let mut words = words.iter();
    pattern.split(' ').all(|expected| {
        words.next().is_some_and(|word| {
            expected
                .strip_suffix('*')
                .map_or(word == expected, |stem| word.starts_with(stem))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, label: &str) -> bool {
        is_in(pattern, &words(label))
    }

    #[test]
    fn a_label_is_cut_into_folded_words() {
        assert_eq!(
            words("Número d'Élu — bankDetails_2"),
            ["numero", "d", "elu", "bank", "details", "2"]
        );
        assert_eq!(words("IBAN"), ["iban"]);
        assert!(words("尺码?").len() == 1);
    }

    #[test]
    fn words_stems_rows_and_edges_are_told_apart() {
        assert!(fits("race", "Race / ethnicity") && !fits("race", "racing"));
        assert!(fits("religio*", "Religionszugehörigkeit") && !fits("religio*", "irreligious"));
        assert!(fits("blood type", "your blood type?") && !fits("blood type", "type blood"));
        assert!(fits("^union$", "Union") && !fits("^union$", "European Union"));
        assert!(!fits("blood type", "blood"));
    }

    #[test]
    fn harmless_rows_are_taken_out() {
        assert_eq!(
            without(
                &words("The health and safety record"),
                "health and safety, bank holiday*"
            ),
            ["the", "record"]
        );
        assert_eq!(
            without(&words("health"), "health and safety, bank holiday*"),
            ["health"]
        );
    }
}
