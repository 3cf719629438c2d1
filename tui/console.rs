//! The console itself: the stack of screens of each place, how a key finds its way, the frame around what is shown, and
//! the loop. A key goes to the screen on top; what that does not take is one of the few commands of every screen.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use ratatui::Frame;
use ratatui::crossterm::event::{Event, MouseButton, MouseEventKind};
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Clear;
use time::{OffsetDateTime, UtcOffset};

use super::ability::Ability;
use super::ask::Question;
use super::commands::Offer;
use super::flatten::flatten;
use super::frame::{self, Parts};
use super::keys::Key;
use super::news::{self, News};
use super::office::Office;
use super::saving::store_words;
use super::screen::{Answer, Hold, Place, Shown, Stance};
use super::screens::help::Help;
use super::terminal::Taken;
use super::{ConsoleError, Start};

/// What waits for the console to take it; beyond it the bringers wait.
const NEWS_WAITING_MAX: usize = 256;

/// How long the console sleeps when nothing comes: the clock on the screen moves on.
const TICK: Duration = Duration::from_secs(1);

/// The same while a screen has a job: how far that is must be seen to move.
const WORKING_TICK: Duration = Duration::from_millis(100);

/// How long a change that is under way is waited for when the console ends.
const LAST_PATIENCE: Duration = Duration::from_secs(2);

/// Runs the console until its user leaves it or its terminal goes.
pub(crate) fn run(start: Start) -> Result<(), ConsoleError> {
    let (ability, place) = (start.ability, start.place);
    let (folder, store) = (start.folder.clone(), start.store.clone());
    let zone = UtcOffset::current_local_offset().unwrap_or(UtcOffset::UTC);
    let office = Office::open(start, OffsetDateTime::now_utc().to_offset(zone))?;
    let mut console = Console::new(office, ability, place);
    let (sender, receiver) = sync_channel(NEWS_WAITING_MAX);
    news::listen_to_signals(&sender)?;
    let mut taken = Taken::take(ability)?;
    taken.terminal.draw(|frame| console.draw(frame))?;
    news::listen(folder, &store, &sender)?;
    drop(sender);
    while console.is_open() {
        take_all(&receiver, &mut console);
        console.look_after();
        console.office.now = OffsetDateTime::now_utc().to_offset(zone);
        taken.terminal.draw(|frame| console.draw(frame))?;
    }
    console.settle();
    Ok(())
}

/// Waits for the next news and takes all that is there: a paste of a thousand keys is one frame.
fn take_all(receiver: &Receiver<News>, console: &mut Console) {
    let patience = if console.is_working() { WORKING_TICK } else { TICK };
    match receiver.recv_timeout(patience) {
        Ok(first) => console.hear(first),
        Err(RecvTimeoutError::Timeout) => return,
        Err(RecvTimeoutError::Disconnected) => console.close(),
    }
    while console.is_open()
        && let Ok(next) = receiver.try_recv()
    {
        console.hear(next);
    }
}

pub(super) struct Console {
    pub(super) office: Office,
    ability: Ability,
    place: Place,
    /// The screens of each place that was gone to, from the bottom up; never empty.
    stacks: BTreeMap<Place, Vec<Box<dyn Shown>>>,
    is_open: bool,
    /// Nothing of the screen is shown: nobody could see what a key does.
    is_hidden: bool,
    parts: Parts,
}

