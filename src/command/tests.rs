//! The whole command line's help against its committed text, and what must hold of every command in it.

use std::path::Path;

use clap::{CommandFactory, Parser};

use super::CommandLine;
use crate::exchange::user_import::UserTable;

/// Set to write the text anew: `CTIBOX_UPDATE_SNAPSHOTS=1 cargo test --lib command`.
const UPDATE: &str = "CTIBOX_UPDATE_SNAPSHOTS";

fn help(command: &mut clap::Command, name: &str, text: &mut String) {
    let lines: Vec<String> =
        command.render_long_help().to_string().lines().map(|line| line.trim_end().to_owned()).collect();
    text.push_str(&format!("$ {name} --help\n{}\n\n", without_repetition(name, &lines.join("\n")).trim_end()));
    for below in command.get_subcommands_mut().filter(|below| below.get_name() != "help") {
        let name = format!("{name} {}", below.get_name());
        help(below, &name, text);
    }
}

/// The options that every command has stand in the first help only.
fn without_repetition(name: &str, help: &str) -> String {
    let (Some(start), Some(end)) = (help.find("Global options:"), help.find("\nExample:")) else {
        return help.split("Global options:").next().unwrap_or_default().to_owned();
    };
    if name == "ctibox" { help.to_owned() } else { format!("{}{}", &help[..start], &help[end + 1..]) }
}

fn whole_help() -> String {
    let mut command = CommandLine::command().term_width(80);
    command.build();
    let mut text = String::new();
    help(&mut command, "ctibox", &mut text);
    text
}

#[test]
fn the_whole_help_is_as_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/help.txt");
    let text = whole_help();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(&path, &text).expect("written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    for (new, old) in text.lines().zip(committed.lines()) {
        assert_eq!(new, old, "{UPDATE}=1 writes it anew");
    }
    assert_eq!(text.lines().count(), committed.lines().count(), "{UPDATE}=1 writes it anew");
}

#[test]
fn no_line_of_help_is_wider_than_80_columns() {
    let wide: Vec<String> = whole_help().lines().filter(|line| line.chars().count() > 80).map(str::to_owned).collect();
    assert!(wide.is_empty(), "{wide:#?}");
}

#[test]
fn the_help_of_the_import_of_users_names_every_column() {
    let help = whole_help();
    let (_, begin) = help.split_once("$ ctibox user import --help").expect("the command is there");
    let text = begin.split("\n$ ").next().unwrap_or_default();
    for column in UserTable::column_names() {
        assert!(text.contains(column), "{column} is not named");
    }
}

