//! Why a command failed, as a person reads it: messages, causes a line each, hints that name a command; and the exit
//! code that goes with it. Every command returns it, `main` alone reports it. The other rooms' errors say what failed;
//! the words about what to do next are chosen here.

mod report;

use std::error::Error;

use super::placeholders::Placeholders;
use super::remedy::CommandRemedy;
use crate::settings::prose::{Prose, prose};
use crate::settings::rule::Refusal;

#[derive(Debug, Clone)]
pub(crate) struct Failure {
    exit: Exit,
    messages: Vec<String>,
    causes: Vec<String>,
    hints: Vec<Hint>,
    /// What was typed, of the names that hints need.
    typed: Box<Placeholders>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hint {
    Words(Prose),
    MendRule(CommandRemedy),
    /// Another command does not know, the server does.
    ShowUserOnServer,
}

impl Hint {
    fn words(&self, typed: &Placeholders) -> Prose {
        match self {
            Self::Words(words) => words.clone(),
            Self::MendRule(remedy) => remedy.clone().or_typed(typed).words(),
            Self::ShowUserOnServer => {
                let login = &typed.login;
                prose![ctibox("user show {login}"), " on the server says whether they are enabled and have a profile"]
            }
        }
    }
}

impl From<Prose> for Hint {
    fn from(words: Prose) -> Self {
        Self::Words(words)
    }
}

impl From<String> for Hint {
    fn from(words: String) -> Self {
        Self::Words(words.into())
    }
}

impl From<&str> for Hint {
    fn from(words: &str) -> Self {
        Self::Words(words.into())
    }
}

impl From<CommandRemedy> for Hint {
    fn from(remedy: CommandRemedy) -> Self {
        Self::MendRule(remedy)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Whoever read the data has read enough.
    Quiet,
    Failed,
    Usage,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { messages: vec![message.into()], ..Self::said() }
    }

    /// The command line itself is wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::new(message) }
    }

    /// All has been said already, as data or as warnings; only the exit code is left.
    pub(crate) fn said() -> Self {
        Self { exit: Exit::Failed, messages: Vec::new(), causes: Vec::new(), hints: Vec::new(), typed: Box::default() }
    }

    pub(crate) fn broken_pipe() -> Self {
        Self { exit: Exit::Quiet, ..Self::said() }
    }

    /// The error as the message, what is behind it as causes.
    pub(crate) fn of(error: &dyn Error) -> Self {
        let mut failure = Self::new(error.to_string());
        if let Some(source) = error.source() {
            failure = failure.cause(source);
        }
        failure
    }

    /// Adds an error and all that is behind it.
    pub(crate) fn cause(mut self, error: &dyn Error) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            self.causes.push(error.to_string());
            next = error.source();
        }
        self
    }

    /// Adds a broken rule that is behind it.
    pub(crate) fn caused_by(mut self, refusal: &Refusal) -> Self {
        self.causes.push(refusal.with_rule());
        self
    }

    /// Adds what to do next. The same hint twice is said once.
    pub(crate) fn hint(mut self, hint: impl Into<Hint>) -> Self {
        let hint = hint.into();
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
        self
    }

    /// What was typed fills the placeholders of the hints that still have some.
    pub(crate) fn filled(self, typed: Placeholders) -> Self {
        Self { typed: Box::new(typed), ..self }
    }

    /// The hints in words, each once: two rules may be mended in the same way.
    fn hint_words(&self) -> Vec<Prose> {
        let mut all = Vec::new();
        for words in self.hints.iter().map(|hint| hint.words(&self.typed)) {
            if !all.contains(&words) {
                all.push(words);
            }
        }
        all
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::from(vec![refusal])
    }
}

/// Every refusal with its rule; the hints of all rules that are named.
impl From<Vec<Refusal>> for Failure {
    fn from(refusals: Vec<Refusal>) -> Self {
        let failure = Self { messages: refusals.iter().map(Refusal::with_rule).collect(), ..Self::said() };
        refusals.iter().fold(failure, |failure, refusal| failure.hint(CommandRemedy::of(refusal)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::rule::Rule;
    use crate::settings::target_kind::TargetKind;
    use crate::settings::violation::Violation;

    #[test]
    fn refusals_of_one_rule_share_a_hint() {
        let refusals = [TargetKind::Color, TargetKind::Description]
            .map(|on| Refusal::new(Rule::P6, on, Violation::must_be("a colour")))
            .to_vec();
        let failure = Failure::from(refusals);
        assert_eq!((failure.messages.len(), failure.hint_words().len()), (2, 1));
        assert_eq!(failure.messages[0], "color: must be a colour (rule P6)");
    }

    #[test]
    fn an_error_tells_its_causes_in_order() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] std::num::ParseIntError);
        let inner = "x".parse::<u8>().expect_err("no number");
        let failure = Failure::of(&Outer(inner));
        assert_eq!(failure.messages, ["outer"]);
        assert_eq!(failure.causes, ["invalid digit found in string"]);
    }
}
