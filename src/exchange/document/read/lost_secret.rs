//! What no history keeps, and so does not come back with the object that had it: passwords and PINs. Restoring notes them;
//! the command line and the console tell them, by name.

use std::fmt;

use crate::settings::count::{first_of, plural};
use crate::settings::rule_target::RuleTarget;

/// So many are told by name.
const NAMED: usize = 8;

/// One object that came back without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LostSecret {
    pub(super) on: RuleTarget,
    pub(super) then: WithoutSecret,
}

/// How the object is without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WithoutSecret {
    UserCannotLogIn { is_disabled: bool },
    AccountCannotLogIn { is_disabled: bool },
    EverybodyMayEnter,
}

impl LostSecret {
    /// In one sentence for each kind of loss, whatever their number.
    pub(crate) fn told(lost: &[Self]) -> Vec<String> {
        let mut kinds: Vec<WithoutSecret> = Vec::new();
        for then in lost.iter().map(|lost| lost.then) {
            if !kinds.contains(&then) {
                kinds.push(then);
            }
        }
        let alike = |then: WithoutSecret| lost.iter().filter(move |lost| lost.then == then).collect::<Vec<_>>();
        kinds.into_iter().map(|then| told_together(&alike(then), then)).collect()
    }

    fn name(&self) -> String {
        let name = self.on.object().and_then(|object| object.name());
        name.map_or_else(|| self.on.to_string(), |name| format!("\"{name}\""))
    }
}

impl fmt::Display for LostSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} had {}: {}", self.on, self.then.secret(1), self.then.words(1))
    }
}

fn told_together(lost: &[&LostSecret], then: WithoutSecret) -> String {
    let number = lost.len();
    if let [one] = lost {
        return one.to_string();
    }
    let names = first_of(lost.iter().map(|lost| lost.name()), NAMED);
    format!("{} {names} had {}: {}", plural(number, then.object()), then.secret(number), then.words(number))
}

impl WithoutSecret {
    fn object(self) -> &'static str {
        match self {
            Self::UserCannotLogIn { .. } => "user",
            Self::AccountCannotLogIn { .. } => "account",
            Self::EverybodyMayEnter => "room",
        }
    }

    fn secret(self, number: usize) -> String {
        let secret = if self == Self::EverybodyMayEnter { "PIN" } else { "password" };
        let secrets = if number == 1 { format!("a {secret}") } else { plural(number, secret) };
        format!("{secrets}, which the history does not keep")
    }

    fn words(self, number: usize) -> String {
        let (has, is_disabled) = match self {
            Self::UserCannotLogIn { is_disabled } => ("they have", is_disabled),
            Self::AccountCannotLogIn { is_disabled } if number == 1 => ("it has", is_disabled),
            Self::AccountCannotLogIn { is_disabled } => ("they have", is_disabled),
            Self::EverybodyMayEnter => return "everybody may enter now".to_owned(),
        };
        let disabled = match (is_disabled, has) {
            (false, _) => "",
            (true, "it has") => " and is disabled",
            (true, _) => " and are disabled",
        };
        format!("{has} none now{disabled}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::rule_target::ObjectName;
    use crate::settings::table::Kind;

    fn users(names: &[&str], is_disabled: bool) -> Vec<LostSecret> {
        let of = |name: &&str| LostSecret {
            on: ObjectName::named(Kind::User, None, name).into(),
            then: WithoutSecret::UserCannotLogIn { is_disabled },
        };
        names.iter().map(of).collect()
    }

    #[test]
    fn all_who_lost_their_password_are_told_by_name() {
        let kept = "which the history does not keep";
        let one = format!("user \"anna\" had a password, {kept}: they have none now and are disabled");
        assert_eq!(LostSecret::told(&users(&["anna"], true)), [one]);
        let three = format!("users \"anna\", \"bob\" and \"carl\" had passwords, {kept}: they have none now");
        assert_eq!(LostSecret::told(&users(&["anna", "bob", "carl"], false)), [three]);
        let many: Vec<String> = (0..11).map(|number| format!("user{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(LostSecret::told(&users(&many, false))[0].contains("\"user7\" and 3 more had passwords"));
        let mixed = [users(&["anna"], true), users(&["bob"], false)].concat();
        assert_eq!(LostSecret::told(&mixed).len(), 2);
        assert_eq!(LostSecret::told(&[]), [""; 0]);
    }
}
