//! The dial rules in the order in which they are tried, and what they make of a number that is typed to try them.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::settings::configuration::Configuration;
use crate::settings::dial_rule::{DialRule, counting, dialled, hidden_by};
use crate::settings::id::{ContextId, DialRuleId, Id as _};
use crate::settings::label::dial_rule_name;
use crate::settings::phone_number::PhoneNumber;
use crate::settings::rule::Severity;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::ask::{Removal, always};
use crate::tui::detail;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::table_view::{ReorderWay, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, TableColumn};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::text_line::{Echo, TextLine};

use super::rule_form::DialRuleModel;

/// Rows below the list: what becomes of a number.
const FOOT_ROWS: u16 = 7;

pub(super) struct DialRules {
    pub(super) table: TableView<DialRuleId, RuleColumn>,
    /// The number that the rules are tried on.
    number: TextLine,
    trying: Trying,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RuleColumn {
    Place,
    Begins,
    Strip,
    Add,
    Callers,
}

impl TableColumn for RuleColumn {
    const ALL: &'static [Self] = &[Self::Place, Self::Begins, Self::Strip, Self::Add, Self::Callers];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Place => ColumnDesign::new("place", 6),
            Self::Begins => ColumnDesign::new("begins with", 18),
            Self::Strip => ColumnDesign::new("strip", 6),
            Self::Add => ColumnDesign::new("add", 16),
            Self::Callers => ColumnDesign::new("callers in", 20),
        }
    }
}

/// In the order in which they are tried.
struct RuleRows<'a> {
    ids: Vec<DialRuleId>,
    /// Those to which no number is left.
    unreached: Vec<DialRuleId>,
    c: &'a Configuration,
}

impl<'a> RuleRows<'a> {
    fn of(c: &'a Configuration) -> Self {
        let rules = c.ordered_dial_rules();
        let unreached = (0..rules.len()).filter(|place| hidden_by(&rules, *place).is_some());
        let unreached = unreached.map(|place| rules[place].id).collect();
        Self { ids: rules.iter().map(|rule| rule.id).collect(), unreached, c }
    }
}

impl TableRows for RuleRows<'_> {
    type Id = DialRuleId;
    type Column = RuleColumn;

    const SIGN_WIDTH: u16 = 3;

    fn ids(&self) -> Vec<DialRuleId> {
        self.ids.clone()
    }

    fn searched(&self, id: DialRuleId) -> Folded<'_> {
        let Some(rule) = self.c.dial_rules.get(id) else { return Folded::default() };
        let callers = callers(rule, self.c);
        Folded::of(&format!("{} {} {callers}", dial_rule_name(rule.prefix.as_str()), rule.add))
    }

    fn field(&self, id: DialRuleId, name: &'static str) -> Folded<'_> {
        match (self.c.dial_rules.get(id), name) {
            (None, _) => Folded::default(),
            (Some(rule), "begins") => Folded::of(rule.prefix.as_str()),
            (Some(rule), "add") => Folded::of(rule.add.as_str()),
            (Some(rule), _) => Folded::of(&callers(rule, self.c)),
        }
    }

    fn cell(&self, id: DialRuleId, column: RuleColumn) -> Line<'static> {
        let Some(rule) = self.c.dial_rules.get(id) else { return Line::default() };
        Line::raw(match column {
            RuleColumn::Place => {
                let place = self.ids.iter().position(|known| *known == id).unwrap_or_default() + 1;
                place.to_string()
            }
            RuleColumn::Begins => dial_rule_name(rule.prefix.as_str()),
            RuleColumn::Strip => rule.strip.to_string(),
            RuleColumn::Add => if rule.add.as_str().is_empty() { "-" } else { rule.add.as_str() }.to_owned(),
            RuleColumn::Callers => callers(rule, self.c),
        })
    }

    fn sign(&self, id: DialRuleId) -> Span<'static> {
        match self.unreached.contains(&id) {
            true => Span::styled(format!(" {} ", theme::sign(Severity::Warning)), theme::of(Severity::Warning)),
            false => Span::raw("   "),
        }
    }

    fn empty_words(&self) -> Line<'static> {
        let words = " There is no dial rule yet: numbers are dialed as they are; `a` adds one.";
        Line::styled(words, theme::MUTED)
    }
}

