//! Reads one file: the paths it uses outside of test code, and the other facts that the rules ask about.

use std::collections::BTreeSet;

use syn::{
    Attribute, ExprAsync, ExprAwait, Ident, ImplItem, Item, ItemMod, ItemUse, LitStr, Macro, Meta, Signature, UseTree,
    visit::{self, Visit},
};

use super::{
    production::{attributes_of, is_test_only},
    resolve::{Resolved, Scope},
    tokens,
};

/// A path that a file uses, made absolute.
#[derive(Debug)]
pub(crate) struct Used {
    /// The path, beginning with `crate` or an external crate.
    pub(crate) path: Vec<String>,
    /// The line of the path, counted from 1.
    pub(crate) line: usize,
    /// The import that gave the first segment its meaning.
    pub(crate) through: Option<Vec<String>>,
}

/// The paths and other facts of one file; code under `cfg(test)` or the feature `testing` is left out.
pub(crate) struct Reading {
    pub(crate) paths: Vec<Used>,
    pub(crate) asyncs: Vec<(usize, String)>,
    pub(crate) prints: Vec<(usize, String)>,
    pub(crate) words: Vec<(usize, String)>,
    crates: BTreeSet<String>,
    scope: Scope,
}

impl Reading {
    /// Reads `text`, the file at `file` below `src`; panics with the file's name when it does not parse.
    pub(crate) fn of(file: &str, text: &str, dependencies: &BTreeSet<String>) -> Self {
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file} does not parse: {error}"));
        let mut crates = dependencies.clone();
        crates.extend(["std", "core", "alloc"].map(str::to_owned));
        let (paths, asyncs, prints, words) = Default::default();
        let mut reading = Self {
            paths,
            asyncs,
            prints,
            words,
            crates,
            scope: Scope::of_file(file),
        };
        reading.declare(&parsed.items);
        reading.visit_file(&parsed);
        reading
    }

    /// Notes child modules and imports before bodies are read, because an item may be used above its import.
    fn declare(&mut self, items: &[Item]) {
        for item in items {
            if let Item::Mod(module) = item {
                self.scope.children.insert(module.ident.to_string());
            }
        }
        for item in items {
            if let Item::Use(import) = item
                && !is_test_only(&import.attrs)
            {
                self.import(import);
            }
        }
    }

    fn import(&mut self, item: &ItemUse) {
        let mut leaves = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut leaves);
        for leaf in leaves {
            let Some(resolved) = self
                .scope
                .resolve(&leaf.written, item.leading_colon.is_some(), &self.crates)
            else {
                continue;
            };
            if let Some(name) = leaf.name {
                self.scope.imports.insert(name, resolved.path);
            }
        }
    }

    fn record(&mut self, written: &[String], line: usize, external: bool) {
        if let Some(Resolved { path, through }) = self.scope.resolve(written, external, &self.crates) {
            self.paths.push(Used { path, line, through });
        }
    }

    fn record_tokens(&mut self, stream: &proc_macro2::TokenStream) {
        for (written, line, external) in tokens::paths(stream) {
            self.record(&written, line, external);
        }
    }
}

impl<'ast> Visit<'ast> for Reading {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test_only(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let is_test = matches!(item, ImplItem::Fn(function) if is_test_only(&function.attrs));
        if !is_test {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let inner = self.scope.enter(&module.ident.to_string());
        let outer = std::mem::replace(&mut self.scope, inner);
        if let Some((_, items)) = &module.content {
            self.declare(items);
        }
        visit::visit_item_mod(self, module);
        self.scope = outer;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut leaves = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut leaves);
        for leaf in leaves {
            // An import of an imported name was reported where it was first imported.
            if let Some(resolved) = self
                .scope
                .resolve(&leaf.written, item.leading_colon.is_some(), &self.crates)
            {
                let through = resolved.through.filter(|_| leaf.written.len() > 1);
                self.paths.push(Used {
                    path: resolved.path,
                    line: leaf.line,
                    through,
                });
            }
        }
        self.import(item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let written = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect::<Vec<_>>();
        let line = path
            .segments
            .first()
            .map_or(0, |segment| segment.ident.span().start().line);
        // A single word is a local, or an import that was reported at its own line.
        if written.len() > 1 {
            self.record(&written, line, path.leading_colon.is_some());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if let Some(last) = call.path.segments.last() {
            let name = last.ident.to_string();
            if ["print", "println", "eprint", "eprintln", "dbg"].contains(&name.as_str()) {
                self.prints.push((last.ident.span().start().line, name));
            }
        }
        self.record_tokens(&call.tokens);
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("doc") {
            return;
        }
        if let Meta::List(list) = &attribute.meta {
            self.record_tokens(&list.tokens);
        }
        visit::visit_attribute(self, attribute);
    }

    fn visit_signature(&mut self, signature: &'ast Signature) {
        if signature.asyncness.is_some() {
            self.asyncs.push((
                signature.ident.span().start().line,
                format!("async fn {}", signature.ident),
            ));
        }
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast ExprAsync) {
        self.asyncs
            .push((block.async_token.span.start().line, "async block".to_owned()));
        visit::visit_expr_async(self, block);
    }

    fn visit_expr_await(&mut self, expression: &'ast ExprAwait) {
        self.asyncs
            .push((expression.await_token.span.start().line, "await".to_owned()));
        visit::visit_expr_await(self, expression);
    }

    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.words.push((ident.span().start().line, ident.to_string()));
    }

    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        self.words.push((literal.span().start().line, literal.value()));
    }
}

struct Leaf {
    written: Vec<String>,
    name: Option<String>,
    line: usize,
}

/// Notes the single imports of a `use` tree; `a::{self}` is `a`, a glob ends in `*` and gives no name.
fn flatten(tree: &UseTree, prefix: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let mut leaf = |last: &str, name: Option<String>, line| {
        let mut written = prefix.clone();
        if last != "self" || written.is_empty() {
            written.push(last.to_owned());
        }
        leaves.push(Leaf { written, name, line });
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            flatten(&path.tree, prefix, leaves);
            prefix.pop();
        }
        UseTree::Name(item) => {
            let last = item.ident.to_string();
            let name = if last == "self" {
                prefix.last().cloned()
            } else {
                Some(last.clone())
            };
            leaf(&last, name, item.ident.span().start().line);
        }
        UseTree::Rename(item) => {
            leaf(
                &item.ident.to_string(),
                Some(item.rename.to_string()),
                item.ident.span().start().line,
            );
        }
        UseTree::Glob(glob) => leaf("*", None, glob.star_token.spans[0].start().line),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, prefix, leaves);
            }
        }
    }
}
