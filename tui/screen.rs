//! What a screen is: a state that draws itself, lists what can be done, and answers with where to go next. The console
//! holds a stack of them; none knows another but by opening it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use super::app::{App, Detail, DynScreen, Placement, Rows, Target, Transition};
use super::commands::Command;
use super::detail;
use super::filter::{Filter, FilterResponse};
use super::key_hint::KeyHint;
use super::key_table::Action;
use super::keys::Key;
use super::table_view::{self, AnyTable};
use super::typed_form::{FormKey, UnsavedForm};
use super::widgets::heads::{self, HeadAnswer};
use super::widgets::list::RowClick;
use super::widgets::marks::{self, Marking, MeantRows};

pub(super) trait Screen: Sized {
    /// Its part of the title: `xivo`, `new presence`.
    fn title(&self, app: &App) -> String;

    /// What can be done now.
    fn commands(&self, app: &App) -> Vec<Command<Self>>;

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App);

    /// All about the chosen row, for so many columns beside the list of a wide terminal; none: the list has all of it. A
    /// frame asks for it: it reads what is in memory, and a row or two of the store where that is not.
    fn detail(&self, _width: u16, _app: &App) -> Option<Detail> {
        None
    }

    /// Of so many columns, those that its list keeps beside the detail.
    fn list_width(&self, width: u16) -> u16 {
        detail::usual_list_width(width)
    }

    /// The same as `draw`, where it is the detail of another screen.
    fn draw_detail(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        Screen::draw(self, frame, area, app);
    }

    /// How it stands where a box has room for so much content.
    fn placement(&self, _room: Size) -> Placement {
        Placement::Whole
    }

    /// A form or a question: it must be answered or left before anything else is gone to.
    fn is_modal(&self) -> bool {
        false
    }

    /// Whether a key is an answer now: nothing that was typed before the question was seen gives one.
    fn is_asking(&self) -> bool {
        self.is_modal()
    }

    /// What the question that is open may be answered with, and what that does; none: nothing is asked.
    fn answers(&self) -> Vec<(Key, String)> {
        Vec::new()
    }

    /// Whether the key asks for the page of keys, whatever else is text now: F1 does everywhere, `?` where it is no text.
    fn asks_for_help(&self, key: Key) -> bool {
        key == Key::F1 || (key == Key::char('?') && !self.answers().is_empty())
    }

    /// Whether a key for which it has no use closes it and is for the screen below.
    fn lets_through(&self) -> bool {
        false
    }

    /// Whether its list is being read again after a change of this console that it does not show yet: keys wait for that.
    fn is_behind(&self, _app: &App) -> bool {
        false
    }

    /// Whether characters are text now, and no commands.
    fn takes_text(&self) -> bool {
        false
    }

    /// A key that is no command.
    fn typed(&mut self, _key: Key, _app: &mut App) -> Transition {
        Transition::Stay
    }

    fn pasted(&mut self, _text: &str, _app: &mut App) {}

    /// A mouse click within what was drawn last; in a table it chooses a row, and the second one opens it.
    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.table_mut().map_or(Transition::Stay, |table| open_again(table.clicked(at)))
    }

    /// The app has heard of something new: what was shown by id may be gone.
    fn on_update(&mut self, _app: &mut App) {}

    /// Its table, if it has one: cursor, filter, marks and order are the same on all screens then.
    fn table(&self) -> Option<&dyn AnyTable> {
        None
    }

    /// The same one.
    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        None
    }

    /// The cursor of its table was moved by a key.
    fn on_move(&mut self) {}

    /// What narrows its list, if it has one.
    fn filter(&self) -> Option<&Filter> {
        self.table().map(AnyTable::filter)
    }

    /// The same one.
    fn filter_mut(&mut self) -> Option<&mut Filter> {
        self.table_mut().map(AnyTable::filter_mut)
    }

    /// Other rows are meant now; most screens just look again.
    fn on_filter(&mut self, app: &mut App) {
        self.on_update(app);
    }

    /// Somebody came to its list by the key of its place.
    fn arrive(&mut self, _app: &mut App) {}

    /// Which rows a change would be about: `.` does the last one to them.
    fn rows(&self) -> Option<Rows> {
        None
    }

    /// The object whose page it is: the page is left once that is gone.
    fn object(&self) -> Option<Target> {
        None
    }

    /// Marks these rows and no others, whatever is looked for, if they are its own.
    fn mark(&mut self, _rows: &Rows, _app: &mut App) {}

    /// At which of its rows the cursor is, from 0, if not all of them are seen.
    fn place(&self) -> Option<usize> {
        self.table().and_then(AnyTable::place_among_more)
    }

    /// The list whose rows can be marked, if it has one.
    fn marks(&self) -> Option<&dyn Marking> {
        self.table().and_then(AnyTable::marks)
    }

    /// The same one.
    fn marks_mut(&mut self) -> Option<&mut dyn Marking> {
        self.table_mut().and_then(AnyTable::marks_mut)
    }

    /// The rows of its table are to be in another order now.
    fn on_sort(&mut self, app: &mut App) {
        self.on_update(app);
    }

    /// Goes to an object, if it is one of its own.
    fn reveal(&mut self, _target: Target, _app: &mut App) -> Transition {
        Transition::Stay
    }

    /// Whether leaving now would lose something.
    fn has_unsaved(&self) -> bool {
        false
    }

    /// What of that is kept and offered again where the line is cut.
    fn unsaved(&self, _app: &App) -> Option<UnsavedForm> {
        None
    }

    /// A form over it that it alone can open, by the key of what was typed there.
    fn reopen(&self, _key: &FormKey, _app: &App) -> Option<Box<dyn DynScreen>> {
        None
    }

    /// Whether a `Job` works for it: the console then draws and lets it look several times a second.
    fn is_working(&self) -> bool {
        false
    }

    /// Looks after its job, while it is on top.
    fn look_after(&mut self, _app: &mut App) -> Transition {
        Transition::Stay
    }
}