/// Whether keys go into the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trying {
    Off,
    On,
}

impl DialRules {
    pub(super) fn new() -> Self {
        let table = TableView::new(&["begins", "add", "callers"]);
        Self { table, number: TextLine::default(), trying: Trying::Off }
    }

    pub(super) fn look(&mut self, app: &App) {
        self.table.look(&RuleRows::of(&app.configuration));
    }

    /// The cursor on that one, whatever was looked for.
    pub(super) fn choose(&mut self, id: DialRuleId, app: &App) {
        self.table.choose(id, &RuleRows::of(&app.configuration));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.table.chosen().is_none()
    }

    pub(super) fn add(&mut self, app: &App) -> Transition {
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(DialRuleModel::new(None, app), app)))
    }

    pub(super) fn edit(&self, app: &App) -> Transition {
        match self.table.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(DialRuleModel::new(Some(id), app), app))),
            None => Transition::Stay,
        }
    }

    pub(super) fn remove(&self, app: &mut App) -> Transition {
        let Some(rule) = self.table.chosen().and_then(|id| app.configuration.dial_rules.get(id)).cloned() else {
            return Transition::Stay;
        };
        let (id, name) = (rule.id, dial_rule_name(rule.prefix.as_str()));
        let removal = Removal {
            target: Target { kind: Kind::DialRule, id: id.number() },
            title: format!("Remove dial rule {name}?"),
            text: always("Numbers that match it are dialed by the next rule that matches, or as they are."),
            words: format!("dial rule \"{name}\" was removed"),
        };
        removal.ask(app, move |c| c.remove_dial_rule(id))
    }

    /// Before the one that stands before it, or behind the next one.
    pub(super) fn reorder(&mut self, way: ReorderWay, app: &mut App) -> Transition {
        let rule = self.table.chosen().and_then(|id| app.configuration.dial_rules.get(id)).cloned();
        let (Some(rule), Ok(place)) = (rule, self.table.place_beside(way)) else { return Transition::Stay };
        let words = format!("dial rule \"{}\" was moved {}", dial_rule_name(rule.prefix.as_str()), way.as_str());
        // Places count from 1.
        let transition = app.change_and_tell(words, None, move |c| c.move_dial_rule(rule.id, place + 1));
        self.look(app);
        transition
    }

    pub(super) fn begin_trying(&mut self) {
        self.trying = Trying::On;
        self.number.choose_all();
    }

    pub(super) fn end_trying(&mut self) {
        self.trying = Trying::Off;
    }

    pub(super) fn is_trying(&self) -> bool {
        self.trying == Trying::On
    }

    pub(super) fn typed(&mut self, key: Key) {
        self.number.press(key);
    }

    pub(super) fn pasted(&mut self, text: &str) {
        if self.is_trying() {
            self.number.paste(text);
        }
    }

    /// What the chosen rule makes of a number, and which others fit the same.
    pub(super) fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let rules = app.configuration.ordered_dial_rules();
        let place = rules.iter().position(|rule| Some(rule.id) == self.table.chosen())?;
        Some(Detail::foot(in_full(place, &rules, &app.configuration, width)))
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let rows = Rect { height: area.height.saturating_sub(FOOT_ROWS), ..area };
        self.table.draw(frame, rows, &RuleRows::of(c));
        self.draw_tried(frame, Rect { y: area.bottom() - FOOT_ROWS, height: FOOT_ROWS, ..area }, c);
    }

    /// Why the chosen rule fits no number, if so.
    fn never_reached(&self, c: &Configuration) -> Option<String> {
        let rules = c.ordered_dial_rules();
        let place = rules.iter().position(|rule| Some(rule.id) == self.table.chosen())?;
        let before = hidden_by(&rules, place)?;
        Some(format!("{} fits no number: {}", named(&rules, place), fits_all_before(&rules, before)))
    }

    /// The number, and what becomes of it where callers are.
    fn draw_tried(&self, frame: &mut Frame<'_>, area: Rect, c: &Configuration) {
        const LABEL: &str = " This number   ";
        let mut foot = Foot::new("try the rules", area.width);
        foot.tell("");
        if self.number.text().trim().is_empty() {
            foot.tell("`t`, then a number as it stands in a phone book, shows what is dialed.");
            // Where there is no room for all about a rule, the worst of it stands here.
            if !detail::is_beside(frame)
                && let Some(words) = self.never_reached(c)
            {
                foot.say("!", &words);
            }
        } else {
            match PhoneNumber::parse(self.number.text()) {
                Ok(number) => becomes(number.as_str(), c)
                    .iter()
                    .for_each(|(from, words)| foot.say("becomes", &format!("{words}{from}"))),
                Err(refusal) => foot.tell(&refusal.problem.to_string()),
            }
        }
        foot.draw(frame, area);
        frame.buffer_mut().set_string(area.x, area.y + 1, LABEL, theme::HEAD);
        let width = u16::try_from(LABEL.len()).unwrap_or(0);
        let field = Rect { x: area.x + width, y: area.y + 1, width: area.width.saturating_sub(width), height: 1 };
        self.number.draw(frame, field, Echo::Text, self.is_trying());
    }
}

