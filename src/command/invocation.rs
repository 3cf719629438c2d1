//! One call of the program: which data folder, who calls, how to talk. Every command is handed one; through it the
//! commands read and change the configuration, so that origin, warnings and refusals are treated alike.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::effect::{self, Answer};
use super::failure::Failure;
use super::folder::{AccountUse, name_of};
use super::output::Output;
use super::remedy::CommandRemedy;
use super::settings_files::SettingsFiles;
use crate::check;
use crate::config::{self, Effective, Overrides};
use crate::control::{self, ControlError, ServerStatus};
use crate::exchange::document;
use crate::settings::configuration::Configuration;
use crate::settings::id::Id;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::prose::{Prose, prose};
use crate::settings::rule::{Finding, Refusal, Rule, count};
use crate::settings::setting::{Key, Layer};
use crate::settings::setting_page::SettingSection;
use crate::settings::table::Object;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::settings::whole::WholeConfiguration;
use crate::store::{self, ChangeError, Intent, OriginKind, Store, StoreError};

/// An import may bring a warning a user; this many of one change are told one by one.
const WARNINGS_TOLD: usize = 20;

#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    /// The data folder.
    pub(crate) folder: PathBuf,
    /// Those above the database.
    pub(crate) files: Arc<SettingsFiles>,
    /// Who calls, for the audit.
    pub(crate) caller: String,
    pub(crate) account: AccountUse,
    pub(crate) output: Output,
    /// What was changed and what the server said, to be told last.
    pub(crate) changed: Arc<Mutex<LastWords>>,
    /// What its change is for, once that is known.
    pub(crate) intent: Arc<Mutex<Intent>>,
}

/// What is told of the command's changes when it has said all else.
#[derive(Debug, Default)]
pub(crate) struct LastWords {
    /// The settings that were set, be it to what they were before.
    touched: Vec<Key>,
    answer: Option<Answer>,
}

/// What an edit has done: words for a person, the object for a program.
#[derive(Debug)]
pub(crate) struct Done {
    note: Prose,
    object: Value,
}

impl Done {
    pub(crate) fn new(note: impl Into<Prose>) -> Self {
        Self { note: note.into(), object: Value::Null }
    }

    /// With the object as it is now: an edit ends with this.
    pub(crate) fn with<T: Object>(note: impl Into<Prose>, id: T::Id, configuration: &Configuration) -> Self {
        Self { note: note.into(), object: json_of::<T>(id, configuration) }
    }

    /// With something else for a program than one object.
    pub(crate) fn with_object(self, object: Value) -> Self {
        Self { object, ..self }
    }

    pub(crate) fn object_mut(&mut self) -> &mut Value {
        &mut self.object
    }
}

/// An object in the words of the export document.
pub(crate) fn json_of<T: Object>(id: T::Id, configuration: &Configuration) -> Value {
    document::object_json(T::KIND, id.number(), configuration)
}

impl Invocation {
    /// The store of a data folder that is there already.
    pub(crate) fn store(&self) -> Result<Store, Failure> {
        let store = Store::open_existing(&self.folder)?;
        for difference in store.schema_differences() {
            self.output.warning(format!("somebody else's hand was in {}: {difference}", store.path().display()));
        }
        Ok(store)
    }

    pub(crate) fn configuration(&self) -> Result<Configuration, Failure> {
        Ok(self.store()?.configuration()?)
    }

    /// With all entries of the phone book.
    pub(crate) fn whole_configuration(&self) -> Result<WholeConfiguration, Failure> {
        Ok(self.store()?.whole_configuration()?)
    }

    /// What the settings files say.
    pub(crate) fn file_overrides(&self) -> Overrides {
        Overrides { command_line: Layer::new(), files: self.files.layer() }
    }

    /// What stands above the database, as the running server tells it, if one runs and answers; else the settings files.
    pub(crate) fn overrides(&self) -> Overrides {
        const PATIENCE: Duration = Duration::from_secs(1);
        let Ok(control::Response::Status(status)) = control::call(&self.folder, &control::Request::Status, PATIENCE)
        else {
            return self.file_overrides();
        };
        self.overrides_of(&status)
    }

