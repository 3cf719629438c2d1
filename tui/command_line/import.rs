//! The import of a file as a command: one line reads it again, with the options that were chosen for it, instead of one for
//! each thing that stands in it. Before it stand the contexts that were added for its sake. Pure but for the folder in which
//! the console was started: a file is named from the root, for the line may be run elsewhere.

use std::path;

use super::SameCommand;
use super::words::Words;
use crate::exchange::phone_book::Format;
use crate::exchange::text_encoding::TextEncoding;
use crate::settings::name::ContextName;

/// What was imported of which file.
pub(in crate::tui) struct ImportedFile<'a> {
    /// As it was typed.
    pub(in crate::tui) name: &'a str,
    /// Whether bad lines were left out.
    pub(in crate::tui) is_in_part: bool,
    /// Those that it names and that were added before.
    pub(in crate::tui) added_contexts: &'a [ContextName],
}

impl ImportedFile<'_> {
    fn commands(&self, command: &str, options: impl FnOnce(Words) -> Words) -> Vec<SameCommand> {
        let name = path::absolute(self.name).unwrap_or_else(|_| self.name.into());
        let import = options(Words::new(command).name(name.to_string_lossy()));
        let import = import.flag_if(self.is_in_part, "--accept-good-lines");
        let contexts = self.added_contexts.iter().map(|context| Words::new("context add").name(context.as_str()));
        contexts.chain([import]).map(|words| SameCommand::Line(words.line())).collect()
    }
}

pub(in crate::tui) fn user_import(file: &ImportedFile<'_>) -> Vec<SameCommand> {
    file.commands("user import", |words| words)
}

/// `context` is that of entries that name none.
pub(in crate::tui) fn phone_book_import(
    file: &ImportedFile<'_>,
    format: Format,
    context: Option<&str>,
    encoding: Option<TextEncoding>,
) -> Vec<SameCommand> {
    // Left out where the end of the name says it.
    let said = Format::of_name(file.name) == Some(format);
    file.commands("phonebook import", |words| {
        let words = if said { words } else { words.option("--format", format.as_str()) };
        let encoding = encoding.map(|encoding| encoding.to_string()).unwrap_or_default();
        words.given("--context", context.unwrap_or_default()).given("--encoding", &encoding)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(commands: Vec<SameCommand>) -> Vec<String> {
        let line = |command| match command {
            SameCommand::Line(line) => line,
            SameCommand::None(what) => format!("none: {what}"),
        };
        commands.into_iter().map(line).collect()
    }

    #[test]
    fn an_import_is_one_command_behind_the_contexts_that_it_needs() {
        let lab = [ContextName::parse("lab").expect("a name")];
        let whole = ImportedFile { name: "/srv/new people.csv", is_in_part: false, added_contexts: &lab };
        assert_eq!(lines(user_import(&whole)), ["context add lab", "user import '/srv/new people.csv'"]);
        let part = ImportedFile { name: "people.csv", is_in_part: true, added_contexts: &[] };
        let here = std::env::current_dir().expect("a folder");
        let here = super::super::quoted(&here.join("people.csv").to_string_lossy());
        assert_eq!(lines(user_import(&part)), [format!("user import {here} --accept-good-lines")]);
    }

    #[test]
    fn what_was_chosen_for_a_file_of_the_phone_book_is_an_option() {
        let file = |name| ImportedFile { name, is_in_part: false, added_contexts: &[] };
        let plain = phone_book_import(&file("/srv/people.csv"), Format::Csv, None, None);
        assert_eq!(lines(plain), ["phonebook import /srv/people.csv"]);
        let chosen =
            phone_book_import(&file("/srv/people"), Format::Vcard, Some("sales"), TextEncoding::parse("latin1"));
        let line = "phonebook import /srv/people --format vcard --context sales --encoding Windows-1252";
        assert_eq!(lines(chosen), [line]);
    }
}
