//! The findings as rows of the overview: three or more of one kind stand in one row with their number, which opens into them;
//! what has but one way out is fixed by a key, all of a kind together. Which place mends the others is said here too.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::super::alike::{AlikeRow, AlikeRows};
use super::super::telephony;
use super::pane::Item;
use crate::check;
use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, LineId, UserId};
use crate::settings::object_mend::ObjectMend;
use crate::settings::rule::{Refusal, Rule, Severity, count};
use crate::settings::setting::Key as Setting;
use crate::settings::table::Kind;
use crate::tui::app::{App, Rows, RowsOf, Target, Transition};
use crate::tui::filter::{Filter, Folded, KnownValues};
use crate::tui::proposal::{Proposal, named};
use crate::tui::tab::Tab;
use crate::tui::theme;

/// What a filter may ask for by name.
pub(super) const FIELDS: &[&str] = &["severity", "about"];

#[derive(Default)]
pub(super) struct FindingRows(AlikeRows);

impl FindingRows {
    /// Those that the filter means.
    pub(super) fn arrange(&mut self, findings: &[check::Finding], filter: &mut Filter) {
        if filter.wants_values() {
            let severities = [Severity::Error, Severity::Warning].map(severity_word);
            let about = KnownValues::found("about", findings.iter().map(|finding| about_word(finding).to_owned()));
            filter.learn(vec![KnownValues::fixed("severity", &severities), about]);
        }
        let has = |at: usize, name, value: &str| {
            let finding = &findings[at];
            let word = if name == "severity" { severity_word(finding.severity) } else { about_word(finding) };
            Folded::known(word).says(value)
        };
        let meant = filter.sift(0..findings.len(), |at| searched(&findings[at]), has);
        self.0.arrange_meant(meant, findings);
    }

    /// The finding of the row; of several the first.
    pub(super) fn place(&self, at: usize) -> Option<usize> {
        self.0.places(at).first().copied()
    }

    /// The row in which it stands, or that it is folded into.
    pub(super) fn row_of(&self, place: usize) -> Option<usize> {
        (0..self.0.number()).rev().find(|row| self.0.places(*row).contains(&place))
    }

    /// The users that the row is said of, or whose lines, one or more times each.
    fn users<'a>(&'a self, at: usize, app: &'a App) -> impl Iterator<Item = i64> + 'a {
        let about = self.0.places(at).iter().filter_map(|place| app.findings.get(*place)?.about);
        about.filter_map(|about| user_of(about, &app.configuration))
    }

    pub(super) fn is_of_users(&self, at: usize, app: &App) -> bool {
        self.users(at, app).next().is_some()
    }

    /// To Users, all of them marked.
    pub(super) fn mark_users(&self, at: usize, app: &App) -> Transition {
        let ids: BTreeSet<i64> = self.users(at, app).collect();
        Transition::Mark(Tab::Users, Rows::meant(RowsOf::Objects(Kind::User), ids.into_iter().collect()))
    }

    pub(super) fn number(&self) -> usize {
        self.0.number()
    }

    /// What each row is, to tell whether it is another one: what it says of what.
    pub(super) fn shown(&self, findings: &[check::Finding]) -> Vec<u64> {
        let row = |at: usize| {
            let mut hasher = DefaultHasher::new();
            self.place(at).and_then(|place| findings.get(place)).map(check::Finding::words).hash(&mut hasher);
            matches!(self.0.row(at), Some(AlikeRow::Several(..))).hash(&mut hasher);
            hasher.finish()
        };
        (0..self.number()).map(row).collect()
    }

    /// Opens or closes the row of several, or goes to the place that mends the finding.
    pub(super) fn enter(&mut self, at: usize, app: &mut App) -> Transition {
        if self.0.turn(at, &app.findings) {
            return Transition::Stay;
        }
        match self.0.places(at) {
            [place, ..] => go_to_place_of(*place, app),
            [] => Transition::Stay,
        }
    }

    /// What fixes the row: of one finding, or of all of a kind that can be fixed so.
    fn mends(&self, at: usize, app: &App) -> Vec<Fix> {
        let findings = self.0.places(at).iter().filter_map(|place| app.findings.get(*place));
        findings.filter_map(|finding| Fix::of(finding, &app.configuration)).collect()
    }

    pub(super) fn can_fix(&self, at: usize, app: &App) -> bool {
        !self.mends(at, app).is_empty()
    }

