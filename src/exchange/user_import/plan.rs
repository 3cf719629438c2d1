//! What becomes of each line of a table: a user who is added or changed, nothing, or the reasons why not, against the
//! rules, what is there already and the lines before.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::addition::Addition;
use super::change::Change;
use super::known::{Holder, Known};
use super::table::{Draft, UserTable, is_of_column};
use crate::settings::configuration::Configuration;
use crate::settings::id::UserUuid;
use crate::settings::name::ContextName;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::user::User;
use crate::settings::violation::Violation;

/// How often a plan is made anew because a line that was to let go of something turned out bad. A table in which that goes
/// on and on is planned with nobody letting go of anything.
const PASSES_MAX: usize = 8;

/// What becomes of a user whose UUID a line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// Such a line is a bad one.
    LeftAlone,
    Changed,
}

/// The fate of every line, in their order.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) lines: Vec<PlannedLine>,
    pub(super) existing: Existing,
}

#[derive(Debug)]
pub(crate) struct PlannedLine {
    /// On which it begins in the file; they count from 1.
    pub(crate) line: u64,
    /// As they were written; empty if the line could not be read.
    pub(crate) login: String,
    pub(crate) full_name: String,
    pub(crate) outcome: LineOutcome,
    /// What is no fault of a good line and most likely not meant.
    pub(crate) warnings: Vec<Refusal>,
}

#[derive(Debug)]
pub(crate) enum LineOutcome {
    New(Box<Addition>),
    Changed(Box<Change>),
    /// The user is as the line says.
    Unchanged,
    /// Never empty.
    Refused(Vec<Refusal>),
}

impl PlannedLine {
    fn writes(&self) -> bool {
        matches!(self.outcome, LineOutcome::New(_) | LineOutcome::Changed(_))
    }
}

impl Plan {
    /// The first line that names something has it, also if another of its cells is bad: who should have it is not for
    /// an import to guess. Where users are changed, what they have is free for others, as their lines give it anew: two
    /// may swap their numbers.
    pub(crate) fn of(table: &UserTable, existing: Existing, configuration: &Configuration) -> Self {
        let targets = Targets::of(table, existing, configuration);
        let mut stay = HashSet::new();
        for _ in 0..PASSES_MAX {
            let lines = pass(table, &targets, |line| !stay.contains(&line), configuration);
            let is_refused = |line: &&PlannedLine| matches!(line.outcome, LineOutcome::Refused(_));
            let refused = lines.iter().filter(is_refused).map(|line| line.line);
            let refused: Vec<u64> = refused.filter(|line| targets.users.contains_key(line)).collect();
            let before = stay.len();
            stay.extend(refused);
            if stay.len() == before {
                return Self { lines, existing };
            }
        }
        Self { lines: pass(table, &targets, |_| false, configuration), existing }
    }

    /// The lines that write something.
    pub(crate) fn good(&self) -> impl Iterator<Item = &PlannedLine> {
        self.lines.iter().filter(|line| line.writes())
    }

    pub(crate) fn added(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line.outcome, LineOutcome::New(_))).count()
    }

    pub(crate) fn changed(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line.outcome, LineOutcome::Changed(_))).count()
    }

    pub(crate) fn unchanged(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line.outcome, LineOutcome::Unchanged)).count()
    }

    /// What could be added so that lines which name it are good: contexts that nobody has, by name.
    pub(crate) fn missing_contexts(&self) -> Vec<ContextName> {
        let named = self.refused().flat_map(|(_, reasons)| names_told(reasons, Rule::C3));
        let names: BTreeSet<&str> = named.collect();
        names.into_iter().filter_map(|name| ContextName::parse(name).ok()).collect()
    }

    /// The profiles that lines name and nobody has, by name.
    pub(crate) fn missing_profiles(&self) -> BTreeSet<&str> {
        self.refused().flat_map(|(_, reasons)| names_told(reasons, Rule::F2)).collect()
    }

    pub(crate) fn refused(&self) -> impl Iterator<Item = (&PlannedLine, &[Refusal])> {
        self.lines.iter().filter_map(|line| match &line.outcome {
            LineOutcome::Refused(reasons) => Some((line, reasons.as_slice())),
            LineOutcome::New(_) | LineOutcome::Changed(_) | LineOutcome::Unchanged => None,
        })
    }
}

