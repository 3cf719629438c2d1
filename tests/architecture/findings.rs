//! What is wrong is data: a struct that is called a finding or a refusal holds no sentence.

use crate::source::{Source, Tree};

/// What such a struct is called by.
const NAMES: &[&str] = &["Finding", "Refusal"];
/// What a sentence would be held in.
const TEXTS: &[&str] = &["String", "str", "Cow"];

pub(crate) fn faults(tree: &Tree) -> Vec<String> {
    tree.shipped().flat_map(sentences).collect()
}

fn sentences(source: &Source) -> Vec<String> {
    let code = source.code();
    let mut faults = Vec::new();
    let mut inside = None;
    for (index, line) in code.lines().enumerate() {
        let name = line.split("struct ").nth(1).and_then(|rest| rest.split([' ', '<', '(', ';', '{']).next());
        if let Some(name) = name.filter(|name| NAMES.iter().any(|end| name.ends_with(end))) {
            inside = Some(name.to_owned());
        }
        let Some(name) = &inside else { continue };
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        if let Some(text) = TEXTS.iter().find(|text| words.contains(text)) {
            faults.push(format!("{}:{}: {name} holds a {text}: name what is wrong as an enum", source.path, index + 1));
        }
        if line.starts_with('}') || line.ends_with(';') {
            inside = None;
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> usize {
        faults(&Tree::made_up(&[("src/check/a.rs", text)])).len()
    }

    #[test]
    fn a_finding_that_holds_a_sentence_is_a_fault() {
        assert_eq!(check("struct Finding {\n    on: Target,\n    message: String,\n}"), 1);
        assert_eq!(check("struct FileFinding<'a> {\n    why: &'a str,\n    hint: Cow<'a, str>,\n}"), 2);
        assert_eq!(check("struct Refusal(&'static str);\nstruct Other { name: String }"), 1);
    }

    #[test]
    fn its_values_and_what_is_called_otherwise_are_none() {
        assert_eq!(
            check("struct Finding {\n    on: Target,\n    defect: Defect,\n}\nstruct Other {\n    a: String,\n}"),
            0
        );
        assert_eq!(check("#[cfg(test)]\nmod tests {\n    struct Finding {\n        a: String,\n    }\n}"), 0);
    }
}