/// What follows the beginning of a number that is made up.
const REST: &str = "123456";

/// `+ at place 1`: the rule at that place, from 0.
fn named(rules: &[&Arc<DialRule>], at: usize) -> String {
    format!("{} at place {}", dial_rule_name(rules[at].prefix.as_str()), at + 1)
}

fn fits_all_before(rules: &[&Arc<DialRule>], before: usize) -> String {
    format!("{} fits all of them before it", named(rules, before))
}

/// The rule at that place, from 0, in words, and which of the others leave numbers to it or get some from it.
fn in_full(place: usize, rules: &[&Arc<DialRule>], c: &Configuration, width: u16) -> Foot {
    let rule = rules[place];
    let named = |at: usize| named(rules, at);
    let mut foot = Foot::new(&format!("dial rule {}", dial_rule_name(rule.prefix.as_str())), width);
    let example = format!("{}{REST}", rule.prefix);
    foot.say("for example", &format!("{example} is dialed as {}", rule.apply(&example)));
    if let Some(before) = hidden_by(rules, place) {
        foot.say("!", &format!("it fits no number: {}", fits_all_before(rules, before)));
        return foot;
    }
    let (earlier, later) = (0..place, place + 1..rules.len());
    let of_context = |at: usize| {
        let context = rules[at].context.filter(|context| rule.context != Some(*context));
        let context = context.and_then(|context| c.contexts.get(context));
        context.map_or_else(|| named(at), |context| format!("{}, for callers in {}", named(at), context.name))
    };
    let shared: Vec<String> = earlier.filter(|at| rule.shares_with(rules[*at])).map(of_context).collect();
    if !shared.is_empty() {
        foot.say("without those", &format!("of {}", shared.join("; ")));
    }
    let hidden: Vec<String> = later.filter(|at| rule.hides(rules[*at])).map(named).collect();
    if !hidden.is_empty() {
        foot.say("!", &format!("nothing is left to {}", hidden.join(", ")));
    }
    foot
}

/// What is dialled for a number, and for whom: once for most callers, and for those in each context where it differs.
fn becomes(number: &str, c: &Configuration) -> Vec<(String, String)> {
    let rules: Vec<Arc<DialRule>> = c.ordered_dial_rules().into_iter().cloned().collect();
    let words = |context: Option<ContextId>| {
        let by = match counting(&rules, number, context) {
            Some(place) => format!("by the rule at place {}", place + 1),
            None => "no rule matches it".to_owned(),
        };
        format!("{}, {by}", dialled(&rules, number, context))
    };
    let usual = words(None);
    let others = c.contexts.iter().map(|context| (context, words(Some(context.id))));
    let others: Vec<_> = others.filter(|(_, words)| *words != usual).collect();
    let whose = if others.is_empty() { "" } else { ", for callers elsewhere" };
    let others = others.into_iter().map(|(context, words)| (format!(", for callers in {}", context.name), words));
    others.chain([(whose.to_owned(), usual.clone())]).collect()
}

/// For whom the rule is.
fn callers(rule: &DialRule, c: &Configuration) -> String {
    let context = rule.context.and_then(|id| c.contexts.get(id));
    context.map_or_else(|| "any context".to_owned(), |context| context.name.to_string())
}
