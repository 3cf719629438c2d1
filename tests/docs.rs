//! The documents are tried: every command line in README.md and docs/ parses, those of docs/administration.md and of
//! README's first people are run in their order against a real data folder, and every link leads somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const DOCUMENTS: &[&str] = &[
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "docs/acceptance.md",
    "docs/console.md",
    "docs/administration.md",
    "docs/asterisk.md",
    "docs/performance.md",
    "docs/decisions.md",
    "docs/journeys.md",
    "docs/limits.md",
    "docs/operations.md",
    "docs/protocol.md",
    "docs/security.md",
    "SECURITY.md",
];

/// These want a running server, a client's terminal, or files of the reader's machine: they are parsed, not run.
const NOT_RUN: &[&str] = &[
    "serve",
    "demo",
    "client",
    "health",
    "sessions",
    "status",
    "events",
    "user disconnect",
    "agent logoff",
    "agent pause",
    "agent unpause",
    "asterisk",
    "help",
    // Names a copy from another host, which `check` reads.
    "setting set auth.xivo_auth.ca_file",
];

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(document: &str) -> String {
    std::fs::read_to_string(repository().join(document)).expect("the document is there")
}

/// The lines of code blocks, fenced or indented, without their comments.
fn code_lines(text: &str) -> Vec<String> {
    let mut is_fenced = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if is_fenced || line.starts_with("    ") {
            lines.push(line.split(" # ").next().unwrap_or_default().trim().to_owned());
        }
    }
    lines
}

/// The arguments of a `ctibox` command line, however it is started; None for another command.
fn arguments(line: &str) -> Option<Vec<String>> {
    let starts = ["ctibox ", "cargo run --release -- ", "cargo run -- "];
    let rest = starts.iter().find_map(|start| line.strip_prefix(start))?;
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in rest.trim().chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().expect("there is always one").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    Some(words)
}

fn commands(document: &str) -> Vec<Vec<String>> {
    code_lines(&text(document)).iter().filter_map(|line| arguments(line)).collect()
}

/// What a shell does with `< FILE` and `> FILE` at the end of a line.
struct Redirected {
    arguments: Vec<String>,
    from: Option<String>,
    to: Option<String>,
}

fn redirected(arguments: &[String]) -> Redirected {
    let mut line = Redirected { arguments: Vec::new(), from: None, to: None };
    let mut words = arguments.iter().cloned();
    while let Some(word) = words.next() {
        match word.as_str() {
            "<" => line.from = words.next(),
            ">" => line.to = words.next(),
            _ => line.arguments.push(word),
        }
    }
    line
}

fn ctibox(folder: &Path, arguments: &[String]) -> Output {
    let Redirected { arguments, from, to } = redirected(arguments);
    let mut command = Command::new(env!("CARGO_BIN_EXE_ctibox"));
    command
        .env_remove("CTIBOX_CONFIG")
        .env("CTIBOX_OLD_CONFIG", folder)
        .env("CTIBOX_DATA", folder.join("data"))
        .current_dir(folder);
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    use std::io::Write;
    // A command that reads no password has closed its end already.
    let input = match from {
        Some(file) => std::fs::read(folder.join(file)).expect("a line before has written the file"),
        None => b"a good long password\n".to_vec(),
    };
    let _ = child.stdin.take().expect("it is piped").write_all(&input);
    let output = child.wait_with_output().expect("the command ends");
    if let Some(file) = to {
        std::fs::write(folder.join(file), &output.stdout).expect("a file in the temporary folder");
    }
    output
}

/// A temporary folder with the table that the administrator's document imports.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::copy(repository().join("docs/users.csv"), folder.path().join("users.csv")).expect("the example is there");
    folder
}

/// Runs the lines one after the other, on a folder that the first start of a server would have made.
fn run_all(lines: &[Vec<String>]) {
    let folder = folder();
    let output = ctibox(folder.path(), &["init".to_owned()]);
    assert!(output.status.success(), "ctibox init");
    // Whoever runs the tests may have a demonstration running on the port that `check` looks at.
    let output = ctibox(folder.path(), &["setting", "set", "client.port", "0"].map(str::to_owned));
    assert!(output.status.success(), "any free port");
    for arguments in lines {
        let line = arguments.join(" ");
        if NOT_RUN.iter().any(|start| line.starts_with(start)) {
            continue;
        }
        let output = ctibox(folder.path(), arguments);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "ctibox {line}\nended with {}:\n{words}", output.status);
    }
}

