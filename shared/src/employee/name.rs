//! Names of people: what is kept, and what two names are compared by.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Characters that show nothing and that copying from documents leaves behind in names.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

/// A text in the form in which it is kept: NFC, invisible characters gone, white space single, trimmed.
///
/// Returns an empty text where nothing is left.
pub fn normalise(text: &str) -> String {
    if text.is_ascii() && !text.contains("  ") && text.trim() == text && !text.chars().any(char::is_control) {
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

/// A text in the form in which it is compared: normalised, without accents, lower case. Never stored or sent.
pub fn fold(text: &str) -> String {
    normalise(text)
        .nfd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_letters_and_loses_what_cannot_be_seen() {
        assert_eq!(normalise("  Ana\u{a0}\u{200b}Mari\u{301}a  "), "Ana María");
        assert_eq!(normalise("Nguyễn  Văn"), "Nguyễn Văn");
        assert_eq!(normalise("\u{200b} "), "");
        assert_eq!(normalise("O'Brien-Smith"), "O'Brien-Smith");
    }

    #[test]
    fn names_are_compared_without_case_and_accents() {
        assert_eq!(fold("JOSÉ  Núñez"), fold("José\u{200b} nunez"));
        assert_ne!(fold("Ana"), fold("Anna"));
    }
}