/// The second click on a row is what Enter is there.
pub(super) fn open_again(click: RowClick) -> Transition {
    match click {
        RowClick::Again => Transition::Press(Key::ENTER),
        RowClick::Missed | RowClick::Chosen => Transition::Stay,
    }
}

/// Whether the key was for the head of the table: but while its filter is typed.
fn press_head<S: Screen>(screen: &mut S, key: Key, app: &mut App) -> bool {
    if screen.filter().is_some_and(Filter::is_open) {
        return false;
    }
    let answer = screen.table_mut().map_or(HeadAnswer::NotMine, |table| table.heads_mut().press_head(key));
    sorted(screen, answer, app)
}

/// Whether the head had a use for it; a new order is told.
fn sorted<S: Screen>(screen: &mut S, answer: HeadAnswer, app: &mut App) -> bool {
    if answer == HeadAnswer::Sorted {
        screen.on_sort(app);
        if let Some(words) = screen.table().map(|table| table.heads().words()) {
            app.remark(words);
        }
    }
    answer != HeadAnswer::NotMine
}

/// Whether the key marked something: on every list with marks, but while its filter is typed.
fn press_mark<S: Screen>(screen: &mut S, key: Key, app: &mut App) -> bool {
    if screen.filter().is_some_and(Filter::is_open) {
        return false;
    }
    let Some(marking) = screen.marks_mut() else { return false };
    match app.read_only_obstacle() {
        // Nothing could be done with it.
        Some(obstacle) if Action::of(key).is_some_and(|action| marks::ACTIONS.contains(&action)) => {
            app.warn(obstacle);
            true
        }
        Some(_) => false,
        None => {
            let (marked, hidden) = (marking.number_marked(), marking.number_hidden());
            let was_taken = marking.press_mark(key);
            // Nobody saw them, and they were meant for something.
            if hidden > 0 && marking.number_marked() == 0 {
                app.remark(marks::gone_words(marked, hidden));
            }
            was_taken
        }
    }
}