#[test]
fn every_command_line_in_the_documents_parses() {
    let folder = folder();
    let mut tried = 0;
    let mut faults = Vec::new();
    for document in DOCUMENTS {
        for mut arguments in commands(document).into_iter().filter(|arguments| arguments[0] != "help") {
            arguments.push("--help".to_owned());
            let output = ctibox(folder.path(), &arguments);
            tried += 1;
            if !output.status.success() {
                let words = String::from_utf8_lossy(&output.stderr);
                faults.push(format!("{document}: ctibox {}\n{words}", arguments.join(" ")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried > 40, "only {tried} command lines were found");
    assert!(!folder.path().join("data").exists(), "help never makes the data folder");
}

#[test]
fn the_administrators_document_works_as_it_is_written() {
    run_all(&commands("docs/administration.md"));
}

#[test]
fn the_first_people_of_the_readme_are_made_as_it_is_written() {
    run_all(&commands("README.md"));
}

#[test]
fn every_script_that_a_document_names_is_there() {
    for document in DOCUMENTS {
        for line in code_lines(&text(document)) {
            let first = line.split(' ').next().unwrap_or_default().trim_start_matches("./").to_owned();
            if first.starts_with("tests/") || first.starts_with("packaging/") {
                assert!(repository().join(&first).exists(), "{document}: {first}");
            }
        }
    }
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    for document in DOCUMENTS {
        let text = text(document);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let folder = repository().join(document);
            let target = folder.parent().expect("a file is in a folder").join(link.split('#').next().unwrap_or(link));
            assert!(link.starts_with("http") || target.exists(), "{document}: {link}");
        }
    }
}

#[test]
fn the_package_holds_every_document_that_its_documents_lead_to() {
    let list = text("packaging/documents.list");
    let held: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
    for document in DOCUMENTS {
        assert!(held.contains(document), "packaging/documents.list lacks {document}");
    }
    for document in held.iter().filter(|document| document.ends_with(".md")) {
        let text = text(document);
        let folder = Path::new(document).parent().expect("a file is in a folder");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let mut target = PathBuf::new();
            for part in folder.join(link).components() {
                match part {
                    std::path::Component::ParentDir => _ = target.pop(),
                    part => target.push(part),
                }
            }
            let is_held = held.iter().any(|held| Path::new(held) == target);
            assert!(
                link.is_empty() || link.starts_with("http") || is_held,
                "{document} leads to {link}, which is left out"
            );
        }
    }
}

#[test]
fn a_command_line_is_taken_apart_as_a_shell_does() {
    let words = |line| arguments(line).expect("a ctibox line");
    assert_eq!(
        words("ctibox presence add lunch --display \"Out for lunch\""),
        ["presence", "add", "lunch", "--display", "Out for lunch"]
    );
    assert_eq!(words("cargo run --release -- demo"), ["demo"]);
    assert_eq!(arguments("apt install ./ctibox.deb"), None);
    assert_eq!(
        code_lines("text\n\n    ctibox demo      # try it\n\n```\nctibox check\n```\nctibox no"),
        ["ctibox demo", "ctibox check"]
    );
}

/// The items that a test's comment names, for each test under `folder`, by the test's name.
fn items_of_tests(folder: &Path, found: &mut std::collections::BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository").flatten() {
        let path = entry.path();
        if path.is_dir() {
            items_of_tests(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source is text");
            for part in text.split("/// Settings §9: ").skip(1) {
                let items = part.split(".\n").next().unwrap_or_default().to_owned();
                let name = part.split("fn ").nth(1).and_then(|rest| rest.split('(').next()).unwrap_or_default();
                found.insert(name.to_owned(), items);
            }
        }
    }
}

#[test]
fn each_item_of_the_acceptance_list_leads_to_a_test_that_names_it() {
    let mut items = std::collections::BTreeMap::new();
    items_of_tests(&repository().join("tests/it"), &mut items);
    items_of_tests(&repository().join("src"), &mut items);
    let document = text("docs/acceptance.md");
    let mut named = BTreeSet::new();
    for row in document.lines().filter(|line| line.starts_with("| ")) {
        let mut cells = row.split(" | ");
        let item = cells.next().unwrap_or_default().trim_start_matches("| ").to_owned();
        let tests = cells.nth(1).unwrap_or_default();
        for test in tests.split('`').filter(|test| test.contains("::")) {
            let name = test.rsplit("::").next().unwrap_or_default();
            let known = items.get(name).unwrap_or_else(|| unreachable!("{test} names no item, or is gone"));
            assert!(known.split(", ").any(|known| known == item), "{test} names {known}, not {item}");
            named.insert(name.to_owned());
        }
    }
    let forgotten: Vec<&String> = items.keys().filter(|name| !named.contains(*name)).collect();
    assert!(forgotten.is_empty(), "docs/acceptance.md does not name {forgotten:?}");
}

/// What documents name with `::` and is no test: the forms of the names, and modules.
const NO_TESTS: [&str; 5] =
    ["module::name", "asterisk::module::name", "docs::name", "settings::tables", "live::tests::told"];

/// Every function that is marked as a test in the sources under `folder`, by its whole path below `module`.
fn tests_below(folder: &Path, module: &str, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository").flatten() {
        let path = entry.path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let module = match name.as_str() {
            "mod" | "main" => module.to_owned(),
            name => format!("{module}{name}::"),
        };
        if path.is_dir() {
            tests_below(&path, &module, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            tests_of(&std::fs::read_to_string(&path).expect("a source is text"), &module, found);
        }
    }
}

fn tests_of(source: &str, module: &str, found: &mut BTreeSet<String>) {
    // The modules that are open at a line, with how far in they begin.
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut is_marked = false;
    for line in source.lines().filter(|line| !line.trim().is_empty()) {
        let (text, indent) = (line.trim(), line.len() - line.trim_start().len());
        if text.starts_with('}') {
            open.retain(|(begin, _)| *begin < indent);
        }
        let item = text.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
        if let Some(name) = item.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(" {")) {
            open.push((indent, name));
        } else if let Some(rest) = item.trim_start_matches("async ").strip_prefix("fn ").filter(|_| is_marked) {
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            let inside: String = open.iter().map(|(_, name)| format!("{name}::")).collect();
            found.insert(format!("{module}{inside}{name}"));
        }
        let is_mark = text == "#[test]" || text.starts_with("#[tokio::test");
        is_marked = is_mark || is_marked && (text.starts_with("#[") || text.starts_with("//"));
    }
}

#[test]
fn a_test_is_known_by_its_mark_and_its_whole_path() {
    let source = "#[test]\nfn one() {\n}\nfn helper() {\n}\nmod tests {\n    #[tokio::test]\n    // why\n    async fn two() {\n    \
                  }\n    mod inner {\n        #[test]\n        fn three() {}\n    }\n    fn four() {}\n}\n#[test]\nfn five() {}\n";
    let mut found = BTreeSet::new();
    tests_of(source, "room::", &mut found);
    let expected = ["room::five", "room::one", "room::tests::inner::three", "room::tests::two"];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn each_test_that_acceptance_list_and_security_name_is_there() {
    let mut known = BTreeSet::new();
    for (folder, module) in
        [("src", ""), ("tui", "tui::"), ("tests/it", ""), ("tests/asterisk", "asterisk::"), ("tests/architecture", "")]
    {
        tests_below(&repository().join(folder), module, &mut known);
    }
    tests_of(&text("tests/docs.rs"), "docs::", &mut known);
    for name in ["docs/acceptance.md", "docs/security.md"] {
        let document = text(name);
        let words = document.split('`').skip(1).step_by(2);
        let named = words.filter(|word| word.contains("::") && !word.contains(' ') && !NO_TESTS.contains(word));
        let gone: Vec<&str> = named.filter(|test| !known.contains(*test)).collect();
        assert!(gone.is_empty(), "{name} names {gone:?}, which are not there, not there by that path, or no tests");
    }
    let document = text("docs/acceptance.md");
    let script = text("packaging/booted-debian");
    let trials = document
        .split('`')
        .skip(1)
        .step_by(2)
        .filter_map(|word| word.strip_prefix("packaging/booted-debian ").filter(|name| *name != "NAME"));
    let gone: Vec<&str> = trials.filter(|trial| !script.contains(&format!("\n{trial}() {{\n"))).collect();
    assert!(gone.is_empty(), "docs/acceptance.md names {gone:?}, which packaging/booted-debian does not try");
}
