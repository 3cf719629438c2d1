//! The options that say which installation is meant, as they were typed: a command in a hint repeats them, so that what is
//! pasted acts on the same folder. `Output` puts them into everything that is said.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::placeholders::quoted;

/// The options that hints repeat, by their ids.
const REPEATED: [(&str, &str); 3] = [("data", "--data"), ("config", "--config"), ("old_config", "--old-config")];
const COMMAND: &str = "`ctibox ";

/// ` --data DIR`, or nothing where the environment or the default says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GivenOptions(String);

impl GivenOptions {
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        let mut text = String::new();
        for (id, option) in REPEATED {
            if matches.value_source(id) != Some(ValueSource::CommandLine) {
                continue;
            }
            let value = matches.try_get_raw(id).ok().flatten().and_then(|mut values| values.next());
            if let Some(value) = value.and_then(|value| value.to_str()) {
                text.push_str(&format!(" {option} {}", quoted(value)));
            }
        }
        Self(text)
    }

    /// The text with the options in every command between backticks that names no folder itself.
    pub(crate) fn repeated_in(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        let mut parts = text.split(COMMAND);
        let mut repeated = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            repeated.push_str("`ctibox");
            if !part.starts_with("--data ") {
                repeated.push_str(&self.0);
            }
            repeated.push(' ');
            repeated.push_str(part);
        }
        repeated
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::command::CommandLine;

    fn given(line: &str) -> GivenOptions {
        GivenOptions::of(&CommandLine::command().try_get_matches_from(line.split(' ')).expect("a command"))
    }

    #[test]
    fn commands_in_hints_name_the_folder_that_was_named() {
        let hint = "`ctibox user list` shows them, `ctibox --data /other check` looks; `ss -ltnp` too";
        assert_eq!(given("ctibox check").repeated_in(hint), hint);
        let expected = "`ctibox --data /x user list` shows them, `ctibox --data /other check` looks; `ss -ltnp` too";
        assert_eq!(given("ctibox --data /x check").repeated_in(hint), expected);
        assert_eq!(given("ctibox user list --data /x").repeated_in(hint), expected);
        let both = given("ctibox check --config /etc/c.yml --data /x");
        assert_eq!(both.repeated_in("`ctibox check`"), "`ctibox --data /x --config /etc/c.yml check`");
    }
}