    /// What the server has in effect counts, whichever files it was started with.
    pub(crate) fn overrides_of(&self, status: &ServerStatus) -> Overrides {
        let here = self.files.layer();
        let files = check::files_of(status, &here).map_or(here, Arc::new);
        Overrides { command_line: config::named_addresses(&status.named), files }
    }

    pub(crate) fn effective(&self) -> Result<Effective, Failure> {
        Ok(Effective::new(&self.store()?.settings()?, &self.overrides()))
    }

    /// The same for whoever acts by these secrets: those that only the running server knows are refused.
    pub(crate) fn effective_with(&self, secrets: &[Key]) -> Result<Effective, Failure> {
        let effective = self.effective()?;
        match secrets.iter().find(|key| effective.is_untold(**key)) {
            None => Ok(effective),
            Some(key) => {
                let words = format!(
                    "{key} stands in {}, which the server has read and this command has not",
                    effective.origin(*key)
                );
                Err(Failure::new(words).hint(
                    "run it as a user who may read that file, such as root; if the server was started with `--config FILE`, \
                     name the same file here",
                ))
            }
        }
    }

    pub(crate) fn origin(&self, from: OriginKind) -> store::Origin {
        let intent = self.intent.lock().unwrap_or_else(PoisonError::into_inner).clone();
        store::Origin { user: self.caller.clone(), from, intent }
    }

    /// What the command's change is for, as the audit keeps it.
    pub(crate) fn intend(&self, intent: Intent) {
        *self.intent.lock().unwrap_or_else(PoisonError::into_inner) = intent;
    }

    /// The same of one that takes a file over.
    pub(crate) fn intend_import(&self, file: &Path) {
        let name = file.file_name().filter(|name| *name != "-");
        let name = name.map_or_else(|| "standard input".to_owned(), |name| name.to_string_lossy().into_owned());
        self.intend(Intent::Import(name));
    }

    /// Makes one change in one transaction, tells its warnings, then what was done.
    pub(crate) fn edit(&self, edit: impl FnOnce(&mut Configuration) -> Result<Done, Failure>) -> Result<(), Failure> {
        self.edit_with(&EntriesNeeded::None, edit)
    }

    /// The same with these entries of the phone book at hand.
    pub(crate) fn edit_with(
        &self,
        entries: &EntriesNeeded,
        edit: impl FnOnce(&mut Configuration) -> Result<Done, Failure>,
    ) -> Result<(), Failure> {
        let done = self.change_with(entries, edit)?;
        self.tell(&done)
    }

    /// Makes one change in one transaction and tells its warnings.
    pub(crate) fn change<T>(&self, edit: impl FnOnce(&mut Configuration) -> Result<T, Failure>) -> Result<T, Failure> {
        self.change_with(&EntriesNeeded::None, edit)
    }

    /// The same with all entries of the phone book.
    pub(crate) fn change_whole<T>(
        &self,
        edit: impl FnOnce(&mut WholeConfiguration) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.change_with(&EntriesNeeded::All, |configuration| WholeConfiguration::edit(configuration, edit))
    }

