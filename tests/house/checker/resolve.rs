//! Turns a path as written into a path from the crate's root or from an external crate.

use std::collections::{BTreeMap, BTreeSet};

/// The meaning of names inside one module.
#[derive(Default, Clone)]
pub(crate) struct Scope {
    /// Segments from the crate's root, without `crate`.
    pub(crate) module: Vec<String>,
    /// Child modules declared here.
    pub(crate) children: BTreeSet<String>,
    /// Imported name → the path it stands for.
    pub(crate) imports: BTreeMap<String, Vec<String>>,
}

/// A path made absolute, with the import that it went through.
pub(crate) struct Resolved {
    pub(crate) path: Vec<String>,
    pub(crate) through: Option<Vec<String>>,
}

impl Scope {
    /// Returns the scope of a whole file, from its path below `src`.
    pub(crate) fn of_file(file: &str) -> Self {
        let mut module = file
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect::<Vec<_>>();
        if module.last().is_some_and(|last| last == "mod" || last == "lib") {
            module.pop();
        }
        Self {
            module,
            ..Self::default()
        }
    }

    /// Returns the scope of a module that is written inside this module.
    pub(crate) fn enter(&self, child: &str) -> Self {
        let module = self.module.iter().cloned().chain([child.to_owned()]).collect();
        Self {
            module,
            ..Self::default()
        }
    }

    /// Returns the absolute path; `None` for a path that is neither ours nor external: locals, generics, the prelude.
    pub(crate) fn resolve(&self, written: &[String], external: bool, crates: &BTreeSet<String>) -> Option<Resolved> {
        let direct = |path| Some(Resolved { path, through: None });
        let (first, rest) = written.split_first()?;
        if external {
            return direct(written.to_vec());
        }
        match first.as_str() {
            "crate" => return direct(written.to_vec()),
            "self" => return direct(inside(&self.module, rest)),
            "super" => return direct(self.above(written)),
            _ => {}
        }
        if self.children.contains(first) {
            return direct(inside(&self.module, written));
        }
        if let Some(import) = self.imports.get(first) {
            let path = import.iter().chain(rest).cloned().collect();
            return Some(Resolved {
                path,
                through: Some(import.clone()),
            });
        }
        if crates.contains(first) {
            return direct(written.to_vec());
        }
        None
    }

    fn above(&self, written: &[String]) -> Vec<String> {
        let ups = written.iter().take_while(|segment| *segment == "super").count();
        let kept = self.module.len().saturating_sub(ups);
        inside(&self.module[..kept], &written[ups..])
    }
}

fn inside(module: &[String], rest: &[String]) -> Vec<String> {
    std::iter::once("crate")
        .map(str::to_owned)
        .chain(module.iter().cloned())
        .chain(rest.iter().cloned())
        .collect()
}