#[test]
fn every_command_that_does_something_has_an_example() {
    fn walk(command: &clap::Command, missing: &mut Vec<String>) {
        let has_example = command.get_after_help().is_some_and(|text| text.to_string().contains("Example:\n  "));
        if !command.has_subcommands() && !has_example {
            missing.push(command.get_name().to_owned());
        }
        command.get_subcommands().for_each(|below| walk(below, missing));
    }
    let mut missing = Vec::new();
    walk(&CommandLine::command(), &mut missing);
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_argument_says_what_it_is() {
    fn walk(command: &clap::Command, name: &str, missing: &mut Vec<String>) {
        for argument in command.get_arguments().filter(|argument| argument.get_help().is_none()) {
            missing.push(format!("{name} {}", argument.get_id()));
        }
        for below in command.get_subcommands() {
            walk(below, &format!("{name} {}", below.get_name()), missing);
        }
    }
    let mut missing = Vec::new();
    walk(&CommandLine::command(), "ctibox", &mut missing);
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_definition_of_the_command_line_is_sound() {
    CommandLine::command().debug_assert();
}

/// The words that scripts rely on. Longer forms of the same commands are welcome, other words are not.
#[test]
fn the_words_that_scripts_rely_on_are_taken() {
    const LINES: &str = "
        --data D --config F init
        init --language fr
        user add L --first-name F --last-name L --profile P --email E --mobile N --disabled --password-stdin
        user add L --first-name F --generate-password
        user add L --first-name F --no-password
        user list
        user show L
        user edit L --last-name X
        user remove L
        user enable L
        user disable L
        user password L --password-stdin
        user disconnect L --force
        user switch-off L
        user switch-off L dnd call-filter record forward forward-unanswered forward-busy
        user edit L --break-glass on
        user set L --break-glass off
        account add N --kind admin --right configuration --right sessions --context C --generate-password
        account list
        account show N
        account set N --right read-status --all-contexts
        account enable N
        account disable N
        account password N --password-stdin
        account remove N
        auth check
        auth check L --password-stdin
        context add N --include A --include B
        line add 1001 --context C --user L --device PJSIP/1001 --main
        line move 1001 --context C --to D
        voicemail add 1001 --context C --user L
        conference add 4001 --name N --context C --pin
        agent add 2001 --first-name F --context C --user L
        queue add N --number 3001 --context C --display T --wrapup 10
        queue member add Q 2001 --penalty 5
        phonebook add --first-name F --last-name L --number 1 --mobile 2 --email E --company C --fax 3 --home 4 --other 5 --context X
        phonebook list
        phonebook remove 1
        phonebook import F.csv --dry-run
        phonebook import - --format vcard --accept-good-lines
        phonebook export --format vcard
        presence group add G
        presence group list
        presence group remove G
        presence add N --group G --display T --color C --reachable A,B --action enablednd=true --action agentlogoff
        presence edit N --group G --reachable A,B
        presence list --group G
        presence show N --group G
        presence remove N --group G
        profile add N --presences G --hints G
        profile list
        profile show N
        profile edit N --presences G
        profile remove N
        profile service add P S
        profile service remove P S
        profile xlet set P X --position dock --number 1 --flags fcms
        profile xlet remove P X
        profile preference set P N V
        setting get K
        setting set K V
        setting unset K
        setting list
        certificate show
        certificate renew
        certificate use C K
        serve --listen 127.0.0.1:0 --listen [::1]:0 --log json
        sessions --json
        health
        export
        export F --with-secrets
        import F --dry-run
        backup F
        restore F
        check
        info
        completions bash
        man
        demo
        client localhost --user U --clear
        hint list
        hint show G
        hint add G
        hint edit G -2 --text T
        hint remove G";
    for line in LINES.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words = std::iter::once("ctibox").chain(line.split(' '));
        let refused = CommandLine::try_parse_from(words).err().map(|error| error.to_string());
        assert_eq!(refused, None, "`{line}`");
    }
}

/// All commands between backticks and in prose in the texts of the sources, with anything in place of what is filled in.
fn commands_in_texts() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of the sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source is text");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            let is_code = |line: &&str| !line.trim_start().starts_with("//");
            // A text that goes on in the next line begins there where its first letter stands.
            let text = text.lines().filter(is_code).fold(String::new(), |text, line| match text.strip_suffix('\\') {
                Some(begun) => format!("{begun}{}", line.trim_start()),
                None => format!("{text}\n{line}"),
            });
            let quoted = text.split('`').skip(1).step_by(2).filter(|part| part.starts_with("ctibox "));
            let in_prose = text.split("ctibox(\"").skip(1).filter_map(|rest| rest.split_once('"'));
            let in_prose = in_prose.map(|(command, _)| format!("ctibox {command}"));
            // Hints fill these in.
            let names = ["login", "profile", "name", "group", "account", "setting"];
            let with_names = |part: &str| {
                names
                    .iter()
                    .fold(part.to_owned(), |text, name| text.replace(&format!("{{{name}}}"), &name.to_uppercase()))
            };
            found.extend(quoted.map(str::to_owned).chain(in_prose).map(|part| with_names(&part)));
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn every_command_in_a_text_is_one() {
    use clap::error::ErrorKind;
    let mut wrong = Vec::new();
    let commands = commands_in_texts();
    assert!(commands.len() > 50, "{commands:?}");
    // Where the command itself is filled in nothing can be told.
    for command in commands.into_iter().filter(|command| !command.contains(['{', '"'])) {
        // `- < FILE` and `> FILE` are the shell's; whole sentences name a command and what is told of it.
        let line = command.split(['<', '>']).next().unwrap_or_default();
        let words: Vec<&str> = line.split_whitespace().collect();
        let Err(error) = CommandLine::command().try_get_matches_from(words) else { continue };
        let is_none = [ErrorKind::UnknownArgument, ErrorKind::InvalidSubcommand].contains(&error.kind());
        if is_none {
            wrong.push(command);
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// The rows of a table of docs/console.md, cell by cell, without its head.
fn console_table<'a>(document: &'a str, mark: &str) -> Vec<Vec<&'a str>> {
    let (_, rest) = document.split_once(&format!("<!-- {mark} -->\n")).unwrap_or_else(|| panic!("there is no {mark}"));
    let (table, _) = rest.split_once("<!-- end -->").expect("each table has an end");
    table.lines().skip(2).map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

fn leaves(command: &clap::Command, above: &str, found: &mut Vec<String>) {
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        let name = format!("{above} {}", below.get_name()).trim().to_owned();
        // One that does something by itself, as `history` does, is told by its parts.
        match below.has_subcommands() {
            true => leaves(below, &name, found),
            false => found.push(name),
        }
    }
}

#[test]
fn every_command_is_done_in_the_console_by_a_key_that_is_there_or_has_a_reason_not_to_be() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/console.md");
    let document = std::fs::read_to_string(path).expect("the document is there");
    let (edited, others) =
        (console_table(&document, "commands: edited here"), console_table(&document, "commands: not here"));
    for row in &edited {
        let [_, page, key] = row[..] else { panic!("{row:?} names no page and key") };
        let keys = console_table(&document, &format!("keys: {page}"));
        assert!(keys.iter().any(|row| row[0].split(", ").any(|known| known == key)), "{page} has no key {key}");
    }
    let mut told: Vec<&str> = edited.iter().chain(&others).flat_map(|row| row[0].split(", ")).collect();
    told.sort_unstable();
    let mut commands = Vec::new();
    leaves(&CommandLine::command(), "", &mut commands);
    commands.sort_unstable();
    assert_eq!(told, commands, "docs/console.md, \"Everything the command line edits\", names each command once");
}