    pub(crate) fn change_with<T>(
        &self,
        entries: &EntriesNeeded,
        edit: impl FnOnce(&mut Configuration) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        // The store knows refusals alone. A failure of ours (there is no such user) rolls back as one and is told here.
        let mut ours = None;
        let mut pair_warnings = Vec::new();
        let mut touched = Vec::new();
        let mut of_login = None;
        let overrides = self.file_overrides();
        // Files may name other backends, or where these are, than the database, which is all that the store knows.
        let files_tell = SettingSection::SignIn.keys().any(|key| overrides.files.above(key).is_some());
        let login_findings = |configuration: &Configuration| {
            let auth = Effective::new(&configuration.settings, &overrides).general().auth;
            configuration.login_findings(&auth)
        };
        let outcome = self.store()?.change_with(entries, &self.origin(OriginKind::Cli), |configuration| {
            let before = configuration.settings.clone();
            let known = if files_tell { login_findings(configuration) } else { Vec::new() };
            let value = edit(configuration).map_err(|failure| {
                ours = Some(failure);
                vec![Refusal::new(Rule::C3, TargetKind::TheCommand, Violation::Failed)]
            })?;
            let pair = check::named_pair(&before, &configuration.settings);
            pair_warnings = pair.map_err(|refusal| vec![refusal])?;
            touched = differing(&before, &configuration.settings);
            if files_tell {
                let mut new = login_findings(configuration);
                new.retain(|finding| !known.contains(finding));
                of_login = Some(new);
            }
            Ok(value)
        });
        if let Some(failure) = ours {
            return Err(failure);
        }
        let changed = outcome?;
        let warnings = match of_login {
            None => changed.warnings.clone(),
            Some(of_login) => {
                let others = changed.warnings.iter().filter(|finding| !finding.is_of_login()).cloned();
                others.chain(of_login).collect()
            }
        };
        self.warn(&warnings);
        self.warn(&pair_warnings);
        self.touch(touched);
        self.await_server(Some(changed.since));
        Ok(changed.value)
    }

    /// These settings are what the command is about: it tells in the end whether they hold.
    pub(crate) fn touch(&self, keys: impl IntoIterator<Item = Key>) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if !changed.touched.contains(&key) {
                changed.touched.push(key);
            }
        }
    }

    /// Asks a running server to take over what was changed, and waits until it has: whoever was refused is refused from
    /// now on. `since` is the change before those whose effect is asked for.
    pub(crate) fn await_server(&self, since: Option<i64>) {
        const PATIENCE: Duration = Duration::from_secs(5);
        let answer = match control::call(&self.folder, &control::Request::ReloadSettings { since }, PATIENCE) {
            Ok(control::Response::SettingsReloaded(effect)) => Answer::Effect(effect),
            Ok(_) => Answer::Unheard(ControlError::Refused { why: "it answers in other words".to_owned() }),
            Err(ControlError::NotRunning { .. }) => Answer::NoServer,
            Err(error) => Answer::Unheard(error),
        };
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).answer = Some(answer);
    }

    /// The last words of a command that changed something: what came of it in the running server.
    pub(crate) fn tell_effect(&self) -> Result<(), Failure> {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(answer) = &changed.answer else { return Ok(()) };
        // Of what stands above settings nothing is told where none was touched: the server need not be asked once more.
        let files = if changed.touched.is_empty() { Arc::default() } else { self.overrides().files };
        effect::tell(answer, &changed.touched, &files, &self.output)
    }

    pub(crate) fn warn(&self, warnings: &[Finding]) {
        for warning in warnings.iter().take(WARNINGS_TOLD) {
            self.output.warning(warning.refusal.with_rule());
            self.output.advice(CommandRemedy::of(&warning.refusal).words());
        }
        if let more @ 1.. = warnings.len().saturating_sub(WARNINGS_TOLD) {
            let number = count(more, "more warning");
            self.output.warning(prose!["and {number}; ", ctibox("check"), " shows them all"]);
        }
    }

    pub(crate) fn tell(&self, done: &Done) -> Result<(), Failure> {
        if self.output.is_json() && !done.object.is_null() {
            return self.output.json(&done.object);
        }
        self.output.note(done.note.clone());
        Ok(())
    }
}

/// The settings that two layers do not say alike.
pub(crate) fn differing(before: &Layer, after: &Layer) -> Vec<Key> {
    Key::ALL.iter().copied().filter(|key| before.get(key) != after.get(key)).collect()
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let error = error.named(name_of);
        let failure = Self::of(&error);
        match error.remedy() {
            Some(remedy) => failure.hint(remedy.words()),
            None => failure,
        }
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Refused(refusals) => refusals.into(),
            ChangeError::Store(error) => error.into(),
        }
    }
}
