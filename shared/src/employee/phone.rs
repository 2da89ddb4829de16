//! Telephone numbers in the international form of ITU-T E.164.

use unicode_normalization::UnicodeNormalization;

use super::name::is_invisible;

/// What stands before an extension, in the languages in which numbers are written down.
const EXTENSION: [&str; 17] = [
    "#",
    ",",
    ",,",
    ";",
    "x",
    "ext",
    "extn",
    "extension",
    "extensi\u{f3}n",
    "anexo",
    "dw",
    "durchwahl",
    "int",
    "interno",
    "poste",
    "ramal",
    "toestel",
];

/// A telephone number: `+`, a country code that does not begin with 0, at most 15 digits in all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phone(String);

impl Phone {
    /// Reads a number written with `+` or `00` in front, also as a link (`tel:`, RFC 3966). Spaces, dots, dashes, slashes and
    /// brackets are passed over, and what cannot be seen. An extension is read and left out: the number that stays is the one
    /// behind which a person is asked for, and E.164 knows no more.
    ///
    /// Returns `None` where the country code is missing: which country is meant is never guessed. The context of a local number
    /// (`;phone-context=`) does not say it: a context of leading digits need not come to a number with it (RFC 3966, 5.1.5).
    /// Returns `None` for two numbers, of which each has a line.
    pub fn parse(text: &str) -> Option<Self> {
        let shown: String = text
            .nfc()
            .filter(|character| !is_invisible(*character))
            .map(plain)
            .collect();
        let shown = without_scheme(shown.trim()).trim_end_matches([';', ',', ' ', '\n']);
        let (number, behind) = shown.split_at(
            shown
                .find(|character: char| !is_of_number(character))
                .unwrap_or(shown.len()),
        );
        if !behind.is_empty() && !is_extension(behind) {
            return None;
        }
        let opened = number.trim_start_matches(['(', ' ']);
        let is_local = behind.contains(";phone-context=");
        let national = opened
            .strip_prefix('+')
            .or_else(|| opened.strip_prefix("00").filter(|_| !is_local))?
            .replace("(0)", "");
        if national.contains('+') {
            return None;
        }
        let digits = national.chars().filter(char::is_ascii_digit);
        let number: String = std::iter::once('+').chain(digits).collect();
        ((8..=16).contains(&number.len()) && !number.starts_with("+0")).then_some(Self(number))
    }

    /// Returns the number, `+` and digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the number, owned.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// The zeros of digits that are written in place of `0` to `9`: Arabic, Persian and Urdu, Devanagari, Bengali, Thai.
const ZEROS: [char; 5] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}'];

