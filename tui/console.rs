//! The console itself: the stack of screens of each place, how a key finds its way, the frame around what is shown, and
//! the loop. A key goes to the screen on top; what that does not take is one of the few commands of every screen.

mod ending;
mod meant;
mod mouse;
mod typed_ahead;
mod unasked;
mod way;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use ratatui::Frame;
use ratatui::crossterm::event as terminal;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Clear;
use time::{OffsetDateTime, UtcOffset};

use super::app::{App, DynScreen, Placement, Transition, TypedInput};
use super::appearance::{Appearance, Theme};
use super::ask::Question;
use super::capabilities::Capabilities;
use super::degrade::degrade;
use super::detail::DetailPane;
use super::event::{self, Event};
use super::frame::{self, Head, MayLeave, Parts};
use super::key_hint::KeyHint;
use super::key_table::Action;
use super::keys::Key;
use super::saving::store_words;
use super::screens::{self, help::Help, palette::CommandPalette, same_command::SameCommands};
use super::tab::Tab;
use super::terminal::TerminalGuard;
use super::terminal_request::{Mouse, TerminalRequest};
use super::undo::undo;
use super::watchers;
use super::widgets::list::MOVES;
use super::{ConsoleError, Start};
use way::Jump;

/// What waits for the console to take it; beyond it the bringers wait.
const EVENTS_WAITING_MAX: usize = 256;

/// How long the console sleeps when nothing comes: the clock on the screen moves on.
const TICK: Duration = Duration::from_secs(1);

/// The same while a screen has a job: how far that is must be seen to move.
const WORKING_TICK: Duration = Duration::from_millis(100);

/// How long a change that is under way is waited for when the console ends.
const LAST_PATIENCE: Duration = Duration::from_secs(2);

/// Runs the console until its user leaves it or its terminal goes.
pub(crate) fn run(start: Start) -> Result<(), ConsoleError> {
    let (capabilities, theme, tab) = (start.capabilities, start.theme, start.tab);
    let (folder, store, files) = (start.folder.clone(), start.store.clone(), start.files.clone());
    let zone = UtcOffset::current_local_offset().unwrap_or(UtcOffset::UTC);
    let app = App::open(start, OffsetDateTime::now_utc().to_offset(zone))?;
    let mut console = Console::new(app, capabilities, theme, tab);
    let (sender, receiver) = sync_channel(EVENTS_WAITING_MAX);
    event::listen_to_signals(&sender)?;
    let mut guard = TerminalGuard::take(capabilities)?;
    console.offer_unsaved();
    guard.draw(|frame| console.draw(frame))?;
    event::listen_to_keys(&sender)?;
    watchers::start(folder, &store, files, &sender)?;
    drop(sender);
    let ended = show(&mut console, &mut guard, &receiver, zone);
    // However it ended: a terminal that is gone cannot be drawn on, and that may be heard of first.
    console.settle();
    console.keep_unsaved();
    ended
}

/// Draws and listens until the console is left or its terminal is gone.
fn show(
    console: &mut Console,
    guard: &mut TerminalGuard,
    receiver: &Receiver<Event>,
    zone: UtcOffset,
) -> Result<(), ConsoleError> {
    while console.is_open() {
        take_all(receiver, console);
        console.look_after();
        console.app.now = OffsetDateTime::now_utc().to_offset(zone);
        for request in console.app.take_requests() {
            guard.obey(&request)?;
        }
        guard.draw(|frame| console.draw(frame))?;
        if console.keep_from_question(receiver) {
            guard.draw(|frame| console.draw(frame))?;
        }
    }
    Ok(())
}

/// Waits for the next events and takes all that is there: a paste of a thousand keys is one frame.
pub(super) fn take_all(receiver: &Receiver<Event>, console: &mut Console) {
    let tick = if console.is_working() { WORKING_TICK } else { TICK };
    let patience = console.detail.patience(Instant::now()).map_or(tick, |patience| patience.min(tick));
    match receiver.recv_timeout(patience) {
        Ok(first) => console.handle(first),
        Err(RecvTimeoutError::Timeout) => {
            // The cursor has rested by now.
            console.detail.patience(Instant::now());
            return;
        }
        Err(RecvTimeoutError::Disconnected) => console.is_open = false,
    }
    while console.is_open() {
        if console.app.take_has_waited() {
            // What came meanwhile was typed before anybody saw what came of it.
            console.hold_back(receiver);
            console.play_typed_ahead();
            continue;
        }
        match receiver.try_recv() {
            Ok(next) => console.handle(next),
            Err(_) => return,
        }
    }
}

