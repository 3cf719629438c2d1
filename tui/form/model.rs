//! What a form is about: the model that a screen brings, which says which fields there are, what they do to a configuration,
//! and what is told before and afterwards. The form calls it; it draws nothing.

use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::setting::Key as Setting;
use crate::tui::app::{App, DynScreen, ExpectedVersion, RandomSource, Repeat, Target, Transition};
use crate::tui::command_line::SameCommand;
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::Field;

use super::{Fault, Fields};

/// Why a model is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Purpose {
    /// To see what would be wrong: nothing slow, nothing that must be new.
    Check,
    Save,
}

/// Where what a form says goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Destination {
    Store,
    /// Into something that the screen below saves as a whole: what that still lacks is told here, and holds nothing back.
    Draft,
}

/// What a form is about.
///
/// A copy of it goes to the thread that saves, and comes back with what that made of it.
pub(in crate::tui) trait Model: Clone + Send + 'static {
    /// `new presence`, `presence away`.
    fn title(&self) -> String;

    /// The object that is edited; none: a new one.
    fn target(&self) -> Option<Target>;

    /// Which version of that object was shown; none if it is gone.
    fn expected(&self, app: &App) -> Option<ExpectedVersion> {
        self.target().and_then(|target| app.expected_version(target))
    }

    /// The entries of the phone book that must be at hand to save it.
    fn entries(&self) -> EntriesNeeded {
        EntriesNeeded::None
    }

    /// The settings that are edited, if the form is about some.
    fn settings(&self) -> Vec<Setting> {
        Vec::new()
    }

    /// The model of the same object as it is now; needed by all that edit something that others may edit too.
    fn anew(&self, _app: &App) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// What is stored was read as somebody else was faster: with the entries of the phone book, which the app does not hold.
    fn note_stored(&mut self, _stored: &Configuration) {}

    /// The fields, holding what the configuration says now.
    fn fields(&self, app: &App) -> Vec<Field>;

    /// Does to the configuration what the fields say.
    fn apply(
        &self,
        fields: &Fields,
        configuration: &mut Configuration,
        random: RandomSource,
        purpose: Purpose,
    ) -> Result<(), Fault>;

    /// What has happened then: `presence "away" was changed`.
    fn words(&self, fields: &Fields) -> String;

    /// The commands that do the same, where that cannot be told by what differs in the configuration afterwards.
    fn same_commands(&self, _fields: &Fields) -> Option<Vec<SameCommand>> {
        None
    }

    /// What there is to know about the fields, below them where there is room; a paragraph each.
    fn explain(&self, _fields: &Fields) -> Vec<String> {
        Vec::new()
    }

    /// What no rule forbids and may surprise all the same, by field.
    fn notes(&self, _fields: &Fields, _c: &Configuration) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The fields that hold a number which people dial: what no keys of a telephone can dial is warned of there.
    fn dialled(&self) -> &'static [&'static str] {
        &[]
    }

    /// Opens, closes or changes fields after another one was edited.
    fn arrange(&self, _fields: &mut Fields, _app: &App) {}

    /// Whether a form on an object that is there is worth saving as it was opened.
    fn saves_unedited(&self) -> bool {
        self.target().is_none()
    }

    /// The field in which a broken rule is mended, for what is found only by a look over the whole.
    fn field_of(&self, _rule: Rule) -> Option<&'static str> {
        None
    }

    /// The same by all that is known of what was refused.
    fn field_of_refusal(&self, refusal: &Refusal) -> Option<&'static str> {
        self.field_of(refusal.rule)
    }

    /// What saving needs and takes its time, before the transaction: a password's hash.
    fn prepare(&mut self, _fields: &Fields, _chance: RandomSource) -> Result<(), Fault> {
        Ok(())
    }

    fn destination(&self) -> Destination {
        Destination::Store
    }

    /// Takes what the form made of the configuration, where that goes to a draft.
    fn keep(&self, _configuration: &Configuration, _app: &App) {}

    /// Saves the draft that took it as well, and closes the form; none: that is not saved from here.
    fn save_draft(&self, _app: &mut App) -> Option<Transition> {
        None
    }

    /// Where a choice is not what the letter is meant for: the option that it means, and the field that it is typed in.
    fn typed_elsewhere(&self, _field: &'static str, _letter: char) -> Option<(usize, &'static str)> {
        None
    }

    /// Where to go once it is saved.
    fn then(&mut self, _fields: &Fields, _app: &App) -> Transition {
        Transition::Pop
    }

    /// What Ctrl-S does, in the key bar and in the help.
    fn save_command(&self) -> (&'static str, &'static str) {
        ("save", "Save and close")
    }

    /// What saving does, as the question before a grave one calls it.
    fn choice(&self) -> &'static str {
        "save it"
    }

    /// Told beside the words after saving.
    fn advice(&self) -> Option<&'static str> {
        None
    }

    /// What follows the words after saving: when it acts, what others see of it.
    fn effect_words(&self, _app: &App) -> String {
        self.advice().map_or(String::new(), |advice| format!("; {advice}"))
    }

    /// Whether what the fields name is to be looked for on this host, files and addresses, which `examine` does.
    fn looks_at_host(&self) -> bool {
        false
    }

    /// What such a look says of the change, off the thread that draws: what there is to warn of, by field.
    fn examine(&self, _before: &Configuration, _after: &Configuration) -> Result<Vec<(&'static str, String)>, Fault> {
        Ok(Vec::new())
    }

    /// What can be made in a form of its own over this one, to be chosen in this field.
    fn offer(&self, _field: &'static str) -> Option<Offer> {
        None
    }

    /// Whether what that field offers can be listed anew.
    fn relists(&self, field: &'static str) -> bool {
        self.offer(field).is_some()
    }

    /// Lists anew what that field offers: something was made.
    fn relist(&mut self, _field: &'static str, _fields: &mut Fields, _app: &App) {}

    /// The same for what other rows are about, once it is saved; none: `.` cannot do it again.
    fn repeat(&self, _fields: &Fields) -> Option<Repeat> {
        None
    }

    /// By which the form is opened again, should the line be cut with something typed in it; none: that is not kept.
    fn key(&self) -> Option<FormKey> {
        None
    }
}

/// Something that is made within another form.
pub(in crate::tui) struct Offer {
    /// `new context…`
    pub(in crate::tui) words: &'static str,
    /// With what was typed and not found as its name; empty: nothing was.
    pub(in crate::tui) open: fn(&str, &App) -> Box<dyn DynScreen>,
}
