//! The findings as rows of the overview: three or more of one kind stand in one row with their number, which opens into them;
//! what has but one way out is fixed by a key, all of a kind together. Which place mends the others is said here too.

use super::super::alike::{AlikeRow, AlikeRows};
use super::super::telephony;
use super::pane::Item;
use crate::check;
use crate::settings::configuration::Configuration;
use crate::settings::object_mend::ObjectMend;
use crate::settings::rule::{Refusal, Rule, count};
use crate::settings::setting::Key as Setting;
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::proposal::{Proposal, named};
use crate::tui::tab::Tab;
use crate::tui::theme;

#[derive(Default)]
pub(super) struct FindingRows(AlikeRows);

impl FindingRows {
    pub(super) fn arrange(&mut self, findings: &[check::Finding]) {
        self.0.arrange(findings);
    }

    pub(super) fn number(&self) -> usize {
        self.0.number()
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
    let key = usize::try_from(setting).ok().and_then(|at| Setting::ALL.get(at));
    key.is_some_and(|key| telephony::is_set_here(*key))
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