pub(super) struct Console {
    pub(super) app: App,
    pub(super) capabilities: Capabilities,
    /// Asked for as the console was started.
    pub(super) theme: Option<Theme>,
    tab: Tab,
    /// The screens of each place that was gone to, from the bottom up; never empty.
    stacks: BTreeMap<Tab, Vec<Box<dyn DynScreen>>>,
    /// How somebody came here from elsewhere, the last one last.
    jumps: Vec<Jump>,
    /// Esc was just told where it leads from the list.
    is_told_back: bool,
    is_open: bool,
    /// Its user left it and knows what is lost by that; else the line was cut, or the system ended it.
    was_left: bool,
    /// Nothing of the screen is shown: nobody could see what a key does.
    is_hidden: bool,
    mouse: Mouse,
    parts: Parts,
    pub(super) detail: DetailPane,
    /// What stands on the screen, a line a row: for what must not happen to what nobody sees.
    shown: String,
    /// A question came by itself, once something beside was over, and has not been drawn yet.
    is_question_new: bool,
    /// Keys wait though nothing is under way any more: they were typed before what is shown now was there.
    holds_keys_back: bool,
}

impl Console {
    pub(super) fn new(app: App, capabilities: Capabilities, theme: Option<Theme>, tab: Tab) -> Self {
        let mut console = Self {
            app,
            capabilities,
            theme,
            tab,
            stacks: BTreeMap::new(),
            jumps: Vec::new(),
            is_told_back: false,
            is_open: true,
            was_left: false,
            is_hidden: false,
            mouse: Mouse::Console,
            parts: Parts::default(),
            detail: DetailPane::default(),
            shown: String::new(),
            is_question_new: false,
            holds_keys_back: false,
        };
        console.go(tab);
        console
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn is_working(&self) -> bool {
        self.app.under_way().is_some() || self.app.is_rereading() || self.top().is_working()
    }

    /// What was under way may be over, and so may the job of the screen on top.
    pub(super) fn look_after(&mut self) {
        if let Some(transition) = self.app.look_after(Duration::ZERO) {
            self.go_on(transition);
            if self.top().is_modal() {
                // A form that could not be saved, or a question.
                self.forget_typed_ahead();
            }
            self.is_question_new = self.top().is_asking();
        }
        if self.app.is_rereading() {
            self.app.take_reread(Duration::ZERO);
            self.update_screens();
        }
        self.look_after_top();
        self.play_typed_ahead();
        self.app.take_has_waited();
    }

    fn close(&mut self) {
        (self.is_open, self.was_left) = (false, true);
    }

    pub(super) fn handle(&mut self, event: Event) {
        match event {
            Event::Terminal(terminal::Event::Key(event)) => {
                if let Some(key) = Key::of(event) {
                    self.press(key);
                }
            }
            Event::Terminal(terminal::Event::Paste(text)) => self.paste(&text),
            Event::Terminal(terminal::Event::Mouse(mouse)) => {
                self.point(mouse.kind, Position::new(mouse.column, mouse.row))
            }
            Event::Terminal(_) => {}
            Event::Cut | Event::EndAsked => self.is_open = false,
            Event::Configuration(configuration) => {
                self.app.on_configuration(configuration);
                self.update_screens();
            }
            Event::Server(server) => {
                self.app.on_server(server);
                self.update_screens();
            }
            Event::AtWork(at_work) => {
                self.app.at_work = at_work;
                self.update_screens();
            }
            Event::Files(files) => self.app.files = files,
            Event::Findings(mut findings) => {
                // The worst first; the checks' own order within.
                findings.sort_by_key(|finding| finding.severity);
                (self.app.findings, self.app.was_checked) = (findings, true);
                self.update_screens();
            }
            Event::LastLogins(last_logins) => {
                self.app.last_logins = Arc::new(last_logins);
                self.update_screens();
            }
            Event::Services(services) => {
                self.app.services = Arc::new(services);
                self.update_screens();
            }
            Event::Lost(error) => self.app.lost = Some(store_words(&error)),
            Event::Fell(at) => self.app.fail(format!("the console failed to look at {at}; it tries again")),
        }
    }

    /// Something that took longer is over.
    fn go_on(&mut self, transition: Transition) {
        self.follow(transition);
        self.look_after_top();
        self.update_screens();
    }

    fn look_after_top(&mut self) {
        if self.top().is_working() {
            let app = &mut self.app;
            let transition = top_of(&mut self.stacks, self.tab).look_after(app);
            self.follow(transition);
        }
    }

    pub(super) fn press(&mut self, key: Key) {
        if self.is_hidden {
            if [Key::char('q'), Key::ctrl('c')].contains(&key) && self.unsaved().is_empty() {
                self.close();
            }
            return;
        }
        match Action::of(key) {
            Some(action) if MOVES.contains(&action) => self.detail.wait(Instant::now()),
            _ => self.detail.follow(),
        }
        self.is_told_back &= [Key::ESC, Key::BACKSPACE].contains(&key);
        match Action::of(key) {
            Some(Action::Redraw) => return self.app.request(TerminalRequest::Redraw),
            Some(Action::Mouse) => return self.switch_mouse(),
            _ => {}
        }
        if self.is_busy() {
            self.press_while_busy(key);
            return;
        }
        if self.answers_nothing(key) {
            return;
        }
        self.app.note = None;
        if self.top().asks_for_help(key) {
            self.show_help();
            return;
        }
        if self.asks_who_is_meant(key) {
            return;
        }
        let is_text = self.top().takes_text() && key.typed().is_some();
        let app = &mut self.app;
        let transition = top_of(&mut self.stacks, self.tab).press(key, app);
        match transition {
            Some(transition) => self.follow(transition),
            None if is_text => {}
            None if self.top().lets_through() && leads_elsewhere(key) => {
                self.follow(Transition::Back(Box::new(Transition::Press(key))));
            }
            None if self.top().lets_through() => {
                self.follow(Transition::Pop);
                self.app.remark(format!("the box is closed; {key} again does what it does here"));
            }
            None => self.everywhere(key),
        }
    }

    /// The commands of every screen; a modal one is left by its own keys.
    fn everywhere(&mut self, key: Key) {
        if self.top().is_modal() {
            if key == Key::char('?') {
                self.show_help();
            }
            return;
        }
        match Action::of(key) {
            _ if key == Key::BACKSPACE => self.follow(Transition::Pop),
            Some(Action::Leave | Action::Close) => self.leave(),
            Some(Action::Undo) => {
                let transition = undo(&self.shown, &mut self.app);
                self.go_on(transition);
            }
            Some(Action::Keys) => self.show_help(),
            Some(Action::Palette) => self.show_palette(),
            Some(Action::Repeat) => {
                let rows = self.top().rows();
                let transition = self.app.repeat_on(rows);
                self.go_on(transition);
            }
            Some(Action::Clipboard) => self.show_same_commands(),
            Some(Action::Changes) => {
                let rows = self.top().rows();
                let transition = screens::show_changes_of(rows, &mut self.app);
                self.follow(transition);
            }
            Some(Action::Back) => self.follow(Transition::Pop),
            Some(Action::Save) => self.app.remark("there is nothing to save here"),
            _ => match Tab::ALL.into_iter().find(|tab| tab.key() == key) {
                Some(tab) => self.go_to_list(tab),
                None if key.moves_in_text() => {}
                None => self.app.warn(format!("{key} does nothing here; ? shows the keys")),
            },
        }
    }

    fn paste(&mut self, text: &str) {
        if self.is_hidden {
            return;
        }
        if self.is_busy() {
            return self.app.typed_ahead.keep(TypedInput::Pasted(text.to_owned()));
        }
        let app = &mut self.app;
        top_of(&mut self.stacks, self.tab).pasted(text, app);
    }

    /// Nothing is open that could lose anything: forms are modal and answer for themselves.
    fn leave(&mut self) {
        match self.lost_by_leaving() {
            None => self.close(),
            Some((text, leave)) => {
                let question = Question::new("Leave the console?", text);
                let question = question.choice('y', leave, |_| Transition::Leave).stay("stay");
                self.follow(Transition::Push(Box::new(question)));
            }
        }
    }

    /// Where something would be lost: `Profiles › Desk`.
    fn unsaved(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (tab, stack) in &self.stacks {
            let of_place = stack.iter().filter(|screen| screen.has_unsaved());
            names.extend(of_place.map(|screen| format!("{} › {}", tab.heading(), screen.title(&self.app))));
        }
        names
    }

    /// With the theme that holds now.
    fn appearance(&self) -> Appearance {
        Appearance::of(self.capabilities, self.theme, self.app.theme())
    }

    fn show_help(&mut self) {
        let help = Help::of(self.top(), &self.app);
        self.follow(Transition::Push(Box::new(help)));
    }

    fn show_same_commands(&mut self) {
        match self.app.last_change() {
            Some(change) => {
                let screen = SameCommands::of(change, &self.app);
                self.follow(Transition::Push(Box::new(screen)));
            }
            None => self.app.warn("nothing was changed in this console yet; y shows the last change as a command"),
        }
    }

    fn show_palette(&mut self) {
        let list = (self.stack().len() == 1).then_some(self.tab);
        let palette = CommandPalette::open(&self.top().key_hints(&self.app), list, &self.app);
        self.follow(Transition::Push(Box::new(palette)));
    }

    /// All screens of the place; those of another hear when somebody goes there, for some hear at a price.
    fn update_screens(&mut self) {
        let app = &mut self.app;
        for screen in self.stacks.get_mut(&self.tab).into_iter().flatten() {
            screen.on_update(app);
        }
        self.leave_gone();
    }

    pub(super) fn top(&self) -> &dyn DynScreen {
        &**self.stacks[&self.tab].last().expect("a tab's stack is never empty")
    }

    fn stack(&mut self) -> &mut Vec<Box<dyn DynScreen>> {
        self.stacks.get_mut(&self.tab).expect("the tab was gone to")
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        self.is_hidden = frame::is_too_small(area);
        if self.is_hidden {
            let may_leave = if self.unsaved().is_empty() { MayLeave::AtOnce } else { MayLeave::NotUnsaved };
            frame::draw_too_small(frame, area, may_leave);
            degrade(frame.buffer_mut(), self.appearance());
            return;
        }
        let crumbs: Vec<String> = self.stacks[&self.tab].iter().skip(1).map(|screen| screen.title(&self.app)).collect();
        let key_hints: Vec<KeyHint> = match self.app.under_way() {
            // What is being written can no longer be canceled.
            Some(under_way) if under_way.phase.is_under_way() => Vec::new(),
            Some(_) => vec![KeyHint::give_up()],
            None => self.top().key_hints(&self.app),
        };
        let is_form = self.top().is_modal() || self.top().takes_text();
        let ending = match self.app.under_way() {
            Some(_) => &[],
            None if is_form => frame::IN_A_FORM,
            None => frame::ON_A_SCREEN,
        };
        let unsaved: Vec<Tab> = self.stacks.keys().copied().filter(|tab| self.has_unsaved(*tab)).collect();
        self.parts = frame::draw(frame, self.tab, &unsaved, &key_hints, ending);
        self.draw_screens(frame, self.parts.body);
        let head = Head { tab: self.tab, crumbs, count: self.top().count() };
        frame::draw_title(frame, &self.parts, &head, &self.app);
        frame::draw_note(frame, &self.app);
        self.shown = frame::text_of(frame.buffer_mut());
        degrade(frame.buffer_mut(), self.appearance());
    }

    /// The topmost whole screen, and whatever stands over it.
    fn draw_screens(&mut self, frame: &mut Frame<'_>, body: Rect) {
        let app = &self.app;
        let stack = self.stacks.get_mut(&self.tab).expect("the tab was gone to");
        let room = frame::room_of_box(body);
        let bottom = stack.iter().rposition(|screen| screen.placement(room) == Placement::Whole).unwrap_or(0);
        for screen in &mut stack[bottom..] {
            match screen.placement(room) {
                Placement::Whole => self.detail.draw(&mut **screen, frame, body, app),
                Placement::Over(width, height) => {
                    let area = frame::middle(body, width, height);
                    frame.render_widget(Clear, area);
                    let inner = frame::draw_box(frame, area, &screen.title(app));
                    screen.draw(frame, inner, app);
                }
            }
        }
    }
}

/// Whether a key only shows something else, or opens a form: it changes nothing of what stands below a box, and does not
/// leave the console.
fn leads_elsewhere(key: Key) -> bool {
    let shows = [Action::Palette, Action::Keys, Action::Find, Action::Next, Action::Previous];
    let opens_form = [Action::Add, Action::Copy, Action::Edit, Action::EditPage, Action::Bulk, Action::Import];
    Tab::ALL.into_iter().any(|tab| tab.key() == key)
        || MOVES.iter().chain(&shows).chain(&opens_form).any(|action| Action::of(key) == Some(*action))
}

fn top_of(stacks: &mut BTreeMap<Tab, Vec<Box<dyn DynScreen>>>, tab: Tab) -> &mut dyn DynScreen {
    let stack = stacks.get_mut(&tab).expect("the tab was gone to");
    &mut **stack.last_mut().expect("a tab's stack is never empty")
}
