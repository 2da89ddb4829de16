//! What is known of a character by its script (Unicode 17, `Scripts.txt`). Ranges are as wide as blocks: what is no letter in them
//! has no marks, and nothing is joined to it.

use unicode_normalization::char::is_combining_mark;

/// Returns whether a character is of a script in which a mark tells how a letter sounds, and makes no other letter of it in the
/// eyes of those who search for a word: Latin and Greek.
pub(super) const fn is_marked_for_sound(character: char) -> bool {
    matches!(
        character,
        'A'..='Z'
            | 'a'..='z'
            | '\u{aa}'
            | '\u{ba}'
            | '\u{c0}'..='\u{2af}'
            | '\u{370}'..='\u{3e1}'
            | '\u{3f0}'..='\u{3ff}'
            | '\u{1d00}'..='\u{1d2a}'
            | '\u{1d2c}'..='\u{1d77}'
            | '\u{1d79}'..='\u{1dbf}'
            | '\u{1e00}'..='\u{1fff}'
            | '\u{2c60}'..='\u{2c7f}'
            | '\u{a722}'..='\u{a7ff}'
            | '\u{ab30}'..='\u{ab6f}'
            | '\u{fb00}'..='\u{fb06}'
            | '\u{ff21}'..='\u{ff5a}'
    )
}

/// Returns whether a character is a letter, digit or mark of a script in whose words something invisible may stand that joins
/// letters or keeps them apart: those of Arabic's and of India's kind, and Mongolian.
pub(super) fn is_joined(character: char) -> bool {
    let is_of_script = matches!(
        character,
        '\u{600}'..='\u{dff}'
            | '\u{f00}'..='\u{109f}'
            | '\u{1700}'..='\u{18af}'
            | '\u{1a00}'..='\u{1c7f}'
            | '\u{1cd0}'..='\u{1cff}'
            | '\u{a800}'..='\u{a8ff}'
            | '\u{a930}'..='\u{aaff}'
            | '\u{abc0}'..='\u{abff}'
            | '\u{fb50}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10a00}'..='\u{10fff}'
            | '\u{11000}'..='\u{11fff}'
            | '\u{1e900}'..='\u{1e95f}'
    );
    is_of_script && (character.is_alphanumeric() || is_combining_mark(character))
}

/// Returns whether a character is a picture, of which several may be joined to one.
pub(super) const fn is_emoji(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_known_by_its_script() {
        for letter in ['n', 'ø', 'Σ', 'ả', 'ὴ', 'ﬁ'] {
            assert!(is_marked_for_sound(letter) && !is_joined(letter), "{letter}");
        }
        for other in ['ハ', 'и', '1', 'ר', 'ה'] {
            assert!(!is_marked_for_sound(other) && !is_joined(other), "{other}");
        }
        for joined in ['م', 'ര', '\u{d4d}', '\u{64f}', '۳', 'ක', 'ᠮ'] {
            assert!(is_joined(joined) && !is_marked_for_sound(joined), "{joined}");
        }
        assert!(!is_joined('\u{61f}') && !is_joined('-'), "what stands between words");
        assert!(is_emoji('👩') && is_emoji('♂') && !is_emoji('a') && !is_emoji('\u{1f3fd}'));
    }
}
