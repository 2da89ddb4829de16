//! Which items are part of a production build, judged by their `cfg` attributes.

use syn::{Attribute, Item, Meta};

/// Returns whether the attributes keep an item out of every production build.
pub(crate) fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list
            .parse_args::<Meta>()
            .is_ok_and(|predicate| !holds_in_production(&predicate)),
        Meta::Path(_) | Meta::List(_) | Meta::NameValue(_) => attribute.path().is_ident("test"),
    })
}

/// Returns whether a `cfg` predicate holds with `test` and the feature `testing` off and everything else on.
fn holds_in_production(predicate: &Meta) -> bool {
    match predicate {
        Meta::Path(path) => !path.is_ident("test"),
        Meta::NameValue(pair) => {
            let is_testing = matches!(
                &pair.value,
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(value), .. }) if value.value() == "testing"
            );
            !(pair.path.is_ident("feature") && is_testing)
        }
        Meta::List(list) => {
            let parser = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
            let Ok(parts) = list.parse_args_with(parser) else {
                return true;
            };
            let mut parts = parts.iter().map(holds_in_production);
            if list.path.is_ident("any") {
                parts.any(|holds| holds)
            } else if list.path.is_ident("not") {
                // `not(test)` holds in production, and `not(unix)` may hold.
                true
            } else {
                parts.all(|holds| holds)
            }
        }
    }
}

/// Returns the attributes of an item; none for kinds of items that the project does not write.
pub(crate) fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::ExternCrate(_) | Item::ForeignMod(_) | Item::TraitAlias(_) | Item::Union(_) | Item::Verbatim(_) | _ => {
            &[]
        }
    }
}
