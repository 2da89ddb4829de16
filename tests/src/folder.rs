//! The folders of HR systems as text: how long each is, and which lines two of them share. The house holds that none are shared;
//! tests/measure prints both.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

/// How many equal lines in a row are a passage that ought to stand in one place.
pub const PASSAGE: usize = 6;

/// Where the folders stand, from the project's top folder.
const SOURCE: &str = "shared/src/source";

/// Where the unit tests at the end of a file begin.
const TESTS: &str = "#[cfg(test)]\nmod tests {";

/// The folder of an HR system: its files without tests, by their names.
#[derive(Clone, Debug, Default)]
pub struct Folder(BTreeMap<String, String>);

/// Lines that stand in two folders.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shared {
    /// The files.
    pub files: [String; 2],
    /// The lines.
    pub lines: Vec<String>,
}

impl Folder {
    /// Returns a folder of these files, each with its name and its text.
    pub fn of<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        let without_tests = |text: &str| text.split(TESTS).next().unwrap_or_default().trim_end().to_owned();
        let files = files.into_iter();
        Self(
            files
                .map(|(name, text)| (name.to_owned(), without_tests(text)))
                .collect(),
        )
    }

    /// How many lines there are, those of comments among them.
    pub fn lines(&self) -> usize {
        self.0.values().map(|text| text.lines().count()).sum()
    }
}

/// Returns the folders of all HR systems, by name.
///
/// # Errors
/// [`io::Error`] where a file cannot be read.
pub fn folders(root: &Path) -> io::Result<BTreeMap<String, Folder>> {
    let mut folders = BTreeMap::new();
    for entry in std::fs::read_dir(root.join(SOURCE))? {
        let path = entry?.path();
        if path.is_dir() {
            let mut texts = BTreeMap::new();
            collect(&path, &path, &mut texts)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let files = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
            folders.insert(name, Folder::of(files));
        }
    }
    Ok(folders)
}

/// Reads the files below a folder, but for those of tests.
fn collect(top: &Path, folder: &Path, texts: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            collect(top, &path, texts)?;
        } else {
            let name = path.strip_prefix(top).unwrap_or(&path).to_string_lossy().into_owned();
            texts.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// Returns the passages that stand in two folders: [`PASSAGE`] lines of code or more, equal but for the space before them. Lines
/// that are blank, comments, imports or brackets alone are passed over.
pub fn shared(folders: &BTreeMap<String, Folder>) -> Vec<Shared> {
    let mut all = BTreeSet::new();
    for (name, folder) in folders {
        for (other_name, other) in
            folders.range::<str, _>((std::ops::Bound::Excluded(name.as_str()), std::ops::Bound::Unbounded))
        {
            for (file, text) in &folder.0 {
                for (other_file, other_text) in &other.0 {
                    let files = [format!("{name}/{file}"), format!("{other_name}/{other_file}")];
                    let passages = passages(&code(text), &code(other_text)).into_iter();
                    all.extend(passages.map(|lines| Shared {
                        files: files.clone(),
                        lines,
                    }));
                }
            }
        }
    }
    all.into_iter().collect()
}

/// The lines of code of a text, without the space before them.
fn code(text: &str) -> Vec<&str> {
    let mut is_import = false;
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim) {
        let begins_import = ["use ", "pub use ", "pub(super) use "]
            .iter()
            .any(|word| line.starts_with(word));
        is_import |= begins_import;
        let is_code = !is_import && !line.starts_with("//") && line.chars().any(char::is_alphanumeric);
        lines.extend(is_code.then_some(line));
        is_import &= !line.ends_with(';');
    }
    lines
}

/// The passages that two texts share, each as long as it goes.
fn passages(one: &[&str], other: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (start, _) in one.iter().enumerate() {
        for (other_start, _) in other.iter().enumerate() {
            let before = start.checked_sub(1).zip(other_start.checked_sub(1));
            let is_begun = before.is_some_and(|(at, other_at)| one.get(at) == other.get(other_at));
            let pairs = one.iter().skip(start).zip(other.iter().skip(other_start));
            let equal: Vec<String> = pairs
                .take_while(|(line, other)| line == other)
                .map(|(line, _)| (*line).to_owned())
                .collect();
            if !is_begun && equal.len() >= PASSAGE {
                found.push(equal);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders_of(one: &str, other: &str) -> BTreeMap<String, Folder> {
        let folder = |text| Folder::of([("client.rs", text)]);
        BTreeMap::from([("one".to_owned(), folder(one)), ("other".to_owned(), folder(other))])
    }

    #[test]
    fn six_equal_lines_of_two_folders_are_found_however_they_stand_and_five_are_not() {
        let lines = [
            "let a = 1;",
            "let b = 2;",
            "let c = 3;",
            "let d = 4;",
            "let e = 5;",
            "let f = 6;",
        ];
        let one = lines.join("\n");
        let other = format!("mod x;\n{}\nlet y = 1;", lines.join("\n\n    // A word.\n}\n    "));
        let found = shared(&folders_of(&one, &other));
        assert_eq!(found.len(), 1, "one passage, and not each part of it");
        assert_eq!(found[0].files, ["one/client.rs", "other/client.rs"]);
        assert_eq!(found[0].lines, lines);
        assert_eq!(shared(&folders_of(&lines[1..].join("\n"), &other)), []);
    }

    #[test]
    fn imports_and_tests_are_passed_over_and_comments_count_as_lines() {
        let imports = "use a::{\n    b,\n    c,\n    d,\n    e,\n    f,\n};\n";
        assert_eq!(shared(&folders_of(imports, imports)), []);
        let folder = Folder::of([(
            "client.rs",
            "//! A.\n\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n",
        )]);
        assert_eq!(folder.lines(), 3);
    }
}
