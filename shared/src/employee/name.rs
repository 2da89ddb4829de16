//! Names of people: what is kept, and what two names are compared by.

use unicode_normalization::{
    IsNormalized, UnicodeNormalization,
    char::{canonical_combining_class, is_combining_mark},
    is_nfc_quick,
};

use super::script::{is_emoji, is_joined, is_marked_for_sound};

/// The class of marks that take a letter's vowel away (Unicode, `Canonical_Combining_Class`).
const VIRAMA: u8 = 9;

/// Returns whether a character shows nothing and is one that copying from documents leaves behind in names.
pub(super) const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// Returns whether a character joins its neighbours or keeps them apart, and shows nothing itself.
const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{180e}' | '\u{200c}' | '\u{200d}')
}

/// Returns whether a character shows nothing: white space, line breaks, and what copying from documents leaves behind.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || character.is_control() || is_invisible(character)
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

/// Returns a text in the form in which it is kept: NFC, invisible characters gone but for those that are spelling, white
/// space single, trimmed. The text is empty where nothing is left.
pub fn normalise(text: &str) -> String {
    if is_normal(text) {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    for character in shown(text).chars() {
        if !is_space(character) {
            kept.push(character);
        } else if !kept.is_empty() && !kept.ends_with(' ') {
            kept.push(' ');
        }
    }
    kept.truncate(kept.trim_end().len());
    kept.nfc().collect()
}

/// Returns a text without invisible characters but for joiners that are spelling.
pub(super) fn shown(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut joiner = None;
    let is_kept = |character: &char| is_joiner(*character) || !is_invisible(*character);
    for character in text.chars().filter(is_kept) {
        if is_joiner(character) {
            joiner = joiner.or(Some(character));
            continue;
        }
        let behind = Some(character).filter(|character| !is_space(*character));
        kept.extend(joiner.take().filter(|joiner| is_spelling(&kept, *joiner, behind)));
        kept.push(character);
    }
    kept.extend(joiner.filter(|joiner| is_spelling(&kept, *joiner, None)));
    kept
}

fn is_space(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

/// Returns whether a joiner is part of how a word is spelt: between letters of scripts that are written joined (Persian),
/// behind the sign that takes a vowel away, also at the end of a word (Sinhala, Malayalam), and between the parts of an emoji.
fn is_spelling(before: &str, joiner: char, behind: Option<char>) -> bool {
    // Marks of one letter stand in any order.
    let mut marks = before.chars().rev().take_while(|mark| is_combining_mark(*mark));
    let is_after_virama = marks.any(|mark| canonical_combining_class(mark) == VIRAMA);
    let bases = || before.chars().rev().filter(|character| !is_modifier(*character));
    let is_of_letter = bases().next().is_some_and(is_joined);
    let is_of_emoji = joiner == '\u{200d}' && bases().next().is_some_and(is_emoji);
    is_after_virama || is_of_letter && behind.is_some_and(is_joined) || is_of_emoji && behind.is_some_and(is_emoji)
}

/// Returns whether a character changes the one before it and is of no script: a mark for several scripts, a colour of skin.
fn is_modifier(character: char) -> bool {
    is_combining_mark(character) && !is_joined(character) || matches!(character, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Returns a text in the form in which it is compared: normalised, without case, without what only joins letters, and of
/// scripts in which marks tell how a letter sounds without marks. Never stored or sent.
pub fn fold(text: &str) -> String {
    let bare = bare(text);
    caseless::default_case_fold_str(&bare).nfc().collect()
}

/// Returns a text normalised and decomposed, without what only joins letters, and without marks in scripts in which they tell
/// how a letter sounds. In others a mark makes another letter.
pub(super) fn bare(text: &str) -> String {
    let mut drops_marks = false;
    let is_kept = |character: &char| {
        if is_combining_mark(*character) {
            return !drops_marks;
        }
        if is_joiner(*character) {
            return false;
        }
        drops_marks = is_marked_for_sound(*character);
        true
    };
    normalise(text).nfd().filter(is_kept).collect()
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
        assert_eq!(normalise("\u{2068}Ana\u{2069}\u{61c}\u{feff}"), "Ana");
        assert_eq!(
            normalise("Mari\u{200b}\u{301}a"),
            "María",
            "a mark finds its letter again"
        );
    }

    #[test]
    fn a_joiner_between_letters_that_are_written_joined_and_inside_an_emoji_is_spelling() {
        for spelt in [
            "\u{641}\u{631}\u{634}\u{62a}\u{647}\u{200c}\u{646}\u{698}\u{627}\u{62f}",
            "\u{645}\u{64f}\u{200c}\u{646}",
            "\u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3}",
            "\u{d30}\u{d3e}\u{d1c}\u{d7b} \u{d30}\u{d3e}\u{d1c}\u{d28}\u{d4d}\u{200d}",
            "\u{d28}\u{d4d}\u{200d} \u{d28}",
            "\u{cb0}\u{200d}\u{ccd}\u{caf}",
            "\u{182a}\u{1820}\u{180e}\u{1820}",
            "\u{1f469}\u{200d}\u{1f4bb}",
            "\u{1f469}\u{1f3fd}\u{200d}\u{1f692}",
            "Eva \u{2764}\u{fe0f}\u{200d}\u{1f525}",
        ] {
            assert_eq!(normalise(spelt), spelt, "{}", spelt.escape_unicode());
        }
    }

    #[test]
    fn a_joiner_that_joins_nothing_is_left_behind_by_copying() {
        for (text, kept) in [
            ("An\u{200d}a\u{200c}", "Ana"),
            ("\u{180e}An\u{180e}a N\u{fa}\u{f1}ez\u{180e}", "Ana N\u{fa}\u{f1}ez"),
            ("Jose\u{301}\u{200c}fa", "Jos\u{e9}fa"),
            ("\u{200d}\u{645}\u{200c} \u{645}\u{200c}", "\u{645} \u{645}"),
            ("\u{418}\u{200c}\u{432}\u{430}\u{43d}", "\u{418}\u{432}\u{430}\u{43d}"),
            ("\u{645}\u{200c}\u{200b}\u{200c}\u{645}", "\u{645}\u{200c}\u{645}"),
            ("\u{1f469}\u{200c}\u{1f4bb}", "\u{1f469}\u{1f4bb}"),
            ("\u{200c}\u{200d}", ""),
        ] {
            assert_eq!(normalise(text), kept, "{}", text.escape_unicode());
        }
    }

    proptest! {
        #[test]
        fn what_looks_normal_is_what_normalising_leaves_as_it_is(text in "[ a-zñáA\u{301}\u{200b}\t\u{a0}한]{0,8}") {
            if is_normal(&text) {
                prop_assert_eq!(normalise(&text), text.clone());
                let shown: String = text.chars().filter(|character| !is_invisible(*character)).collect();
                let slow: String = shown.nfc().collect();
                prop_assert_eq!(slow.split_whitespace().collect::<Vec<_>>().join(" "), text);
            }
        }

        #[test]
        fn a_name_is_kept_as_it_is_kept(text in "[ ae\u{301}\u{200b}\u{200c}\u{200d}\u{645}\u{64f}\u{d28}\u{d4d}\u{1f469}\u{1f3fd}\u{fe0f}]{0,8}") {
            let kept = normalise(&text);
            prop_assert_eq!(normalise(&kept), kept.clone());
            prop_assert_eq!(fold(&kept), fold(&text));
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }

    #[test]
    fn names_are_compared_without_case_and_accents() {
        assert_eq!(fold("JOSÉ  Núñez"), fold("José\u{200b} nunez"));
        assert_ne!(fold("Ana"), fold("Anna"));
        assert_eq!(fold("ΆΛΦΑ ΣΊΣΥΦΟΣ"), fold("άλφα σίσυφος"));
        assert_eq!(fold("αλφα"), fold("άλφα"));
    }

    #[test]
    fn case_is_folded_fully() {
        for (one, other) in [
            ("Straße", "STRASSE"),
            ("STRA\u{1e9e}E", "strasse"),
            ("\u{fb01}nance", "FINANCE"),
            ("\u{130}zmir", "izmir"),
            (
                "\u{3a3}\u{3af}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c2}",
                "\u{3c3}\u{3b9}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c3}",
            ),
            ("\u{416}\u{423}\u{41a}", "\u{436}\u{443}\u{43a}"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn where_a_mark_makes_another_letter_it_counts() {
        for (one, other) in [
            ("パート", "ハート"),
            ("が", "か"),
            ("\u{439}", "\u{438}"),
            ("\u{451}", "\u{435}"),
            ("\u{915}\u{93f}", "\u{915}\u{940}"),
            ("\u{e01}\u{e34}\u{e19}", "\u{e01}\u{e19}"),
            ("\u{622}", "\u{627}"),
            ("\u{5e9}\u{5c1}", "\u{5e9}\u{5c2}"),
        ] {
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
        assert_eq!(
            fold("\u{306f}\u{309a}"),
            fold("\u{3071}"),
            "two spellings of one letter are one"
        );
    }

    #[test]
    fn what_only_joins_letters_does_not_count() {
        assert_eq!(fold("\u{645}\u{6cc}\u{200c}\u{62e}"), fold("\u{645}\u{6cc}\u{62e}"));
    }
}
