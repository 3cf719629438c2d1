//! Random keys: whatever is pressed, pasted, clicked and resized, and whatever other hands change meanwhile, the console
//! neither panics nor draws past its terminal, and what it leaves on disk keeps every rule.

use std::collections::VecDeque;
use std::sync::Arc;

use ratatui::crossterm::event as terminal;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;
use time::OffsetDateTime;

use super::key_meanings::assert_meanings;
use super::snapshots::without_colors;
use super::{COLOR, MONO, TestConsole};
use crate::check;
use crate::config::Overrides;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::name::{DisplayName, Login};
use crate::settings::rule::{Refusal, Severity};

use crate::store::{AuditQuery, Intent, Origin, OriginKind, Store};
use crate::tui::Rights;
use crate::tui::appearance::Theme;
use crate::tui::capabilities::{Capabilities, Colors, Extras};
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const OTHER: &str = "other";
const SIXTEEN: Capabilities = Capabilities { colors: Colors::Sixteen, extras: Extras::Off, ..COLOR };
const ABILITIES: [Capabilities; 3] = [COLOR, MONO, SIXTEEN];
/// One of them is too small for anything but saying so.
const SIZES: [(u16, u16); 10] =
    [(80, 24), (80, 24), (120, 40), (200, 60), (81, 25), (300, 24), (60, 20), (120, 20), (160, 45), (59, 20)];
const PASTES: [&str; 6] =
    ["2001", "lunch", "a\r\nb\nc\n", "\u{202e}Ævar 日本語", "https://example.org/?a=b", "\0\x1b[2J\u{7f}#abc"];
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGJKLMPRSTUVXZ0123456789/+-_#.,@?!:<>* é日";
/// What fields may take: names, numbers, colours, addresses.
const WORDS: [&str; 14] = [
    "lunch",
    "Lunch",
    "blue",
    "#0F0",
    "4711",
    "7",
    "0",
    "sales",
    "PJSIP/77",
    "zoe@example.org",
    "secret word",
    "true",
    "alice",
    "",
];
const MOVES: [Key; 18] = [
    Key::ENTER,
    Key::ENTER,
    Key::ENTER,
    Key::TAB,
    Key::TAB,
    Key::BACK_TAB,
    Key::UP,
    Key::DOWN,
    Key::DOWN,
    Key::LEFT,
    Key::RIGHT,
    Key::SPACE,
    Key::PAGE_UP,
    Key::PAGE_DOWN,
    Key::HOME,
    Key::END,
    Key::BACKSPACE,
    Key::DELETE,
];

/// So many keys one after another on one database.
const KEYS_OF_A_MONKEY: usize = 2_500;

/// Of so many frames one is looked at without colours too.
const LOOKS_A_COMPARISON: usize = 16;

/// 20 000 in the usual run, 200 000 with `CTIBOX_TEST_FULL=1`.
fn monkeys() -> u64 {
    if std::env::var_os("CTIBOX_TEST_FULL").is_some() { 80 } else { 8 }
}

#[test]
fn random_keys_break_nothing() {
    let mut changes = 0;
    for seed in 0..monkeys() {
        let mut monkey = Monkey::new(seed);
        let before = monkey.changes();
        for _ in 0..KEYS_OF_A_MONKEY {
            monkey.step();
        }
        monkey.leave();
        changes += monkey.changes() - before;
    }
    assert!(changes > 100, "the keys change something: {changes}");
}

#[test]
fn random_commands_of_a_console_that_only_reads_change_nothing() {
    let mut monkey = Monkey::with(1, Rights::ReadOnly);
    let before = monkey.console.stored();
    for _ in 0..1_000 {
        monkey.press();
    }
    assert!(monkey.console.stored() == before);
}

/// splitmix64: all that a monkey does follows from its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let sides = u64::try_from(sides).expect("few sides");
        usize::try_from((mixed ^ (mixed >> 31)) % sides).expect("less than its sides")
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

struct Monkey {
    seed: u64,
    random: Random,
    console: TestConsole,
    size: (u16, u16),
    /// What other hands made, which the console has not heard of yet.
    unheard: Option<Arc<Configuration>>,
    looks: usize,
    /// The last that was done, for the report of a failure.
    trail: VecDeque<String>,
}

impl Monkey {
    fn new(seed: u64) -> Self {
        Self::with(seed, Rights::Edit)
    }

    fn with(seed: u64, rights: Rights) -> Self {
        let mut random = Random(seed);
        let (capabilities, size, tab) = (random.pick(&ABILITIES), (80, 24), random.pick(&Tab::ALL));
        let mut company = fixtures::small_company();
        for number in 0..30 {
            fixtures::add_user(&mut company, &format!("user{number}"));
        }
        let console = TestConsole::with(tab, company, rights, capabilities, size);
        Self { seed, random, console, size, unheard: None, looks: 0, trail: VecDeque::new() }
    }

