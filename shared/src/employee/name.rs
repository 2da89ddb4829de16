//! Names of people: what is kept, and what two names are compared by.

use unicode_normalization::{IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick};

/// Returns whether a character shows nothing and is one that copying from documents leaves behind in names.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

/// Returns whether a character shows nothing: white space, line breaks, and what copying from documents leaves behind.
pub fn is_blank(character: char) -> bool {
    let is_of_format = matches!(character, '\u{180e}' | '\u{2060}'..='\u{206f}');
    character.is_whitespace() || character.is_control() || is_invisible(character) || is_of_format
}

/// Returns whether a text is certainly in the form in which it is kept. In doubt it returns false.
pub(super) fn is_normal(text: &str) -> bool {
    let mut after_space = true;
    let is_plain_ascii = text.bytes().all(|byte| {
        let is_lone_space = byte == b' ' && !after_space;
        after_space = byte == b' ';
        is_lone_space || byte.is_ascii_graphic()
    });
    if is_plain_ascii {
        return !after_space;
    }
    if text.is_ascii() {
        return false;
    }
    let has_lone_spaces = !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
    let is_plain = |character: char| {
        let is_space = character.is_whitespace() && character != ' ';
        !is_space && !character.is_control() && !is_invisible(character)
    };
    has_lone_spaces && text.chars().all(is_plain) && is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// Returns a text in the form in which it is kept: NFC, invisible characters gone, white space single, trimmed. The
/// text is empty where nothing is left.
pub fn normalise(text: &str) -> String {
    if is_normal(text) {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    for character in text.nfc().filter(|character| !is_invisible(*character)) {
        if character.is_whitespace() || character.is_control() {
            if !kept.is_empty() && !kept.ends_with(' ') {
                kept.push(' ');
            }
        } else {
            kept.push(character);
        }
    }
    kept.truncate(kept.trim_end().len());
    kept
}

/// Returns a text in the form in which it is compared: normalised, without accents, lower case. Never stored or sent.
pub fn fold(text: &str) -> String {
    normalise(text)
        .nfd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_keeps_its_letters_and_loses_what_cannot_be_seen() {
        assert_eq!(normalise("  Ana\u{a0}\u{200b}Mari\u{301}a  "), "Ana María");
        assert_eq!(normalise("Nguyễn  Văn"), "Nguyễn Văn");
        assert_eq!(normalise("\u{200b} "), "");
        assert_eq!(normalise("O'Brien-Smith"), "O'Brien-Smith");
    }

    proptest! {
        #[test]
        fn what_looks_normal_is_what_normalising_leaves_as_it_is(text in "[ a-zñáA\u{301}\u{200b}\t\u{a0}한]{0,8}") {
            if is_normal(&text) {
                prop_assert_eq!(normalise(&text), text.clone());
                let slow: String = text.nfc().filter(|character| !is_invisible(*character)).collect();
                prop_assert_eq!(slow.split_whitespace().collect::<Vec<_>>().join(" "), text);
            }
        }
    }

    #[test]
    fn names_are_compared_without_case_and_accents() {
        assert_eq!(fold("JOSÉ  Núñez"), fold("José\u{200b} nunez"));
        assert_ne!(fold("Ana"), fold("Anna"));
    }
}
