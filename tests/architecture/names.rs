//! Names: no type whose name is filled up with a word that says nothing, no drawer for everything, no word that one has
//! to learn here, tests as sentences.

use crate::source::Tree;

const EMPTY_WORDS: &[&str] = &["Manager", "Helper", "Helpers", "Util", "Utils", "Data", "Info", "Handler"];
const DRAWERS: &[&str] = &["common", "misc", "types", "utils", "util", "helpers"];
/// Pictures and wordplay, where the field has a term: for a part of a type's name, and for a function or file of that name.
const CUTE_WORDS: &[&str] = &[
    "Apart",
    "Bell",
    "Blanks",
    "Called",
    "Chance",
    "Climb",
    "Crowd",
    "Deed",
    "Desk",
    "Dice",
    "Doors",
    "Ladder",
    "Looks",
    "Meanwhile",
    "News",
    "Office",
    "Picture",
    "Promise",
    "Rung",
    "Slips",
    "Spoil",
    "Stance",
    "World",
];
/// The same for types and files alone: a line has an owner, and a function may ask for it.
const CUTE_TYPES: &[&str] = &["Owner"];
const TEST_WORDS_MIN: usize = 3;

pub(crate) fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for source in tree.shipped() {
        let code = source.code();
        for (line, keyword, name) in definitions(&code) {
            let is_empty = match keyword {
                "mod" => DRAWERS.contains(&name),
                _ => parts(name).iter().any(|part| EMPTY_WORDS.contains(part)),
            };
            if is_empty {
                faults.push(format!("{}:{line}: {keyword} {name}: choose a real word", source.path));
            }
        }
        let is_drawer = source.path.split('/').any(|part| DRAWERS.contains(&part.trim_end_matches(".rs")));
        if is_drawer {
            faults.push(format!("{}: choose a real word for the file", source.path));
        }
    }
    faults
}

/// Types, functions and files that are called by a cute word.
pub(crate) fn cute_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for source in &tree.files {
        let code = source.code();
        for (line, keyword, name) in definitions(&code).into_iter().chain(functions(&code)) {
            if is_cute(name, keyword == "fn") {
                faults.push(format!("{}:{line}: {keyword} {name}: use the field's own term", source.path));
            }
        }
        let parts = source.path.split('/').map(|part| part.trim_end_matches(".rs"));
        let cute = parts.clone().filter(|part| is_cute(part, false));
        faults.extend(cute.map(|part| format!("{}: file {part}: use the field's own term", source.path)));
    }
    faults
}

/// A type by any of its parts; what is written small by all of it: `blank_rows` is none.
fn is_cute(name: &str, is_function: bool) -> bool {
    let is_type = name.starts_with(char::is_uppercase);
    let words = CUTE_WORDS.iter().chain(CUTE_TYPES.iter().filter(|_| !is_function));
    words.into_iter().any(|word| match is_type {
        true => parts(name).contains(word),
        false => name == word.to_lowercase(),
    })
}

/// Every `fn x`.
fn functions(code: &str) -> Vec<(usize, &str, &str)> {
    let words: Vec<(usize, &str)> = crate::source::identifiers(code).collect();
    let pairs = words.windows(2).filter(|pair| pair[0].1 == "fn");
    pairs.map(|pair| (pair[1].0, "fn", pair[1].1)).collect()
}

/// Nobody is called so.
const HE_OR_SHE: &[&str] = &["he", "him", "his", "himself", "she", "her", "hers", "herself"];

/// A test's name is a sentence: some words, not "test", and nobody is a he or a she in it.
pub(crate) fn test_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for source in &tree.files {
        let code = source.code_with_tests();
        let mut is_test = false;
        for (index, line) in code.lines().enumerate() {
            let line = line.trim();
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            let Some((_, rest)) = line.split_once("fn ").filter(|_| is_test) else { continue };
            is_test = false;
            let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            let words = name.split('_').filter(|word| !word.is_empty()).count();
            if words < TEST_WORDS_MIN || name.starts_with("test_") {
                faults.push(format!("{}:{}: test {name}: name it by a sentence", source.path, index + 1));
            }
            if let Some(word) = name.split('_').find(|word| HE_OR_SHE.contains(word)) {
                faults.push(format!("{}:{}: test {name}: {word} may be anybody: they", source.path, index + 1));
            }
        }
    }
    faults
}

/// Words for people, comments and documents too, call nobody a he or a she.
pub(crate) fn pronoun_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for source in &tree.files {
        for (line, word) in crate::source::identifiers(&source.text) {
            if HE_OR_SHE.contains(&word.to_lowercase().as_str()) {
                faults.push(format!("{}:{line}: {word} may be anybody: they", source.path));
            }
        }
    }
    faults
}