impl<S: Screen> DynScreen for S {
    fn title(&self, app: &App) -> String {
        Screen::title(self, app)
    }

    fn key_hints(&self, app: &App) -> Vec<KeyHint> {
        let mut hints: Vec<KeyHint> = self.commands(app).iter().map(Command::key_hint).collect();
        let table = Screen::table(self);
        if table.is_some() {
            table_view::add_moves(&mut hints);
        }
        let hints = match Screen::filter(self) {
            Some(filter) if filter.is_open() => return filter.add_to(hints),
            Some(filter) => filter.add_to(hints),
            None => hints,
        };
        let hints = match table.map(AnyTable::heads) {
            Some(sorting) if sorting.is_chosen_from() => return heads::add_to(sorting, hints),
            Some(sorting) => heads::add_to(sorting, hints),
            None => hints,
        };
        match Screen::marks(self).filter(|_| app.read_only_obstacle().is_none()) {
            Some(marking) => marks::add_to(marking, hints),
            None => hints,
        }
    }

    fn press(&mut self, key: Key, app: &mut App) -> Option<Transition> {
        if press_head(self, key, app) || press_mark(self, key, app) {
            return Some(Transition::Stay);
        }
        let answer = Screen::filter_mut(self).map(|filter| filter.press(key));
        match answer {
            None | Some(FilterResponse::NotMine) => {}
            Some(FilterResponse::Taken) => {
                // Whoever goes on with what was found does not come back to where they were.
                if key == Key::ENTER
                    && let Some(table) = Screen::table_mut(self)
                {
                    table.settle();
                }
                return Some(Transition::Stay);
            }
            Some(FilterResponse::Narrowed) => {
                Screen::on_filter(self, app);
                return Some(Transition::Stay);
            }
        }
        let is_text = Screen::takes_text(self) && key.typed().is_some();
        let command = self.commands(app).into_iter().find(|command| !is_text && command.is_for(key));
        match command {
            Some(command) => Some(command.act(self, key, app)),
            // F1 is no text: the help is for forms too.
            None if Screen::takes_text(self) && key != Key::F1 => Some(self.typed(key, app)),
            None if Screen::table_mut(self).is_some_and(|table| table.press(key)) => {
                Screen::on_move(self);
                Some(Transition::Stay)
            }
            None => None,
        }
    }

