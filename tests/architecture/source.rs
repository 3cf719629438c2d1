//! The texts that are checked: the walk over the folders, and a Rust file as the checks want to see it: without
//! comments, without the contents of strings, without what only tests compile.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One file: its path from the top of the repository, with `/`, and its text.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
    /// Only tests compile it: `#[cfg(test)] mod NAME;` stands above it.
    pub(crate) is_test: bool,
}

/// The files that one check looks at.
pub(crate) struct Tree {
    pub(crate) files: Vec<Source>,
}

pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Tree {
    /// The program: `src/` and `tui/`.
    pub(crate) fn product() -> Self {
        Self::walk(&["src", "tui"], |path| path.ends_with(".rs"))
    }

    /// The Rust files of `tests/`, `benches/` and `fuzz/`.
    pub(crate) fn tests() -> Self {
        Self::walk(&["tests", "benches", "fuzz"], |path| path.ends_with(".rs"))
    }

    /// Program and documents, as people read them.
    pub(crate) fn readable() -> Self {
        Self::walk(&["src", "tui", "docs"], |path| path.ends_with(".rs") || path.ends_with(".md"))
    }

    /// All text of the repository but what tools write.
    pub(crate) fn everything() -> Self {
        Self::walk(&[""], |path| !path.ends_with("Cargo.lock"))
    }

    pub(crate) fn made_up(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| (path.to_string(), text.to_string()));
        Self::from_texts(files.collect())
    }

    fn walk(folders: &[&str], wanted: impl Fn(&str) -> bool) -> Self {
        let top = repository();
        let mut paths = Vec::new();
        for folder in folders {
            collect(&top.join(folder), &mut paths);
        }
        let texts = paths.into_iter().filter_map(|path| {
            let name = path.strip_prefix(&top).expect("the walk began there").to_string_lossy().replace('\\', "/");
            let text = wanted(&name).then(|| std::fs::read_to_string(&path).ok())??;
            Some((name, text))
        });
        Self::from_texts(texts.collect())
    }

    fn from_texts(texts: Vec<(String, String)>) -> Self {
        let test_modules: BTreeSet<String> =
            texts.iter().flat_map(|(path, text)| test_modules(path, &without_comments(text, Strings::Blank))).collect();
        let is_test = |path: &str| {
            test_modules.iter().any(|module| path == format!("{module}.rs") || path.starts_with(&format!("{module}/")))
        };
        let files = texts.into_iter().map(|(path, text)| Source { is_test: is_test(&path), path, text }).collect();
        Self { files }
    }

    /// The files that are part of the program itself.
    pub(crate) fn shipped(&self) -> impl Iterator<Item = &Source> {
        self.files.iter().filter(|source| !source.is_test)
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_symlink() || matches!(name.as_str(), "target" | ".git" | "__pycache__") {
            continue;
        }
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
}

/// The module files that stand under `#[cfg(test)]` in this one, without their ending.
fn test_modules(path: &str, code: &str) -> Vec<String> {
    let folder = match path.rsplit_once('/') {
        Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    };
    let after = code.split("#[cfg(test)]").skip(1);
    let names = after.filter_map(|rest| {
        let item = rest.split_once(';')?.0.trim();
        let name = item.rsplit("mod ").next()?;
        let is_module = item.ends_with(&format!("mod {name}")) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        is_module.then(|| format!("{folder}/{name}"))
    });
    names.collect()
}

impl Source {
    /// The room that the file belongs to: `main`, `lib`, or the folder under `src/`.
    pub(crate) fn room(&self) -> &str {
        let mut parts = self.path.split('/');
        match (parts.next(), parts.next()) {
            (Some("src"), Some(part)) => part.trim_end_matches(".rs"),
            (Some(part), _) => part,
            (None, _) => "",
        }
    }

    /// What the compiler builds into the program: no comments, no tests; strings are empty.
    pub(crate) fn code(&self) -> String {
        without_tests(&without_comments(&self.text, Strings::Blank))
    }

    /// The same with the strings in their places.
    pub(crate) fn code_and_strings(&self) -> String {
        let code = self.code();
        let with_strings = without_comments(&self.text, Strings::Keep);
        // Blanks of both texts stand at the same bytes: what tests alone compile is blank in the first.
        let is_test = blanked(&without_comments(&self.text, Strings::Blank), &code);
        let kept = with_strings.bytes().zip(is_test).map(|(byte, is_test)| if is_test { b' ' } else { byte });
        String::from_utf8_lossy(&kept.collect::<Vec<u8>>()).into_owned()
    }

    /// Comments and test code too; strings are empty.
    pub(crate) fn code_with_tests(&self) -> String {
        without_comments(&self.text, Strings::Blank)
    }
}

/// Which bytes lie in stretches that `after` has blanked. A stretch begins and ends with a changed byte.
fn blanked(before: &str, after: &str) -> Vec<bool> {
    let mut marks: Vec<bool> = before.bytes().zip(after.bytes()).map(|(a, b)| a != b).collect();
    // Inside of a blanked item the blanks that were there before count as well: fill up to the next kept word.
    let after = after.as_bytes();
    let mut inside = false;
    for (index, mark) in marks.iter_mut().enumerate() {
        inside = (inside && after[index].is_ascii_whitespace()) || *mark;
        *mark = inside;
    }
    marks
}

