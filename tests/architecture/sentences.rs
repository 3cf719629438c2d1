//! Sentences are made for people and read by them alone: no code takes one apart to find out what is meant, and no command
//! stands in one as mere text where the command line says it, for it would act on another installation than was named.

use crate::source::{Source, Tree};

/// What takes texts apart, or looks for something in them.
const METHODS: &[&str] = &[
    "contains",
    "starts_with",
    "ends_with",
    "strip_prefix",
    "strip_suffix",
    "split",
    "split_once",
    "rsplit_once",
    "find",
    "rfind",
    "replace",
    "replacen",
    "matches",
    "match_indices",
    "trim_start_matches",
    "trim_end_matches",
];

/// Rooms and files that read the texts of others, and who wrote those.
const READERS: &[(&str, &str)] = &[
    ("src/asterisk/", "Asterisk"),
    ("src/certificate/load.rs", "openssl: the label of a block in a PEM file"),
    ("src/certificate/pem.rs", "openssl: the marks of one"),
    ("src/certificate/make.rs", "the kernel: /proc/net/fib_trie"),
    ("src/command/health.rs", "the kernel: /proc/PID/limits"),
    ("src/store/system_user.rs", "the audit: how its column keeps a person behind sudo"),
];

/// The rooms whose sentences the command line says.
const SAID_BY_COMMANDS: &[&str] = &["command", "check", "certificate", "config", "exchange", "store", "settings"];
/// Where a command is named all the same, and not to be pasted.
const NAMED_ONLY: &[(&str, &str)] = &[
    ("src/command/throttle.rs", "a help page"),
    ("src/command/info.rs", "a field, which is data"),
    ("src/check/telephone_system/examine.rs", "data"),
    ("src/config/fate.rs", "what becomes of a key, as the documents show it too"),
    ("src/exchange/user_import/plan.rs", "the reason of a line, which goes on behind it"),
    ("src/settings/prose.rs", "the place where it is put together"),
];

pub(crate) fn faults(tree: &Tree) -> Vec<String> {
    tree.shipped().flat_map(|source| readings(source).into_iter().chain(commands(source))).collect()
}

fn is_listed(source: &Source, list: &[(&str, &str)]) -> bool {
    list.iter().any(|(path, _)| source.path.starts_with(path))
}

/// Searches for a piece of a sentence: words with a blank or a backtick among them.
fn readings(source: &Source) -> Vec<String> {
    if is_listed(source, READERS) {
        return Vec::new();
    }
    let code = source.code_and_strings();
    let mut faults = Vec::new();
    for (index, line) in code.lines().enumerate() {
        for method in METHODS {
            for (at, call) in line.match_indices(&format!(".{method}(")) {
                let argument = line[at + call.len()..].trim_start_matches('&');
                let sought = literal(argument).or_else(|| constant(&code, argument));
                if let Some(sought) = sought.filter(|sought| is_of_sentence(sought)) {
                    faults.push(format!(
                        "{}:{}: {method}({sought:?}) reads a sentence: ask what it was made of, or name in {} who wrote it",
                        source.path,
                        index + 1,
                        file!()
                    ));
                }
            }
        }
    }
    faults
}

fn is_of_sentence(text: &str) -> bool {
    text.contains(char::is_alphabetic) && text.contains([' ', '`'])
}

/// The string that stands here.
fn literal(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.split_once('"').map(|(literal, _)| literal)
}

/// What the constant of the same file is that is named here.
fn constant<'a>(code: &'a str, text: &str) -> Option<&'a str> {
    let name = text.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| !name.is_empty())?;
    let (_, rest) = code.split_once(&format!("const {name}: &str = "))?;
    literal(rest)
}

/// Commands in the text of a string.
fn commands(source: &Source) -> Vec<String> {
    if !SAID_BY_COMMANDS.contains(&source.room()) || is_listed(source, NAMED_ONLY) {
        return Vec::new();
    }
    let code = source.code_and_strings();
    // One that names the folder itself is meant for that one.
    let is_plain = |line: &&str| line.split("`ctibox ").skip(1).any(|rest| !rest.starts_with("--data "));
    let lines = code.lines().enumerate().filter(|(_, line)| is_plain(line));
    lines
        .map(|(index, _)| format!("{}:{}: a command in a text: use prose![ctibox(\"…\")]", source.path, index + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str) -> usize {
        faults(&Tree::made_up(&[(path, text)])).len()
    }

    #[test]
    fn whoever_looks_for_words_in_a_text_is_a_fault() {
        for text in
            ["words.find(\" (rule \")", "text.split(\"`ctibox\")", "told.contains(\"no link\")", "why.strip_prefix(BY)"]
        {
            let text = format!("const BY: &str = \" (sudo by \";\nfn a() {{ {text}; }}");
            assert_eq!(check("tui/a.rs", &text), 1, "{text}");
            assert_eq!(check("src/asterisk/a.rs", &text), 0, "{text}");
        }
    }

    #[test]
    fn a_sign_a_key_and_a_test_are_none() {
        for text in ["words.split(\", \")", "key.starts_with(\"auth.\")", "known.contains(&BY)", "text.find('(')"] {
            assert_eq!(check("tui/a.rs", &format!("const BY: &str = \"by\";\nfn a() {{ {text}; }}")), 0, "{text}");
        }
        assert_eq!(check("tui/a.rs", "#[cfg(test)]\nmod tests { fn a() { told.contains(\"no link\"); } }"), 0);
    }

    #[test]
    fn a_command_in_a_text_is_a_fault_where_commands_say_it() {
        let text = "fn a() { hint(\"`ctibox user list` shows them\") }";
        assert_eq!(
            (check("src/command/a.rs", text), check("src/check/a.rs", text), check("tui/a.rs", text)),
            (1, 1, 0)
        );
        assert_eq!(check("src/command/a.rs", "fn a() { hint(\"`ctibox --data {} user add`\") }"), 0);
        assert_eq!(
            check("src/command/a.rs", "/// `ctibox user list`\nfn a() { hint(prose![ctibox(\"user list\")]) }"),
            0
        );
    }
}