    fn note(&mut self, what: String) {
        if self.trail.len() == 60 {
            self.trail.pop_front();
        }
        self.trail.push_back(what);
    }

    fn step(&mut self) {
        match self.random.below(200) {
            0..=1 => self.paste(),
            2..=6 => self.point(),
            7 => self.resize(),
            8 => self.elsewhere(),
            9 => self.hear_of_the_server(),
            _ => self.press(),
        }
        if self.random.below(20) == 0
            && let Some(configuration) = self.unheard.take()
        {
            self.console.inner.handle(Event::Configuration(configuration));
        }
        self.console.inner.look_after();
        if !self.console.inner.is_open() {
            self.reopen();
        }
        self.look();
    }

    /// What a terminal shows that can show next to nothing is the frame of one that can do all, cell by cell replaced.
    fn look_without_colors(&mut self) {
        let console = &mut self.console;
        let (capabilities, theme) = (console.inner.capabilities, console.inner.theme.replace(Theme::Dark));
        let [before, mono, after] = [COLOR, MONO, COLOR].map(|capabilities| {
            console.inner.capabilities = capabilities;
            console.draw().clone()
        });
        (console.inner.capabilities, console.inner.theme) = (capabilities, theme);
        // What went on meanwhile, as a clock does, is no difference.
        assert!(before != after || without_colors(before) == mono, "without colours this is another frame: {mono:?}");
    }

    /// A frame is drawn, and the cursor is on it.
    fn look(&mut self) {
        self.looks += 1;
        if self.looks.is_multiple_of(LOOKS_A_COMPARISON) {
            self.look_without_colors();
        }
        let buffer = self.console.draw();
        let area = buffer.area;
        let text: String = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert!(!text.contains("(rule "), "a rule by its code: {text}");
        let row = |y: u16| -> String { (0..area.width).map(|x| buffer[(x, y)].symbol()).collect() };
        let (message, bar) = (row(area.height - 2), row(area.height - 1));
        let is_empty = buffer.content.iter().all(|cell| cell.symbol() == " ");
        assert!(!is_empty, "the screen says something");
        assert_eq!((area.width, area.height), self.size);
        let is_small = self.size == (59, 20);
        if !is_small && self.console.inner.app.note.is_none() && self.console.inner.app.under_way().is_none() {
            let is_lost = self.console.inner.app.lost.is_some();
            assert!(message.trim().is_empty() || is_lost, "a screen draws into the message line: {message}");
            let is_told = ["? keys", "F1 keys"].iter().any(|words| bar.trim_end().ends_with(words));
            assert!(is_told, "the way to the keys: {bar}");
        }
        if let Some(cursor) = self.console.cursor() {
            assert!(area.contains(cursor), "{cursor} is not within {area}");
        }
    }

    /// Many keys are such as can do something now: forms are to be opened, filled in and saved.
    fn press(&mut self) {
        let top = self.console.inner.top();
        let (is_form, key_hints) = (top.takes_text(), top.key_hints(&self.console.inner.app));
        assert_meanings(&key_hints, &top.title(&self.console.inner.app));
        let can_be_done = key_hints.iter().filter(|key_hint| key_hint.obstacle.is_none());
        let offered: Vec<Key> =
            can_be_done.flat_map(|key_hint| key_hint.keys()).filter(|key| *key != Key::ESC).collect();
        let letters: Vec<char> = LETTERS.chars().collect();
        match self.random.below(100) {
            0..=9 if is_form => self.write(),
            10..=17 if is_form => self.press_one(Key::ctrl('s')),
            0..=44 | 75..=100 if !is_form && !offered.is_empty() => {
                let key = self.random.pick(&offered);
                self.press_one(key);
            }
            0..=49 => {
                let key = self.random.pick(&MOVES);
                self.press_one(key);
            }
            50..=62 => {
                let key = Key::char(self.random.pick(&['y', 'y', 's', 'm', 't', 'n', 'd']));
                self.press_one(key);
            }
            63..=64 => self.press_one(Key::ctrl('z')),
            65 => {
                let key = Key::ctrl(self.random.pick(&letters));
                self.press_one(key);
            }
            66 => {
                let key =
                    self.random.pick(&[Key::alt('b'), Key::alt('d'), Key::ctrl_left(), Key::F1, Key::F1, Key::F4]);
                self.press_one(key);
            }
            67..=70 => self.press_one(Key::ESC),
            _ => {
                let key = Key::char(self.random.pick(&letters));
                self.press_one(key);
            }
        }
    }

    fn press_one(&mut self, key: Key) {
        self.note(key.to_string());
        self.console.inner.press(key);
    }

    /// A field gets a text that may be right for it.
    fn write(&mut self) {
        let word = self.random.pick(&WORDS);
        self.press_one(Key::END);
        self.press_one(Key::ctrl('u'));
        for letter in word.chars() {
            self.press_one(Key::char(letter));
        }
        self.press_one(Key::TAB);
    }

