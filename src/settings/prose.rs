//! Sentences for people in which commands of ctibox stand as data until they are printed: whoever was told on the command
//! line which installation is meant says so in each of them, and nobody has to find them in a finished text. Made with
//! `prose!`; the words of the other rooms' remedies are such.

use std::fmt::{self, Write as _};

/// Text and commands, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Prose(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// What stands behind the program's name: `user list`.
    Command(String),
}

/// Texts and commands one behind the other, each a literal that takes names as `format!` does:
/// `prose!["have a look: ", ctibox("user show {login}")]`.
macro_rules! prose {
    (@part $prose:ident) => {};
    (@part $prose:ident ctibox($command:literal) $(, $($rest:tt)*)?) => {
        $prose.add_command(format_args!($command));
        $($crate::settings::prose::prose!(@part $prose $($rest)*);)?
    };
    (@part $prose:ident $text:literal $(, $($rest:tt)*)?) => {
        $prose.add_text(format_args!($text));
        $($crate::settings::prose::prose!(@part $prose $($rest)*);)?
    };
    ($($parts:tt)+) => {{
        let mut prose = $crate::settings::prose::Prose::default();
        $crate::settings::prose::prose!(@part prose $($parts)+);
        prose
    }};
}
pub(crate) use prose;

impl Prose {
    pub(crate) fn add_text(&mut self, text: fmt::Arguments<'_>) {
        match self.0.last_mut() {
            // Writing to a `String` fails for no reason.
            Some(Part::Text(before)) => before.write_fmt(text).unwrap_or_default(),
            _ => self.0.push(Part::Text(text.to_string())),
        }
    }

    pub(crate) fn add_command(&mut self, command: fmt::Arguments<'_>) {
        self.0.push(Part::Command(command.to_string()));
    }

    /// Goes on with these.
    pub(crate) fn then(mut self, more: impl Into<Self>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// The text with these options, each behind a blank, in every command.
    pub(crate) fn with_options(&self, options: &str) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(words) => text.push_str(words),
                Part::Command(command) => text.extend(["`ctibox", options, " ", command, "`"]),
            }
        }
        text
    }
}

impl From<String> for Prose {
    /// Without a command.
    fn from(text: String) -> Self {
        Self(vec![Part::Text(text)])
    }
}

impl From<&String> for Prose {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.with_options(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_takes_the_options_and_no_text_does() {
        let name = "`ctibox check`";
        let prose = prose![ctibox("user list"), " shows {name}, ", ctibox("user show {name}"), " one; `ss -ltnp` too"];
        let text = "`ctibox user list` shows `ctibox check`, `ctibox user show `ctibox check`` one; `ss -ltnp` too";
        assert_eq!(prose.to_string(), text);
        let text =
            "`ctibox -x user list` shows `ctibox check`, `ctibox -x user show `ctibox check`` one; `ss -ltnp` too";
        assert_eq!(prose.with_options(" -x"), text);
        assert_eq!(prose![ctibox("init")].then(" makes one").to_string(), "`ctibox init` makes one");
        assert_eq!(Prose::from("plain").with_options(" -x"), "plain");
    }
}
