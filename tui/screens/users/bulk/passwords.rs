//! New passwords for users: asked about, made and hashed on a thread of its own while the console draws how far that is, then
//! stored in one transaction and shown this once. Until then it can be stopped.

use std::io;
use std::ops::ControlFlow;

use ratatui::Frame;
use ratatui::layout::{Rect, Size};

use super::MeantUsers;
use super::made_list::MadeList;
use super::made_password::MadePassword;
use crate::settings::configuration::Configuration;
use crate::settings::count::first_of;
use crate::settings::id::UserId;
use crate::settings::password::Password;
use crate::settings::rule::{Refusal, count};
use crate::tui::app::{App, Placement, RandomSource, Transition, Undoable};
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::job::{Job, JobState, Progress};
use crate::tui::key_table::Action;
use crate::tui::proposal::Proposal;
use crate::tui::screen::Screen;
use crate::tui::screens::new_password::stand_in;
use crate::tui::screens::person::person;
use crate::tui::widgets::progress;

/// Of so many users the name is told.
const NAMED: usize = 8;

type MadePasswords = ControlFlow<(), Result<Vec<MadePassword>, Refusal>>;

/// What was made and nobody noted is made again, or works as it is for whoever saw it.
pub(super) fn lost(meant: MeantUsers, app: &App) -> Question {
    let users = meant.known(&app.configuration);
    let names = first_of(users.iter().map(|user| person(user, &app.configuration)), NAMED);
    let lost = "on the screen when the connection was lost, and cannot be shown again: ctibox keeps only hashes";
    let (title, text) = match users.len() {
        1 => (
            "Make the password again?",
            format!("A new password of {names} was {lost}. It holds all the same: who noted it can give it out."),
        ),
        _ => (
            "Make the passwords again?",
            format!("New passwords of {names} were {lost}. They hold all the same: who noted them can give them out."),
        ),
    };
    Question::new(title, text)
        .choice('y', "make new", move |app| ask(meant, app))
        .stay("keep what was made; this is not told again")
}

/// Says whose sessions end before anything is made.
pub(super) fn ask(meant: MeantUsers, app: &mut App) -> Transition {
    let users = meant.known(&app.configuration);
    let number = users.len();
    let with_login: Vec<UserId> = users.iter().filter(|user| user.login.is_some()).map(|user| user.id).collect();
    if with_login.is_empty() {
        app.warn(format!("{} cannot have a password without a login", meant.words));
        return Transition::Stay;
    }
    let mut lines =
        vec!["Each gets a password that is made here and shown once, in a list that can be saved.".to_owned()];
    let without = number - with_login.len();
    if without > 0 {
        lines.push(format!("{without} without a login get{} none.", if without == 1 { "s" } else { "" }));
    }
    let disabled = users.iter().filter(|user| user.login.is_some() && !user.enabled).count();
    if disabled > 0 {
        lines.push(match (meant.is_one(), disabled) {
            (true, _) => "The user is disabled: the password alone lets nobody in; x enables.".to_owned(),
            (false, number) => {
                format!("{} disabled: a password alone lets nobody in; x enables.", super::with_be(number))
            }
        });
    }
    let who = if meant.is_one() { meant.words.clone() } else { count(with_login.len(), "user") };
    let tried = with_login.clone();
    let edit = move |c: &mut Configuration| {
        // A hash costs too much to count what it does.
        let hash = stand_in();
        tried.iter().for_each(|id| c.users.edit(*id, |user| user.password.clone_from(&hash)));
        Ok(())
    };
    Proposal::new(format!("New passwords for {who}?"), "make them", "", edit)
        .always(lines)
        .instead(move |app| match Making::start(with_login, app.random) {
            Ok(making) => Transition::Push(Box::new(making)),
            Err(error) => {
                app.fail(format!("no thread could be started: {error}"));
                Transition::Stay
            }
        })
        .put(app)
}

struct Making {
    passwords: usize,
    job: Job<MadePasswords>,
    /// All is hashed, and on its way into the database.
    is_writing: bool,
}

impl Making {
    fn start(users: Vec<UserId>, random: RandomSource) -> io::Result<Self> {
        let passwords = users.len();
        let job = Job::start("passwords", move |progress| make(&users, random, progress))?;
        Ok(Self { passwords, job, is_writing: false })
    }

    fn stop(&mut self, app: &mut App) -> Transition {
        app.warn("stopped; no password was changed");
        Transition::Pop
    }

    fn write(&mut self, made: Vec<MadePassword>, app: &mut App) -> Transition {
        self.is_writing = true;
        let number = count(made.len(), "new password");
        let words = format!("{number} made");
        let told = words.clone();
        let edit = move |c: &mut Configuration| Ok(give(made, c));
        app.save(
            words,
            Undoable::Yes,
            move || Ok(edit),
            move |app, outcome| match outcome {
                Ok(mut saved) => {
                    let given = std::mem::take(&mut saved.value);
                    app.remember_repeat(super::repeat("make new passwords for users", ask));
                    app.tell_saved(&told, &saved);
                    Transition::Replace(Box::new(MadeList::of(given, app)))
                }
                Err(error) => {
                    app.fail(format!("no password was changed: {}", error.words()));
                    Transition::Pop
                }
            },
        )
    }
}

fn make(users: &[UserId], random: RandomSource, progress: &Progress) -> MadePasswords {
    let mut made = Vec::with_capacity(users.len());
    for (done, user) in users.iter().enumerate() {
        progress.tell(done)?;
        match Password::parse((random.password)().reveal()) {
            Ok(password) => {
                let hash = password.hash(&(random.salt)());
                made.push(MadePassword { user: *user, password, hash });
            }
            Err(refusal) => return ControlFlow::Continue(Err(refusal)),
        }
    }
    ControlFlow::Continue(Ok(made))
}

/// Those who are still there and may have one; what they got.
fn give(made: Vec<MadePassword>, c: &mut Configuration) -> Vec<MadePassword> {
    let may_have = |id: UserId, c: &Configuration| c.users.get(id).is_some_and(|user| user.login.is_some());
    let given: Vec<MadePassword> = made.into_iter().filter(|made| may_have(made.user, c)).collect();
    for made in &given {
        c.users.edit(made.user, |user| user.password = Some(made.hash.clone()));
    }
    given
}

impl Screen for Making {
    fn title(&self, _app: &App) -> String {
        "making passwords".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![Command::new([Action::Back], "stop", "Stop; no password is changed then", Self::stop)]
    }

    fn placement(&self, _room: Size) -> Placement {
        Placement::Over(60, 4)
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn has_unsaved(&self) -> bool {
        true
    }

    fn is_working(&self) -> bool {
        !self.is_writing
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        match self.job.look() {
            JobState::Working => Transition::Stay,
            JobState::Ended(ControlFlow::Continue(Ok(made))) => self.write(made, app),
            JobState::Ended(ControlFlow::Continue(Err(refusal))) => {
                app.fail(format!("no password was changed: {refusal}"));
                Transition::Pop
            }
            JobState::Ended(ControlFlow::Break(())) => self.stop(app),
            JobState::Lost => {
                app.fail("making the passwords ended unexpectedly; none was changed");
                Transition::Pop
            }
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let done = self.job.done();
        let words = format!("{done} of {} made", count(self.passwords, "password"));
        progress::draw(
            frame,
            area,
            (done, self.passwords),
            words,
            "Then all are stored at once. Esc stops it before that.",
        );
    }
}