/// Async functions that answer with a `bool`: whether to go on or to close is a `ControlFlow` or a `Result`. Those that are known
/// answer a question; they are named by file and function.
pub(crate) fn async_bool_faults(tree: &Tree, known: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut found = Vec::new();
    for source in tree.shipped() {
        let code = source.code();
        for (at, _) in code.match_indices("async fn ") {
            let signature = code[at..].split(['{', ';']).next().unwrap_or_default();
            let name = signature["async fn ".len()..].split(|c: char| !c.is_alphanumeric() && c != '_').next();
            let name = name.unwrap_or_default();
            if signature.rsplit("->").next().is_some_and(|answer| answer.trim() == "bool") {
                if !known.contains(&(source.path.as_str(), name)) {
                    let line = code[..at].matches('\n').count() + 1;
                    faults.push(format!("{}:{line}: async fn {name} answers bool: ControlFlow or Result", source.path));
                }
                found.push((source.path.clone(), name.to_owned()));
            }
        }
    }
    let is_gone = |(path, name): &&(&str, &str)| !found.iter().any(|it| it.0 == *path && it.1 == *name);
    faults.extend(
        known.iter().filter(is_gone).map(|(path, name)| format!("{path}: {name} is gone, take it off the list")),
    );
    faults
}

/// Every `struct X`, `enum X`, `trait X`, `type X`, `mod x`.
pub(crate) fn definitions(code: &str) -> Vec<(usize, &str, &str)> {
    let mut found = Vec::new();
    let mut before = "";
    for (line, word) in crate::source::identifiers(code) {
        if matches!(before, "struct" | "enum" | "trait" | "type" | "union" | "mod") {
            found.push((line, before, word));
        }
        before = word;
    }
    found
}

/// `QueueMember2` as `Queue`, `Member2`.
fn parts(name: &str) -> Vec<&str> {
    let starts: Vec<usize> = name.char_indices().filter(|(_, c)| c.is_uppercase()).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([name.len()]);
    starts.iter().zip(ends).map(|(start, end)| &name[*start..end]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str) -> usize {
        faults(&Tree::made_up(&[(path, text)])).len()
    }

    #[test]
    fn a_filled_up_type_name_is_a_fault() {
        assert_eq!(check("src/live/a.rs", "struct SessionManager;"), 1);
        assert_eq!(check("src/live/a.rs", "enum Info {}\npub(crate) trait LineHandler {}"), 2);
        assert_eq!(check("src/live/a.rs", "type UserData = u8;"), 1);
        assert_eq!(check("src/live/a.rs", "struct Database; struct Information; // struct Data"), 0);
    }

    #[test]
    fn a_drawer_is_a_fault() {
        assert_eq!(check("src/live/mod.rs", "mod utils;"), 1);
        assert_eq!(check("src/live/common.rs", "//! all sorts"), 1);
        assert_eq!(check("src/live/misc/mod.rs", "//! all sorts"), 1);
    }

    #[test]
    fn a_cute_word_is_a_fault() {
        let check = |path, text| cute_faults(&Tree::made_up(&[(path, text)])).len();
        assert_eq!(check("src/server/a.rs", "struct ControlDesk;"), 1);
        assert_eq!(check("src/server/a.rs", "struct Desktop; fn deeds() {} // Desk"), 0);
        assert_eq!(check("src/server/a.rs", "fn called() {}"), 1);
        assert_eq!(check("src/server/a.rs", "struct Owner;\nfn owner() {}"), 1);
        assert_eq!(check("src/server/doors.rs", "//! listeners"), 1);
        assert_eq!(check("tests/it/meanwhile/mod.rs", "//! two at once"), 1);
    }

    #[test]
    fn a_test_without_a_sentence_is_a_fault() {
        let check = |text| test_faults(&Tree::made_up(&[("src/live/a.rs", text)])).len();
        assert_eq!(check("#[test]\nfn works() {}"), 1);
        assert_eq!(check("#[test]\nfn test_that_it_works() {}"), 1);
        assert_eq!(check("#[test]\nfn a_user_sees_his_own_line() {}"), 1);
        assert_eq!(check("#[test]\n#[cfg(unix)]\nfn a_user_sees_their_line() {}\nfn works() {}"), 0);
    }

    #[test]
    fn a_text_that_takes_somebody_for_a_man_is_a_fault() {
        let check = |text| pronoun_faults(&Tree::made_up(&[("docs/a.md", text)])).len();
        assert_eq!(check("Who logs in sees his own line. He may call."), 2);
        assert_eq!(check("Who logs in sees their own line; `there` and `history` are no such words."), 0);
    }

    #[test]
    fn an_async_function_that_answers_bool_is_a_fault_unless_it_is_known() {
        let tree = Tree::made_up(&[(
            "src/server/a.rs",
            "async fn go_on(&self, is_so: impl Fn(u8) -> bool) -> bool {}\nasync fn until(is_so: impl Fn() -> bool) {}\n\
             fn may(&self) -> bool {}",
        )]);
        assert_eq!(async_bool_faults(&tree, &[]).len(), 1);
        assert_eq!(async_bool_faults(&tree, &[("src/server/a.rs", "go_on")]).len(), 0);
        assert_eq!(async_bool_faults(&tree, &[("src/server/a.rs", "go_on"), ("src/server/a.rs", "gone")]).len(), 1);
    }
}
