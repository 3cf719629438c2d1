//! The whole command line's help against its committed text, and what must hold of every command in it.

use std::path::Path;

use clap::CommandFactory;

use super::CommandLine;

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
