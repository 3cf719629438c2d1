//! The blanks in a hint, and what they stand for: `ctibox user edit LOGIN --profile Client` becomes a command that can
//! be copied once it is known which user is meant. A name comes from what was refused, else from what was typed; a
//! blank that nothing is known of stays as it is. `remedy` writes the hints, `failure` tells them.

use std::collections::BTreeMap;

use clap::{ArgMatches, Command};

/// Each blank, and how a refusal calls an object that fills it.
const BLANKS: [(&str, &str); 4] =
    [("LOGIN", "user \""), ("PROFILE", "profile \""), ("NAME", "presence \""), ("GROUP", "group \"")];
/// The same of a setting, which is called without quotes.
const SETTING: (&str, &str) = ("SETTING", "setting ");

/// What is known of the blanks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Placeholders(BTreeMap<&'static str, String>);

impl Placeholders {
    /// From an object as people call it: `presence "away" in group "xivo"`.
    pub(crate) fn called(on: &str) -> Self {
        let name = |opening: &str| {
            let (_, rest) = on.split_once(opening)?;
            Some(rest.split_once('"')?.0.to_owned())
        };
        let mut known: BTreeMap<_, _> =
            BLANKS.iter().filter_map(|(blank, opening)| Some((*blank, name(opening)?))).collect();
        // A user without a login is called by the id.
        if let Some((id, _)) = on.strip_prefix("user ").and_then(|rest| rest.split_once(' '))
            && id.bytes().all(|byte| byte.is_ascii_digit())
        {
            known.insert("LOGIN", id.to_owned());
        }
        let (blank, opening) = SETTING;
        if let Some(key) = on.strip_prefix(opening).filter(|key| !key.contains([' ', '"'])) {
            known.insert(blank, key.to_owned());
        }
        Self(known)
    }

    /// From the arguments of a command: by an option's name, or by an argument's name in the help.
    pub(crate) fn typed(mut command: &Command, mut matches: &ArgMatches) -> Self {
        while let Some((word, inner)) = matches.subcommand() {
            let Some(found) = command.find_subcommand(word) else { break };
            (command, matches) = (found, inner);
        }
        let mut known = BTreeMap::new();
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            let names = argument.get_value_names().unwrap_or_default();
            let is_user = ["login", "user"]
                .iter()
                .any(|name| names.first().map_or(id, |first| first.as_str()).eq_ignore_ascii_case(name));
            let is_meant = |blank: &str| match argument.get_long() {
                _ if is_user => blank == "LOGIN",
                Some(long) => long.eq_ignore_ascii_case(blank),
                None => names.first().map_or(id, |name| name.as_str()).eq_ignore_ascii_case(blank),
            };
            let Some((blank, _)) = BLANKS.iter().find(|(blank, _)| is_meant(blank)) else { continue };
            let value = matches.try_get_raw(id).ok().flatten().and_then(|mut values| values.next()?.to_str());
            if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
                known.insert(*blank, value.to_owned());
            }
        }
        Self(known)
    }

    /// Fills the blanks of the commands in a hint, the parts between backticks.
    pub(crate) fn fill(&self, hint: &str) -> String {
        let part = |(at, part): (usize, &str)| match at % 2 {
            1 => part.split(' ').map(|word| self.word(word)).collect::<Vec<_>>().join(" "),
            _ => part.to_owned(),
        };
        hint.split('`').enumerate().map(part).collect::<Vec<_>>().join("`")
    }

    fn word(&self, word: &str) -> String {
        self.0.get(word).map_or_else(|| word.to_owned(), |name| quoted(name))
    }
}

/// As a shell takes it for one word.
pub(crate) fn quoted(name: &str) -> String {
    if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._%@+,=/".contains(c)) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;
    use crate::command::CommandLine;

    fn typed(line: &str) -> Placeholders {
        let command = CommandLine::command();
        let matches = command.clone().try_get_matches_from(line.split(' ')).expect("a command");
        CommandLine::from_arg_matches(&matches).expect("a command line");
        Placeholders::typed(&command, &matches)
    }

    #[test]
    fn the_refused_object_fills_the_blanks() {
        let hint = "`ctibox presence edit NAME --group GROUP` changes NAME, `ctibox user show LOGIN` shows them";
        assert_eq!(
            Placeholders::called("presence \"away\" in group \"xivo\"").fill(hint),
            "`ctibox presence edit away --group xivo` changes NAME, `ctibox user show LOGIN` shows them"
        );
        assert_eq!(Placeholders::called("phone hint group \"x\"").fill("`hint show GROUP`"), "`hint show x`");
        assert_eq!(Placeholders::called("profile \"Top floor\"").fill("`show PROFILE`"), "`show 'Top floor'`");
        assert_eq!(Placeholders::called("user \"o'neil\"").fill("`show LOGIN`"), r"`show 'o'\''neil'`");
        assert_eq!(Placeholders::called("user 12 \"Ann Lee\"").fill("`show LOGIN`"), "`show 12`");
        assert_eq!(Placeholders::called("password").fill(hint), hint);
    }

    #[test]
    fn what_was_typed_fills_the_blanks() {
        let fill = |line: &str, hint: &str| typed(line).fill(hint);
        assert_eq!(fill("ctibox profile service add Client fly", "`list PROFILE`"), "`list Client`");
        assert_eq!(fill("ctibox user edit bob --profile Nope", "`show LOGIN`"), "`show bob`");
        assert_eq!(fill("ctibox voicemail add 1 --context x --user alice", "`show LOGIN`"), "`show alice`");
        assert_eq!(fill("ctibox presence add x --reachable mars", "`list --group GROUP`"), "`list --group xivo`");
        assert_eq!(fill("ctibox setting set encryption.key /k", "`use CERTIFICATE KEY`"), "`use CERTIFICATE KEY`");
    }
}