impl Console {
    pub(super) fn new(office: Office, ability: Ability, place: Place) -> Self {
        let mut console = Self {
            office,
            ability,
            place,
            stacks: BTreeMap::new(),
            is_open: true,
            is_hidden: false,
            parts: Parts::default(),
        };
        console.go(place);
        console
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn is_working(&self) -> bool {
        self.office.under_way().is_some() || self.top().is_working()
    }

    /// What was under way may be over, and so may the job of the screen on top.
    pub(super) fn look_after(&mut self) {
        if let Some(answer) = self.office.look_after(Duration::ZERO) {
            self.go_on(answer);
        }
        self.look_after_top();
    }

    pub(super) fn close(&mut self) {
        self.is_open = false;
    }

    pub(super) fn hear(&mut self, news: News) {
        match news {
            News::Terminal(Event::Key(event)) => {
                if let Some(key) = Key::of(event) {
                    self.press(key);
                }
            }
            News::Terminal(Event::Paste(text)) => self.paste(&text),
            News::Terminal(Event::Mouse(mouse)) => self.point(mouse.kind, Position::new(mouse.column, mouse.row)),
            News::Terminal(_) => {}
            News::Cut | News::EndAsked => self.close(),
            News::Configuration(configuration) => {
                self.office.hear_configuration(configuration);
                self.all_hear();
            }
            News::Server(server) => {
                self.office.hear_server(server);
                self.all_hear();
            }
            News::Findings(findings) => {
                self.office.findings = findings;
                self.all_hear();
            }
            News::Lost(error) => self.office.lost = Some(store_words(&error)),
            News::Fell => {
                self.office.fail("looking at the database and the server failed inside the console; it goes on")
            }
        }
    }

    /// Something that took longer is over.
    fn go_on(&mut self, answer: Answer) {
        self.follow(answer);
        self.look_after_top();
        self.all_hear();
    }

    fn look_after_top(&mut self) {
        if self.top().is_working() {
            let office = &mut self.office;
            let answer = top_of(&mut self.stacks, self.place).look_after(office);
            self.follow(answer);
        }
    }

    /// Before the console ends: what is not begun is given up, what is under way is waited for.
    fn settle(&mut self) {
        self.office.press_meanwhile(Key::ESC);
        self.office.look_after(LAST_PATIENCE);
    }

    pub(super) fn press(&mut self, key: Key) {
        if self.is_hidden {
            if [Key::char('q'), Key::ctrl('c')].contains(&key) && self.unsaved().is_empty() {
                self.close();
            }
            return;
        }
        if self.office.under_way().is_some() {
            if let Some(answer) = self.office.press_meanwhile(key) {
                self.go_on(answer);
            }
            return;
        }
        self.office.note = None;
        if key == Key::F1 {
            // Also where everything else is text.
            self.show_help();
            return;
        }
        let is_text = self.top().takes_text() && key.typed().is_some();
        let office = &mut self.office;
        let answer = top_of(&mut self.stacks, self.place).press(key, office);
        match answer {
            Some(answer) => self.follow(answer),
            None if is_text => {}
            None => self.everywhere(key),
        }
    }

    /// The commands of every screen; a modal one is left by its own keys.
    fn everywhere(&mut self, key: Key) {
        if self.top().hold() == Hold::Modal {
            if key == Key::char('?') {
                self.show_help();
            }
            return;
        }
        match key {
            key if key == Key::char('q') || key == Key::ctrl('c') => self.leave(),
            key if key == Key::ctrl('z') => {
                let answer = self.office.undo();
                self.go_on(answer);
            }
            key if key == Place::Help.key() => self.show_help(),
            Key::ESC | Key::BACKSPACE => self.follow(Answer::Pop),
            key => match Place::ALL.into_iter().find(|place| place.key() == key) {
                Some(place) => self.go(place),
                None if key.moves_in_text() => {}
                None => self.office.warn(format!("{key} does nothing here; ? shows the keys")),
            },
        }
    }

    fn paste(&mut self, text: &str) {
        if self.is_hidden || self.office.refuses("what was pasted") {
            return;
        }
        let office = &mut self.office;
        top_of(&mut self.stacks, self.place).pasted(text, office);
    }

    fn point(&mut self, kind: MouseEventKind, at: Position) {
        match kind {
            _ if self.is_hidden || self.office.refuses("the mouse") => {}
            MouseEventKind::ScrollUp => self.press(Key::UP),
            MouseEventKind::ScrollDown => self.press(Key::DOWN),
            MouseEventKind::Down(MouseButton::Left) => match self.parts.tab_at(at) {
                Some(place) if self.top().hold() == Hold::Free => self.go(place),
                _ => {
                    let office = &mut self.office;
                    let answer = top_of(&mut self.stacks, self.place).clicked(at, office);
                    self.follow(answer);
                }
            },
            _ => {}
        }
    }

    fn follow(&mut self, answer: Answer) {
        match answer {
            Answer::Stay => {}
            Answer::Push(screen) => self.stack().push(screen),
            Answer::Replace(screen) => {
                let stack = self.stack();
                stack.pop();
                stack.push(screen);
            }
            Answer::Pop => {
                if self.stack().len() > 1 {
                    self.stack().pop();
                    let office = &mut self.office;
                    top_of(&mut self.stacks, self.place).heard(office);
                }
            }
            Answer::Back(then) => {
                self.follow(Answer::Pop);
                self.follow(*then);
            }
            Answer::Go(place, target) => {
                self.go(place);
                if let Some(target) = target {
                    if self.stack().iter().any(|screen| screen.has_unsaved()) {
                        self.office.warn("what is open here is not saved yet: save or leave it first");
                        return;
                    }
                    self.stack().truncate(1);
                    let office = &mut self.office;
                    let answer = top_of(&mut self.stacks, self.place).reveal(target, office);
                    self.follow(answer);
                }
            }
            Answer::Leave => self.close(),
        }
    }

    fn go(&mut self, place: Place) {
        self.place = place;
        let office = &mut self.office;
        self.stacks.entry(place).or_insert_with(|| vec![place.open(office)]);
        self.all_hear();
    }

    /// Nothing is open that could lose anything: forms are modal and answer for themselves.
    fn leave(&mut self) {
        let unsaved = self.unsaved();
        if !unsaved.is_empty() {
            let text = format!("What is not saved in {} would be lost.", unsaved.join(", "));
            let question = Question::new("Leave the console?", text);
            let question = question.choice('y', "leave and lose it", |_| Answer::Leave).stay("stay");
            self.follow(Answer::Push(Box::new(question)));
            return;
        }
        self.close();
    }

    /// Where something would be lost: `Profiles › Desk`.
    fn unsaved(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (place, stack) in &self.stacks {
            let of_place = stack.iter().filter(|screen| screen.has_unsaved());
            names.extend(of_place.map(|screen| format!("{} › {}", place.heading(), screen.title(&self.office))));
        }
        names
    }

    fn show_help(&mut self) {
        let help = Help::of(self.top().title(&self.office), &self.top().offers(&self.office), &self.office);
        self.follow(Answer::Push(Box::new(help)));
    }

    /// All screens of the place; those of another hear when somebody goes there, for some hear at a price.
    fn all_hear(&mut self) {
        let office = &mut self.office;
        for screen in self.stacks.get_mut(&self.place).into_iter().flatten() {
            screen.heard(office);
        }
    }

    pub(super) fn top(&self) -> &dyn Shown {
        &**self.stacks[&self.place].last().expect("a place's stack is never empty")
    }

    fn stack(&mut self) -> &mut Vec<Box<dyn Shown>> {
        self.stacks.get_mut(&self.place).expect("the place was gone to")
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        self.is_hidden = frame::is_too_small(area);
        if self.is_hidden {
            frame::draw_too_small(frame, area);
            return;
        }
        let crumbs: Vec<String> =
            self.stacks[&self.place].iter().skip(1).map(|screen| screen.title(&self.office)).collect();
        let offers: Vec<Offer> = match self.office.under_way() {
            Some(_) => vec![Offer::give_up()],
            None => self.top().offers(&self.office),
        };
        let is_form = self.top().hold() == Hold::Modal || self.top().takes_text();
        let ending = match self.office.under_way() {
            Some(_) => &[],
            None if is_form => frame::IN_A_FORM,
            None => frame::ON_A_SCREEN,
        };
        self.parts = frame::draw(frame, &self.office, self.place, &crumbs, &offers, ending);
        self.draw_screens(frame, self.parts.body);
        frame::draw_note(frame, &self.office);
        flatten(frame.buffer_mut(), self.ability);
    }

    /// The topmost whole screen, and whatever stands over it.
    fn draw_screens(&mut self, frame: &mut Frame<'_>, body: Rect) {
        let office = &self.office;
        let stack = self.stacks.get_mut(&self.place).expect("the place was gone to");
        let bottom = stack.iter().rposition(|screen| screen.stance() == Stance::Whole).unwrap_or(0);
        for screen in &mut stack[bottom..] {
            match screen.stance() {
                Stance::Whole => screen.draw(frame, body, office),
                Stance::Over(width, height) => {
                    let area = middle(body, width, height);
                    frame.render_widget(Clear, area);
                    let inner = frame::draw_box(frame, area, &screen.title(office));
                    screen.draw(frame, inner, office);
                }
            }
        }
    }
}

fn top_of(stacks: &mut BTreeMap<Place, Vec<Box<dyn Shown>>>, place: Place) -> &mut dyn Shown {
    let stack = stacks.get_mut(&place).expect("the place was gone to");
    &mut **stack.last_mut().expect("a place's stack is never empty")
}

/// So many columns and rows of content in the middle, with a border around them, as far as there is room.
fn middle(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.saturating_add(4).min(area.width), height.saturating_add(2).min(area.height));
    Rect::new(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)
}
