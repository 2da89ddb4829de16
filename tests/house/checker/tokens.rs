//! Paths inside macro calls and attributes, found token by token: the checker does not know what a macro makes of its tokens.

use proc_macro2::{TokenStream, TokenTree};

/// A path as written, with the line of its first segment; `true` when it began with `::`.
pub(crate) type Written = (Vec<String>, usize, bool);

/// Returns every `a::b` in the tokens, at any depth. Single words say too little and are left out.
pub(crate) fn paths(tokens: &TokenStream) -> Vec<Written> {
    let mut found = Vec::new();
    collect(tokens.clone(), &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<Written>) {
    let mut path: Written = (Vec::new(), 0, false);
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                if colons != 2 || path.0.is_empty() {
                    finish(&mut path, found);
                    path = (Vec::new(), ident.span().start().line, colons == 2);
                }
                path.0.push(ident.to_string());
                colons = 0;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Group(group) => {
                finish(&mut path, found);
                collect(group.stream(), found);
                colons = 0;
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {
                finish(&mut path, found);
                colons = 0;
            }
        }
    }
    finish(&mut path, found);
}

fn finish(path: &mut Written, found: &mut Vec<Written>) {
    let path = std::mem::take(path);
    if path.0.len() > 1 {
        found.push(path);
    }
}
