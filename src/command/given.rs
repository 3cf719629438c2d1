//! The options that say which installation is meant, as they were typed: a command in a hint repeats them, so that what is
//! pasted acts on the same folder. `Output` gives them to every `Prose` that is said.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::placeholders::quoted;

/// The options that hints repeat, by their ids.
const REPEATED: [(&str, &str); 3] = [("data", "--data"), ("config", "--config"), ("old_config", "--old-config")];

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

    /// Each option behind a blank.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::command::CommandLine;
    use crate::settings::prose::prose;

    fn given(line: &str) -> GivenOptions {
        GivenOptions::of(&CommandLine::command().try_get_matches_from(line.split(' ')).expect("a command"))
    }

    #[test]
    fn commands_in_hints_name_the_folder_that_was_named() {
        let hint = prose![ctibox("user list"), " shows them; `ss -ltnp` too"];
        let told = |line: &str| hint.with_options(given(line).as_str());
        assert_eq!(told("ctibox check"), hint.to_string());
        let expected = "`ctibox --data /x user list` shows them; `ss -ltnp` too";
        assert_eq!(told("ctibox --data /x check"), expected);
        assert_eq!(told("ctibox user list --data /x"), expected);
        let both = told("ctibox check --config /etc/c.yml --data /x");
        assert_eq!(both, "`ctibox --data /x --config /etc/c.yml user list` shows them; `ss -ltnp` too");
    }
}