/// What a bad line names that does not exist, by the rule that wants it; only where it may be told.
fn names_told(reasons: &[Refusal], rule: Rule) -> impl Iterator<Item = &str> {
    reasons.iter().filter(move |reason| reason.rule == rule).filter_map(|reason| match &*reason.problem {
        Violation::NamesNothing { name, .. } => name.as_deref(),
        _ => None,
    })
}

/// Which users the lines of a table change.
struct Targets {
    existing: Existing,
    /// By line.
    users: HashMap<u64, Arc<User>>,
    /// The first line that names a UUID.
    first: HashMap<UserUuid, u64>,
}

impl Targets {
    fn of(table: &UserTable, existing: Existing, configuration: &Configuration) -> Self {
        let mut targets = Self { existing, users: HashMap::new(), first: HashMap::new() };
        if existing == Existing::LeftAlone {
            return targets;
        }
        let by_uuid: HashMap<UserUuid, &Arc<User>> = configuration.users.iter().map(|user| (user.uuid, user)).collect();
        for draft in &table.drafts {
            let Some(user) = draft.uuid.and_then(|uuid| by_uuid.get(&uuid)) else { continue };
            let first = *targets.first.entry(user.uuid).or_insert(draft.line);
            if first == draft.line {
                targets.users.insert(draft.line, Arc::clone(user));
            }
        }
        targets
    }

    /// The line before that changes the same user.
    fn earlier(&self, draft: &Draft) -> Option<u64> {
        let first = self.first.get(&draft.uuid?)?;
        (*first != draft.line).then_some(*first)
    }
}

fn pass(
    table: &UserTable,
    targets: &Targets,
    lets_go: impl Fn(u64) -> bool,
    configuration: &Configuration,
) -> Vec<PlannedLine> {
    let mut known = Known::of(configuration, &table.columns);
    for (_, user) in targets.users.iter().filter(|(line, _)| lets_go(**line)) {
        known.release(user);
    }
    let lines = table.drafts.iter().map(|draft| {
        let mut warnings = Vec::new();
        let outcome = match outcome_of(draft, targets, &mut known, &mut warnings) {
            LineOutcome::Refused(reasons) => LineOutcome::Refused(draft.with_cells(reasons)),
            other => other,
        };
        // Where one cell stands in a wrong column, the password may stand in that of the login.
        let is_bad = matches!(&outcome, LineOutcome::Refused(reasons) if reasons.iter().any(is_of_column));
        let (login, full_name) = match is_bad {
            true => (draft.told.login.clone(), draft.told.full_name.clone()),
            false => (draft.login_text.clone(), draft.full_name.clone()),
        };
        if !matches!(outcome, LineOutcome::New(_) | LineOutcome::Changed(_)) {
            warnings.clear();
        }
        PlannedLine { line: draft.line, login, full_name, outcome, warnings }
    });
    lines.collect()
}

fn outcome_of(draft: &Draft, targets: &Targets, known: &mut Known<'_>, warnings: &mut Vec<Refusal>) -> LineOutcome {
    const ADDS: &str = "; an import adds users, `ctibox user import --update` changes them";
    const NEEDS_UUID: &str = "; a line with the uuid changes that user";
    if let Some(user) = targets.users.get(&draft.line) {
        return match Change::of(draft, user, known, warnings) {
            Ok(change) if change.words().is_empty() => LineOutcome::Unchanged,
            Ok(change) => LineOutcome::Changed(Box::new(change)),
            Err(reasons) => LineOutcome::Refused(reasons),
        };
    }
    if let (Some(uuid), Some(first)) = (draft.uuid, targets.earlier(draft)) {
        let twice =
            known.taken(Rule::U1, RuleTarget::text(TargetKind::Uuid, &uuid.to_string()), Holder::Line(first), "");
        return LineOutcome::Refused(draft.reasons.iter().cloned().chain([twice]).collect());
    }
    let more = match targets.existing {
        Existing::LeftAlone => ADDS,
        Existing::Changed => NEEDS_UUID,
    };
    match Addition::of(draft, more, known, warnings) {
        Ok(addition) => LineOutcome::New(Box::new(addition)),
        Err(reasons) => LineOutcome::Refused(reasons),
    }
}