    fn pasted(&mut self, text: &str, app: &mut App) {
        match Screen::filter_mut(self).map_or(FilterResponse::NotMine, |filter| filter.paste(text)) {
            FilterResponse::NotMine => Screen::pasted(self, text, app),
            FilterResponse::Taken => {}
            FilterResponse::Narrowed => Screen::on_filter(self, app),
        }
    }

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        let answer = Screen::table_mut(self).map_or(HeadAnswer::NotMine, |table| table.heads_mut().click_head(at));
        if sorted(self, answer, app) {
            return Transition::Stay;
        }
        let transition = Screen::clicked(self, at, app);
        if let (Transition::Press(_), Some(filter)) = (&transition, Screen::filter_mut(self)) {
            // Enter is for the row, not for the words that are being typed.
            filter.keep();
        }
        transition
    }

    fn on_update(&mut self, app: &mut App) {
        Screen::on_update(self, app);
    }

    fn arrive(&mut self, app: &mut App) {
        Screen::arrive(self, app);
    }

    fn rows(&self) -> Option<Rows> {
        Screen::rows(self)
    }

    fn object(&self) -> Option<Target> {
        Screen::object(self)
    }

    fn unclear_marks(&self, key: Key, app: &App) -> Option<&dyn Marking> {
        let is_typed = Screen::takes_text(self) || Screen::filter(self).is_some_and(Filter::is_open);
        let marking = Screen::marks(self).filter(|marking| !is_typed && marking.is_unclear())?;
        let action = Action::of(key)?;
        // What Enter does too is meant for the row.
        let is_command = |command: &Command<S>| command.is_for(key) && !command.is_for(Key::ENTER);
        let can_be_done = || self.commands(app).iter().any(|command| is_command(command) && command.can_be_done());
        // Where the cursor alone says what is done again, or nothing would be, there is nothing to ask.
        let is_repeated = || Screen::rows(self).is_some_and(|rows| rows.is_by_marks && app.can_repeat_on(&rows));
        let is_about_marks = match action {
            Action::Repeat => is_repeated(),
            action => marks::is_for_marks(action) && can_be_done(),
        };
        is_about_marks.then_some(marking)
    }

    fn mean(&mut self, answer: Option<MeantRows>) {
        if let Some(marking) = Screen::marks_mut(self) {
            marking.mean(answer);
        }
    }

    fn mark(&mut self, rows: &Rows, app: &mut App) {
        Screen::mark(self, rows, app);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        Screen::reveal(self, target, app)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let marked = Screen::marks(self).map_or(0, Marking::number_marked);
        let area = Screen::filter(self).map_or(area, |filter| filter.draw(frame, area, marked));
        Screen::draw(self, frame, area, app);
    }

    fn draw_detail(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        Screen::draw_detail(self, frame, area, app);
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        Screen::detail(self, width, app)
    }

    fn list_width(&self, width: u16) -> u16 {
        Screen::list_width(self, width)
    }

    fn placement(&self, room: Size) -> Placement {
        Screen::placement(self, room)
    }

    fn is_modal(&self) -> bool {
        Screen::is_modal(self)
    }

    fn is_asking(&self) -> bool {
        Screen::is_asking(self)
    }

    fn answers(&self) -> Vec<(Key, String)> {
        Screen::answers(self)
    }

    fn asks_for_help(&self, key: Key) -> bool {
        Screen::asks_for_help(self, key)
    }

    fn lets_through(&self) -> bool {
        Screen::lets_through(self)
    }

    fn is_behind(&self, app: &App) -> bool {
        Screen::is_behind(self, app)
    }

    fn takes_text(&self) -> bool {
        Screen::takes_text(self) || Screen::filter(self).is_some_and(Filter::is_open)
    }

    fn count(&self) -> Option<String> {
        let rows = Screen::filter(self).map(Filter::count_words);
        let rows = match Screen::place(self) {
            Some(place) if Screen::filter(self).is_some_and(Filter::is_on) => {
                rows.map(|rows| format!("{rows}, row {}", place + 1))
            }
            Some(place) => rows.map(|rows| format!("{} of {rows}", place + 1)),
            None => rows,
        };
        let marks = Screen::marks(self);
        let hidden = match marks.map_or(0, Marking::number_hidden) {
            0 => String::new(),
            hidden => format!(", {hidden} hidden"),
        };
        match marks.map_or(0, Marking::number_marked) {
            0 => rows,
            marked => Some(format!("{marked} marked{hidden}, {}", rows?)),
        }
    }

    fn filter_help(&self) -> Vec<(String, String)> {
        Screen::filter(self).filter(|filter| filter.is_open()).map(Filter::help_rows).unwrap_or_default()
    }

    fn has_unsaved(&self) -> bool {
        Screen::has_unsaved(self)
    }

    fn unsaved(&self, app: &App) -> Option<UnsavedForm> {
        Screen::unsaved(self, app)
    }

    fn reopen(&self, key: &FormKey, app: &App) -> Option<Box<dyn DynScreen>> {
        Screen::reopen(self, key, app)
    }

    fn is_working(&self) -> bool {
        Screen::is_working(self)
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        Screen::look_after(self, app)
    }
}
