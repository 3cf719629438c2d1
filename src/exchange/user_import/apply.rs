//! A plan becomes true: its passwords are hashed, on every core and before any transaction, and its users added and
//! changed. Called with the configuration of the transaction, which may be another than that of the plan.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use super::Means;
use super::addition::Addition;
use super::change::{Change, LineChange, MailboxChange};
use super::plan::{LineOutcome, Plan, PlannedLine};
use super::table::UserTable;
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewUser;
use crate::settings::line::Line;
use crate::settings::password::{Password, PasswordHash};
use crate::settings::rule::{Finding, Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::user::User;
use crate::settings::violation::Violation;
use crate::settings::voicemail::Voicemail;

/// The hashes of a plan's passwords, by line.
#[derive(Debug)]
pub(crate) struct Hashes(HashMap<u64, PasswordHash>);

impl Plan {
    /// How many hashes the good lines want.
    pub(crate) fn passwords(&self) -> usize {
        self.good().filter(|line| line.password().is_some()).count()
    }

    /// Hashes the passwords of the good lines: 22 ms of a core each. `progress` hears in this thread how many are done,
    /// and may break it off.
    pub(crate) fn hashed<B>(
        &self,
        means: &Means,
        mut progress: impl FnMut(usize) -> ControlFlow<B>,
    ) -> ControlFlow<B, Hashes> {
        let passwords = self.good().filter_map(|line| Some((line.line, line.password()?)));
        let passwords: Vec<(u64, &Password)> = passwords.collect();
        let next = AtomicUsize::new(0);
        let mut hashes = HashMap::with_capacity(passwords.len());
        thread::scope(|scope| {
            let (done, receiver) = channel();
            for _ in 0..means.threads.get().min(passwords.len()) {
                let (done, next, passwords) = (done.clone(), &next, &passwords);
                scope.spawn(move || {
                    while let Some((line, password)) = passwords.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if done.send((*line, password.hash(&(means.salt)()))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(done);
            // Breaking off drops the receiver, and each thread ends with the hash that it is at.
            for (line, hash) in receiver {
                hashes.insert(line, hash);
                progress(hashes.len())?;
            }
            ControlFlow::Continue(())
        })?;
        ControlFlow::Continue(Hashes(hashes))
    }

    /// What the look over the whole would find new with the good lines in it. Errors among it are of a kind that no line
    /// shows by itself, and refuse the import; without passwords of the file, which cost too much for a look.
    pub(crate) fn findings(&self, means: &Means, configuration: &Configuration) -> Result<Vec<Finding>, Refusal> {
        let stand_in = Password::parse("stand-in").ok().map(|password| password.hash(&[0; 16]));
        let mut new = configuration.clone();
        for line in self.good() {
            let hash = stand_in.clone().filter(|_| line.password().is_some());
            line.write(hash, means, &mut new)?;
        }
        let before: HashSet<Refusal> = configuration.findings().into_iter().map(|finding| finding.refusal).collect();
        let is_new = |finding: &Finding| !before.contains(&finding.refusal);
        Ok(new.findings().into_iter().filter(is_new).collect())
    }

    /// The present configuration with the plan's good lines in it. Refused if one of them is no longer good.
    pub(crate) fn applied(
        &self,
        table: &UserTable,
        hashes: &Hashes,
        means: &Means,
        current: &Configuration,
    ) -> Result<Configuration, Vec<Refusal>> {
        let again = Self::of(table, self.existing, current);
        let mut new = current.clone();
        let mut reasons = Vec::new();
        for (then, now) in self.lines.iter().zip(&again.lines) {
            match (&then.outcome, &now.outcome) {
                (LineOutcome::Refused(_) | LineOutcome::Unchanged, _) | (_, LineOutcome::Unchanged) => {}
                (LineOutcome::New(_), LineOutcome::New(_)) | (LineOutcome::Changed(_), LineOutcome::Changed(_)) => {
                    let hash = hashes.0.get(&now.line).cloned();
                    now.write(hash, means, &mut new).map_err(|refusal| vec![on_line(now, &refusal)])?;
                }
                (_, LineOutcome::Refused(refusals)) => {
                    reasons.extend(refusals.iter().map(|refusal| on_line(now, refusal)));
                }
                (_, LineOutcome::New(_)) => reasons.push(on_line(now, &overtaken(Violation::RemovedMeanwhile))),
                (_, LineOutcome::Changed(_)) => reasons.push(on_line(now, &overtaken(Violation::AddedMeanwhile))),
            }
        }
        if reasons.is_empty() { Ok(new) } else { Err(reasons) }
    }
}

fn on_line(line: &PlannedLine, refusal: &Refusal) -> Refusal {
    {
        let on = RuleTarget::OnLine { line: line.line, part: Box::new(refusal.on.clone()) };
        Refusal { on, ..refusal.clone() }
    }
}

fn overtaken(problem: Violation) -> Refusal {
    Refusal::new(Rule::V1, TargetKind::TheUser, problem)
}

impl PlannedLine {
    fn password(&self) -> Option<&Password> {
        match &self.outcome {
            LineOutcome::New(addition) => addition.password.as_ref(),
            LineOutcome::Changed(change) => change.password.as_ref(),
            LineOutcome::Unchanged | LineOutcome::Refused(_) => None,
        }
    }

    fn write(&self, hash: Option<PasswordHash>, means: &Means, to: &mut Configuration) -> Result<(), Refusal> {
        match &self.outcome {
            LineOutcome::New(addition) => add(addition, hash, means, to),
            LineOutcome::Changed(planned) => {
                change(planned, hash, to);
                Ok(())
            }
            LineOutcome::Unchanged | LineOutcome::Refused(_) => Ok(()),
        }
    }
}

fn add(
    addition: &Addition,
    hash: Option<PasswordHash>,
    means: &Means,
    configuration: &mut Configuration,
) -> Result<(), Refusal> {
    let user = configuration.add_user(NewUser {
        uuid: addition.uuid.unwrap_or_else(means.uuid),
        login: addition.login.clone(),
        first_name: addition.first_name.clone(),
        last_name: addition.last_name.clone(),
        email: addition.email.clone(),
        mobile: addition.mobile.clone(),
        password: hash,
        enabled: addition.is_enabled,
        profile: addition.profile,
    })?;
    // Not by `add_line`, which looks through all lines for those of the user: a new one has none.
    if let Some((extension, context, device)) = addition.line.clone() {
        configuration.lines.add(|id| Line { id, version: 1, user, is_main: true, extension, context, device });
    }
    if let Some((mailbox, context)) = addition.mailbox.clone() {
        configuration.voicemails.add(|id| Voicemail { id, version: 1, mailbox, context, user: Some(user) });
    }
    Ok(())
}

fn change(change: &Change, hash: Option<PasswordHash>, configuration: &mut Configuration) {
    let user = change.user.id;
    configuration.users.edit(user, |user| {
        let (id, version, password) = (user.id, user.version, hash.or_else(|| user.password.clone()));
        *user = User { id, version, password, ..change.user.clone() };
    });
    if let Some(LineChange { id, extension, context, device }) = &change.line {
        let (extension, context, device) = (extension.clone(), *context, device.clone());
        match *id {
            Some(id) => configuration.lines.edit(id, |line| {
                (line.extension, line.context, line.device) = (extension, context, device);
            }),
            None => {
                configuration.lines.add(|id| Line { id, version: 1, user, is_main: true, extension, context, device });
            }
        }
    }
    if let Some(MailboxChange { id, mailbox, context }) = &change.mailbox {
        let (mailbox, context) = (mailbox.clone(), *context);
        match *id {
            Some(id) => configuration.voicemails.edit(id, |found| (found.mailbox, found.context) = (mailbox, context)),
            None => {
                configuration.voicemails.add(|id| Voicemail { id, version: 1, mailbox, context, user: Some(user) });
            }
        }
    }
}