    fn paste(&mut self) {
        let text = self.random.pick(&PASTES);
        self.note(format!("pasted {text:?}"));
        self.console.inner.handle(Event::Terminal(terminal::Event::Paste(text.to_owned())));
    }

    /// Now and then past the edge: the terminal may be smaller than its reports are old.
    fn point(&mut self) {
        let kinds = [MouseEventKind::ScrollUp, MouseEventKind::ScrollDown, MouseEventKind::Down(MouseButton::Left)];
        let kind = self.random.pick(&kinds);
        let at = |random: &mut Random, most: u16| u16::try_from(random.below(usize::from(most) + 5)).expect("a place");
        let (column, row) = (at(&mut self.random, self.size.0), at(&mut self.random, self.size.1));
        self.note(format!("{kind:?} at {}", Position::new(column, row)));
        let mouse = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        self.console.inner.handle(Event::Terminal(terminal::Event::Mouse(mouse)));
    }

    fn resize(&mut self) {
        self.size = self.random.pick(&SIZES);
        self.note(format!("resized to {:?}", self.size));
        self.console.resize(self.size);
    }

    fn hear_of_the_server(&mut self) {
        self.note("news of the server".to_owned());
        if self.random.below(2) == 0 {
            self.console.connect(&[("alice", "available"), ("user7", "away")]);
            self.console.inner.handle(Event::AtWork(Some(super::agents_at_work::at_work())));
        } else {
            self.console.inner.handle(Event::Server(crate::tui::server::Server::NotRunning));
        }
    }

    /// Other hands; what is refused them is as good.
    fn elsewhere(&mut self) {
        let store = Store::open_existing(self.console.folder()).expect("the same store");
        let origin = Origin { user: OTHER.to_owned(), from: OriginKind::Cli, intent: Intent::Edit };
        let what = self.random.below(6);
        let at = self.random.below(1_000);
        self.note(format!("other hands, edit {what} on {at}"));
        let _ = store.change(&origin, |configuration| edit(configuration, what, at));
        self.unheard = Some(Arc::new(store.configuration().expect("a configuration")));
    }

    fn reopen(&mut self) {
        let (tab, capabilities) = (self.random.pick(&Tab::ALL), self.random.pick(&ABILITIES));
        self.note(format!("opened again at {tab:?} with {capabilities:?}"));
        self.console.reopen(tab, capabilities);
        self.unheard = None;
    }

    /// What this console has changed, as the history tells it.
    fn changes(&self) -> usize {
        let history = self.console.inner.app.store.audit(&AuditQuery::newest(10_000)).expect("a history");
        history.into_iter().flatten().filter(|entry| entry.system_user != OTHER).count()
    }

    /// What is on disk keeps the rules; that this host may have no such address is no fault of the console.
    fn leave(&self) {
        // A certificate that the keys renewed is of the real clock.
        let report = check::run(self.console.folder(), &Overrides::default(), OffsetDateTime::now_utc());
        let is_address = |finding: &check::Finding| matches!(finding.on, check::FindingTarget::Address(_));
        let is_wrong = |finding: &&check::Finding| finding.severity == Severity::Error && !is_address(finding);
        let wrong: Vec<_> = report.findings.iter().filter(is_wrong).collect();
        assert!(wrong.is_empty(), "seed {}: {wrong:#?}", self.seed);
    }
}

impl Drop for Monkey {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let trail: Vec<&str> = self.trail.iter().map(String::as_str).collect();
            eprintln!("seed {}, the last that was done: {}", self.seed, trail.join(" · "));
        }
    }
}

fn edit(c: &mut Configuration, what: usize, at: usize) -> Result<(), Refusal> {
    let user = c.users.iter().nth(at % c.users.len().max(1)).map(|user| user.id);
    let presence = c.presences.iter().nth(at % c.presences.len().max(1)).map(|presence| presence.id);
    let line = c.lines.iter().nth(at % c.lines.len().max(1)).map(|line| line.id);
    match (what, user, presence, line) {
        (0, Some(user), ..) => c.remove_user(user),
        (1, _, Some(presence), _) => c.remove_presence(presence),
        (2, _, Some(presence), _) => {
            let display = DisplayName::parse(&format!("Other {at}"))?;
            c.presences.edit(presence, |presence| presence.display = display);
            Ok(())
        }
        (3, _, _, Some(line)) => c.remove_line(line),
        (4, ..) => {
            let profile = c.profiles.iter().nth(at % c.profiles.len().max(1)).map(|profile| profile.id);
            profile.map_or(Ok(()), |profile| c.remove_profile(profile))
        }
        _ => {
            let login = format!("other{}", c.users.next_number());
            if c.users.find(|user| user.has_login(&login)).is_none() && Login::parse(&login).is_ok() {
                let client = c.profiles.find(|profile| profile.name.as_str() == "Client");
                if client.is_some() {
                    fixtures::add_user(c, &login);
                }
            }
            Ok(())
        }
    }
}
