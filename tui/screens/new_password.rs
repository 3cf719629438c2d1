//! The fields of a form by which a password is kept, typed twice, made or taken away, for users and accounts alike. It is
//! never shown, but where it was made here, once after saving; it is hashed on saving alone.

use crate::settings::password::{Password, PasswordHash};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::tui::app::RandomSource;
use crate::tui::form::{Fault, Fields, Purpose};
use crate::tui::widgets::entry::{Access, Entry, Field};

/// Of no password that anybody uses.
const STAND_IN: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Where the password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Keep,
    Type,
    Make,
    Nothing,
}

/// What a form's model holds for these fields.
#[derive(Clone)]
pub(super) struct NewPassword {
    /// What the options of the choice stand for.
    ways: Vec<Way>,
    /// What saving made of the fields.
    hash: Option<PasswordHash>,
    /// In clear if it was made here.
    made: Option<Password>,
}

impl NewPassword {
    /// Of somebody new.
    pub(super) fn first() -> Self {
        Self::with(vec![Way::Type, Way::Make, Way::Nothing])
    }

    /// Of somebody who has this one.
    pub(super) fn after(present: Option<&PasswordHash>) -> Self {
        let mut ways = vec![Way::Keep, Way::Type, Way::Make];
        ways.extend(present.map(|_| Way::Nothing));
        Self::with(ways)
    }

    fn with(ways: Vec<Way>) -> Self {
        Self { ways, hash: None, made: None }
    }

    pub(super) fn fields(&self, present: Option<&PasswordHash>, help: &'static str) -> [Field; 3] {
        let words = self.ways.iter().map(|way| way_words(*way, present)).collect();
        [
            Field::new("password", "Password", help, Entry::choice(words, None)).worded(),
            Field::new("typed", "New password", "4 to 128 characters; it is never shown", Entry::secret()),
            Field::new("again", "Repeat password", "Type it again, to catch typing errors", Entry::secret()),
        ]
    }

    pub(super) fn way(&self, fields: &Fields) -> Way {
        self.ways.get(fields.chosen("password")).copied().unwrap_or(Way::Nothing)
    }

    /// What is typed, if it is a password and twice the same.
    fn typed(fields: &Fields) -> Result<Password, Fault> {
        let password = fields.parse("typed", Password::parse)?;
        if fields.text("typed") != fields.text("again") {
            let refusal = Refusal::new(Rule::U2, TargetKind::Password, Violation::NotTheSameTwice);
            return Err(Fault::of("again", refusal));
        }
        Ok(password)
    }

    /// That what is typed is taken and easily guessed all the same.
    pub(super) fn notes(&self, fields: &Fields) -> Option<(&'static str, String)> {
        let typed = Password::parse(fields.text("typed")).ok().filter(|_| self.way(fields) == Way::Type)?;
        Some(("typed", typed.weakness()?))
    }

    /// Opens the fields to type in where one is typed.
    pub(super) fn arrange(way: Way, fields: &mut Fields) {
        let access = if way == Way::Type { Access::Open } else { Access::Pointless };
        for field in ["typed", "again"] {
            fields.set_access(field, access);
        }
    }

    /// Hashes, which takes its time.
    pub(super) fn prepare(&mut self, way: Way, fields: &Fields, random: RandomSource) -> Result<(), Fault> {
        (self.hash, self.made) = match way {
            Way::Keep | Way::Nothing => (None, None),
            Way::Type => (Some(Self::typed(fields)?.hash(&(random.salt)())), None),
            Way::Make => {
                let made = Password::parse((random.password)().reveal())?;
                (Some(made.hash(&(random.salt)())), Some(made))
            }
        };
        Ok(())
    }

    /// What is stored, unless the present one is kept.
    pub(super) fn hash(&self, way: Way, fields: &Fields, purpose: Purpose) -> Result<Option<PasswordHash>, Fault> {
        if purpose == Purpose::Save {
            return Ok(self.hash.clone());
        }
        if way == Way::Type {
            Self::typed(fields)?;
        }
        // A hash costs too much for each key: any stands for the one to come.
        Ok(if matches!(way, Way::Type | Way::Make) { stand_in() } else { None })
    }

    /// The one that was made, to be shown.
    pub(super) fn take_made(&mut self) -> Option<Password> {
        self.made.take()
    }
}

/// A hash for what is only tried: it stands for the one to come.
pub(super) fn stand_in() -> Option<PasswordHash> {
    PasswordHash::parse(STAND_IN).ok()
}

fn way_words(way: Way, present: Option<&PasswordHash>) -> String {
    let words = match way {
        Way::Keep if present.is_some() => "keep the current one",
        Way::Keep => "leave it unset",
        Way::Type => "type one",
        Way::Make => "generate one, shown once after saving",
        Way::Nothing => "none: no login with a password",
    };
    words.to_owned()
}