/// Returns a character as it stands on a telephone: digits of other scripts, digits and signs of East Asian width are the same
/// ones, all dashes are one, and so are all spaces, and all line breaks.
fn plain(character: char) -> char {
    let digit = |zero: &char| {
        u32::from(character)
            .checked_sub(u32::from(*zero))
            .filter(|digit| *digit < 10)
    };
    if let Some(digit) = ZEROS.iter().find_map(digit) {
        return char::from_digit(digit, 10).unwrap_or(character);
    }
    match character {
        '\u{ff08}' | '\u{ff09}' | '\u{ff0b}' | '\u{ff0d}'..='\u{ff19}' => {
            let narrow = u32::from(character).wrapping_sub(0xfee0);
            char::from_u32(narrow).unwrap_or(character)
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        space if space.is_whitespace() || space.is_control() => ' ',
        other => other.to_ascii_lowercase(),
    }
}

fn without_scheme(text: &str) -> &str {
    text.strip_prefix("tel:").map_or(text, str::trim_start)
}

const fn is_of_number(character: char) -> bool {
    matches!(character, '0'..='9' | '+' | ' ' | '.' | '-' | '/' | '(' | ')')
}

/// Returns whether a text behind a number is an extension: a word or sign for it, and digits. The parameters of a link are
/// one as well.
fn is_extension(text: &str) -> bool {
    if text.starts_with(';') && text.contains('=') {
        return true;
    }
    let rest =
        text.trim_end_matches(|character: char| character.is_ascii_digit() || matches!(character, ' ' | '-' | ')'));
    let word = rest.trim_matches([' ', '\n', '.', ':', '=']);
    let has_digits = text.len() > rest.len() && text.bytes().any(|byte| byte.is_ascii_digit());
    has_digits && EXTENSION.contains(&word)
}

/// Returns whether a text is a number in the form in which it is kept.
pub(super) fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default().as_bytes();
    (7..=15).contains(&digits.len()) && !digits.starts_with(b"0") && digits.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_with_a_country_code_are_kept_as_digits() {
        for text in [
            "+34 600-123.456",
            "0034600123456",
            "+34 (600) 123456",
            " +34600123456 ",
            "(+34) 600 123 456",
            "\u{202a}+34\u{a0}600\u{2011}123\u{2011}456\u{202c}",
            "+34\u{200b}600\u{200d}123456\u{feff}",
            "\u{ff0b}\u{ff13}\u{ff14}600123456",
            "+34\t600\u{2009}123\u{2013}456",
            "tel:+34-600-123-456",
            "TEL: +34 600 123 456",
            "+34 600 123 456;",
            "+34600123456 , ",
            "\n+34 600 123 456\r\n",
            "tel:+34600123456;",
            "+\u{663}\u{664} \u{666}\u{660}\u{660} \u{661}\u{662}\u{663} \u{664}\u{665}\u{666}",
            "+\u{6f3}\u{6f4}\u{6f6}\u{6f0}\u{6f0}\u{6f1}\u{6f2}\u{6f3}\u{6f4}\u{6f5}\u{6f6}",
            "\u{660}\u{660}34600123456",
            "tel:+34600123456;phone-context=example.com",
        ] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), "+34600123456", "{text}");
        }
        assert_eq!(Phone::parse("+44 (0)20 7946 0000").unwrap().as_str(), "+442079460000");
    }

    #[test]
    fn two_numbers_of_which_each_has_a_line_are_no_number() {
        for text in [
            "+34 600\n123 456",
            "+34 600 123 4\r\n600 456",
            "+34600123456\u{2028}12",
            "+34600123456\n+34600123457",
        ] {
            assert_eq!(Phone::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_local_number_is_not_made_whole_by_its_context() {
        for text in [
            "tel:600123456;phone-context=+34",
            "tel:600123456;phone-context=example.com",
            "tel:0034600123456;phone-context=+1",
        ] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_extension_is_understood_and_left_out() {
        for text in [
            "+34 600 123 456 ext. 12",
            "+34600123456 Ext 12",
            "+34600123456x12",
            "+34 600 123 456 (ext. 12)",
            "+34 600 123 456 extensi\u{f3}n 12",
            "+34600123456 #12",
            "+34600123456,12",
            "+34600123456\next. 12",
            "+34 600 123 456 Durchwahl: 1-2",
            "tel:+34600123456;ext=12",
            "tel:+34-600-123-456;isub=1;ext=12",
        ] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), "+34600123456", "{text}");
        }
        for text in [
            "+34600123456 ext",
            "+34600123456 or 12",
            "+34600123456 +34600123457",
            "+34600123456 call Ana",
        ] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_without_country_code_is_invalid() {
        for text in [
            "600123456",
            "",
            "+",
            "+0600123456",
            "+12",
            "+1234567890123456",
            "+34 600 ext 2",
            "tel:600123456;phone-context=example.com",
            "\u{200b}",
        ] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_number_looks_plain_where_reading_leaves_it_as_it_is(text in "[+]?[0 ]?[0-9]{5,16}") {
            prop_assert_eq!(is_plain(&text), Phone::parse(&text).map(Phone::into_text) == Some(text));
        }
    }
}