    /// Asks first: what is fixed stands elsewhere.
    pub(super) fn fix(&self, at: usize, app: &mut App) -> Transition {
        let fixes = self.mends(at, app);
        let Some(first) = fixes.first() else { return Transition::Stay };
        let (title, words) = match fixes.len() {
            1 => ("Fix it?".to_owned(), format!("fixed: {}", first.on)),
            number => (format!("Fix {}?", count(number, "finding")), format!("fixed: {}", count(number, "finding"))),
        };
        let lines = named(fixes.len(), fixes.iter().map(|fix| format!("{}: {}", fix.on, fix.mend)));
        let edit = move |c: &mut Configuration| {
            for Fix { about, refusal, .. } in &fixes {
                // Somebody may have mended it meanwhile.
                if let Some(mend) = c.mend_of(*about, refusal) {
                    c.mend(mend);
                }
            }
            Ok(())
        };
        Proposal::new(title, "fix it", words, edit).always(lines).put(app)
    }

    pub(super) fn item(&self, at: usize, app: &App) -> Item {
        let (findings, fixes) = (&app.findings, self.can_fix(at, app));
        let Some(row) = self.0.row(at) else { return Item::default() };
        match row {
            AlikeRow::One(place) => found(&findings[*place], "", fixes),
            AlikeRow::Member(place) => found(&findings[*place], "· ", fixes),
            AlikeRow::Several(kind, places) => {
                let is_open = self.0.is_opened(*kind);
                let (sign, enter) = if is_open { ("▾", "closes this row") } else { ("▸", "shows each of them") };
                let Item { words, .. } = found(&findings[places[0]], "", false);
                let fix = if fixes { "; F fixes all that have one way out" } else { "" };
                Item {
                    sign: theme::sign(kind.severity),
                    style: theme::of(kind.severity),
                    words: format!("{sign} {} like this: {words}", places.len()),
                    more: format!("› Enter {enter}{fix}"),
                }
            }
        }
    }
}

/// Whom the finding is about, if they are there.
fn user_of((kind, id): (Kind, i64), c: &Configuration) -> Option<i64> {
    let user = match kind {
        Kind::User => UserId::new(id),
        Kind::Line => c.lines.get(LineId::new(id))?.user,
        _ => return None,
    };
    c.users.get(user).map(|user| user.id.number())
}

fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The kind of object that it is about; empty for what is no single one's fault.
fn about_word(finding: &check::Finding) -> &'static str {
    finding.about.map_or("", |(kind, _)| kind.as_str())
}

/// What a filter looks into: what the row says, unfolded.
fn searched(finding: &check::Finding) -> Folded<'static> {
    let place = place_of(finding).map_or("", |(tab, _)| tab.heading());
    let remedy = finding.remedy.to_string();
    Folded::of_parts(&[&finding.words(), place, &remedy, severity_word(finding.severity)])
}

/// What takes a finding away.
struct Fix {
    about: (Kind, i64),
    refusal: Refusal,
    on: String,
    mend: ObjectMend,
}

impl Fix {
    fn of(finding: &check::Finding, c: &Configuration) -> Option<Self> {
        let (about, refusal) = (finding.about?, finding.refusal()?);
        let mend = c.mend_of(about, refusal)?;
        Some(Self { about, refusal: refusal.clone(), on: finding.on.to_string(), mend })
    }
}

fn go_to_place_of(place: usize, app: &mut App) -> Transition {
    let Some(finding) = app.findings.get(place) else { return Transition::Stay };
    match place_of(finding) {
        Some((tab, target)) => Transition::Go(tab, target),
        None => {
            let words = format!("this cannot be fixed in the console: {}", finding.remedy);
            app.warn(words);
            Transition::Stay
        }
    }
}

/// Where a finding is mended, if the console can do that.
fn place_of(finding: &check::Finding) -> Option<(Tab, Option<Target>)> {
    match finding.about {
        Some((Kind::Setting, id)) if is_of_telephony(id) => {
            Some((Tab::Telephony, Some(Target { kind: Kind::Setting, id })))
        }
        Some((kind, id)) => Tab::of(kind).map(|tab| (tab, Some(Target { kind, id }))),
        None if finding.breaks(Rule::G2) => Some((Tab::Certificates, None)),
        None => None,
    }
}

/// The link is set where it can be tested too.
fn is_of_telephony(setting: i64) -> bool {
    Setting::at(setting).is_some_and(telephony::is_set_here)
}

fn found(finding: &check::Finding, before: &str, can_be_fixed: bool) -> Item {
    let fix = if can_be_fixed { "; F fixes it" } else { "" };
    let more = match place_of(finding) {
        Some((tab, _)) => format!("› Enter goes to {}{fix}", tab.heading()),
        None => format!("› {}{fix}", finding.remedy),
    };
    Item {
        sign: theme::sign(finding.severity),
        style: theme::of(finding.severity),
        words: format!("{before}{}", finding.words()),
        more,
    }
}
