//! A command as it is typed into a shell: its words in the order that the command line takes them, quoted where they must be.
//! Pure.

pub(super) struct Words {
    command: String,
    names: Vec<String>,
    options: Vec<String>,
    /// Whether any option says what is to be.
    is_some: bool,
    /// A name begins with a dash: all names go behind the options then.
    is_dashed: bool,
}

impl Words {
    /// `user edit`
    pub(super) fn new(command: &str) -> Self {
        Self { command: command.to_owned(), names: Vec::new(), options: Vec::new(), is_some: false, is_dashed: false }
    }

    /// What it is done to.
    pub(super) fn name(mut self, name: impl AsRef<str>) -> Self {
        self.is_dashed |= name.as_ref().starts_with('-');
        self.names.push(quoted(name.as_ref()));
        self
    }

    /// Where it is: says nothing of what is to be.
    pub(super) fn at(mut self, option: &str, value: impl AsRef<str>) -> Self {
        self.push(option, value.as_ref());
        self
    }

    /// What is to be.
    pub(super) fn option(mut self, option: &str, value: impl AsRef<str>) -> Self {
        self.push(option, value.as_ref());
        self.is_some = true;
        self
    }

    /// The same, if the value is another than before.
    pub(super) fn changed<T: PartialEq>(self, option: &str, old: &T, new: &T, text: impl Fn(&T) -> String) -> Self {
        if old == new { self } else { self.option(option, text(new)) }
    }

    /// The same, if there is a value at all.
    pub(super) fn given(self, option: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.option(option, value) }
    }

    pub(super) fn flag(mut self, flag: &str) -> Self {
        self.options.push(flag.to_owned());
        self.is_some = true;
        self
    }

    pub(super) fn flag_if(self, holds: bool, flag: &str) -> Self {
        if holds { self.flag(flag) } else { self }
    }

    /// What begins with a dash would be taken for an option.
    fn push(&mut self, option: &str, value: &str) {
        match value.starts_with('-') {
            true => self.options.push(format!("{option}={}", quoted(value))),
            false => self.options.extend([option.to_owned(), quoted(value)]),
        }
    }

    /// None: no option says what is to be.
    pub(super) fn if_some(self) -> Option<String> {
        self.is_some.then(|| self.line())
    }

    pub(super) fn line(self) -> String {
        let Self { command, names, options, is_dashed, .. } = self;
        let (first, last) = match is_dashed {
            true => (options, [vec!["--".to_owned()], names].concat()),
            false => (names, options),
        };
        [vec![command], first, last].concat().join(" ")
    }
}

/// As a shell takes it for one word.
pub(in crate::tui) fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-+=:,./@%".contains(letter);
    match text {
        "" => "\"\"".to_owned(),
        text if text.chars().all(is_plain) => text.to_owned(),
        text => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        let quoted = ["alice", "Front desk", "", "it's", "*80", "a$b"].map(quoted);
        assert_eq!(quoted, ["alice", "'Front desk'", "\"\"", "'it'\\''s'", "'*80'", "'a$b'"]);
    }

    #[test]
    fn what_begins_with_a_dash_is_no_option() {
        let edit = || Words::new("hint edit");
        assert_eq!(edit().name("xivo").name("-2").option("--text", "Off").line(), "hint edit --text Off -- xivo -2");
        assert_eq!(edit().name("xivo").option("--text", "-").line(), "hint edit xivo --text=-");
        assert_eq!(edit().name("xivo").at("--context", "a").if_some(), None);
    }
}