#[derive(Clone, Copy, PartialEq)]
enum Strings {
    Keep,
    Blank,
}

/// Blanks comments, and the contents of strings if asked to; line ends and byte positions stay.
fn without_comments(text: &str, strings: Strings) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match &bytes[at..] {
            [b'/', b'/', ..] => line_end(bytes, at),
            [b'/', b'*', ..] => comment_end(bytes, at),
            [b'"', ..] => string_end(bytes, at + 1),
            [b'r', ..] if !follows_word(bytes, at) => raw_string_end(bytes, at).unwrap_or(at + 1),
            [b'\'', ..] => char_end(bytes, at),
            _ => at + 1,
        };
        let is_comment = bytes[at] == b'/' && end > at + 1;
        let is_text = end > at + 1 && !is_comment;
        if is_comment || (is_text && strings == Strings::Blank) {
            let edge = usize::from(is_text);
            for byte in &mut out[at + edge..end - edge] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
        at = end;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn follows_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') && bytes[at - 1] != b'b'
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn comment_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0;
    let mut index = at;
    while index < bytes.len() {
        match &bytes[index..] {
            [b'/', b'*', ..] => (depth, index) = (depth + 1, index + 2),
            [b'*', b'/', ..] => (depth, index) = (depth - 1, index + 2),
            _ => index += 1,
        }
        if depth == 0 {
            return index;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut index = from;
    while index < bytes.len() {
        match bytes[index] {
            b'\\' => index += 2,
            b'"' => return index + 1,
            _ => index += 1,
        }
    }
    bytes.len()
}

fn raw_string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let length = bytes[open + 1..].windows(close.len()).position(|window| window == close)?;
    Some(open + 1 + length + close.len())
}

/// The end of a character literal, or the next byte behind the tick of a lifetime.
fn char_end(bytes: &[u8], at: usize) -> usize {
    let is_escaped = bytes.get(at + 1) == Some(&b'\\');
    let from = if is_escaped { at + 3 } else { at + 2 };
    let limit = if is_escaped { from + 10 } else { from + 4 };
    match bytes.iter().take(limit).skip(from).position(|byte| *byte == b'\'') {
        Some(length) if is_escaped || is_one_char(&bytes[at + 1..from + length]) => from + length + 1,
        _ => at + 1,
    }
}

fn is_one_char(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().count() == 1)
}

/// Blanks every item under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut out = code.as_bytes().to_vec();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let start = from + found;
        let end = item_end(code.as_bytes(), start + "#[cfg(test)]".len());
        for byte in &mut out[start..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        from = end;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The end of the item that begins here: its `;`, or the brace that closes its first one.
fn item_end(code: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    for (index, byte) in code.iter().enumerate().skip(from) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *byte == b'}' {
                    return index + 1;
                }
            }
            b';' if depth == 0 => return index + 1,
            _ => {}
        }
    }
    code.len()
}

/// The words of a code text with the line each stands on.
pub(crate) fn identifiers(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().flat_map(|(index, line)| {
        line.split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
            .map(move |word| (index + 1, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "//! secret\nfn a<'x>(b: &'x str) { let c = '\"'; \"hidden {\"; r#\"raw \" \"#; /* no /* yes */ */ d('\\n') }\n\
                        #[cfg(test)]\nmod tests {\n    fn e() { \"in a test\" }\n}\nfn after() { \"kept\" }\n";

    #[test]
    fn code_has_neither_comments_nor_strings_nor_tests() {
        let code = Tree::made_up(&[("src/live/a.rs", TEXT)]).files[0].code();
        for gone in ["secret", "hidden", "raw", "yes", "mod tests", "fn e"] {
            assert!(!code.contains(gone), "{gone} in {code}");
        }
        for kept in ["fn a<'x>(b: &'x str)", "d('", "fn after()"] {
            assert!(code.contains(kept), "{kept} in {code}");
        }
        assert_eq!(code.len(), TEXT.len());
    }

    #[test]
    fn strings_stay_where_they_are_asked_for() {
        let code = Tree::made_up(&[("src/live/a.rs", TEXT)]).files[0].code_and_strings();
        assert!(code.contains("hidden {") && code.contains("kept") && !code.contains("in a test"), "{code}");
    }

    #[test]
    fn a_module_under_cfg_test_is_a_test_file() {
        let tree = Tree::made_up(&[
            ("src/live/mod.rs", "#[cfg(test)]\nmod tests;\nmod queue;"),
            ("src/live/tests.rs", ""),
            ("src/live/tests/seed.rs", ""),
            ("src/live/queue.rs", ""),
        ]);
        let shipped: Vec<&str> = tree.shipped().map(|source| source.path.as_str()).collect();
        assert_eq!(shipped, ["src/live/mod.rs", "src/live/queue.rs"]);
    }
}
