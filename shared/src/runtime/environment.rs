//! What is read from the environment, each variable once and typed.

/// Whether colours may be shown: `NO_COLOR` is not set, or empty (<https://no-color.org>).
pub fn wants_colour() -> bool {
    allows_colour(std::env::var_os("NO_COLOR").as_deref())
}

fn allows_colour(no_color: Option<&std::ffi::OsStr>) -> bool {
    no_color.is_none_or(std::ffi::OsStr::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_in_no_color_turns_colours_off() {
        assert!(allows_colour(None));
        assert!(allows_colour(Some("".as_ref())));
        assert!(!allows_colour(Some("1".as_ref())));
        assert!(!allows_colour(Some("0".as_ref())));
    }
}
