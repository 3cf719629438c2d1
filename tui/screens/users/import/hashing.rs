//! The import itself: passwords are hashed on threads of their own while the console draws how far that is, then all
//! users are added in one transaction. Until then it can be stopped.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Rect, Size};

use crate::exchange::user_import::{self, Hashes, Means, UserTable};
use crate::settings::configuration::Configuration;
use crate::settings::rule::{Refusal, count};
use crate::tui::app::{App, DescribedChange, Placement, Transition, Undoable};
use crate::tui::command_line::SameCommand;
use crate::tui::commands::Command;
use crate::tui::job::{Job, JobState};
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::widgets::progress;

pub(super) struct Hashing {
    /// The file's name.
    name: String,
    /// What imports it outside of the console.
    commands: Vec<SameCommand>,
    table: Arc<UserTable>,
    plan: Arc<user_import::Plan>,
    means: Means,
    passwords: usize,
    job: Job<ControlFlow<(), Hashes>>,
    /// All is hashed, and on its way into the database.
    is_writing: bool,
}

impl Hashing {
    pub(super) fn start(
        name: String,
        commands: Vec<SameCommand>,
        table: Arc<UserTable>,
        plan: Arc<user_import::Plan>,
        means: Means,
    ) -> io::Result<Self> {
        let hashed = Arc::clone(&plan);
        let job = Job::start("passwords", move |bench| hashed.hashed(&means, |done| bench.tell(done)))?;
        Ok(Self { name, commands, passwords: plan.passwords(), table, plan, means, job, is_writing: false })
    }

    fn stop(&mut self, app: &mut App) -> Transition {
        app.warn("the import was stopped; nothing was written");
        Transition::Pop
    }

    fn write(&mut self, hashes: Hashes, app: &mut App) -> Transition {
        self.is_writing = true;
        let (good, refused) = (self.plan.good().count(), self.plan.refused().count());
        let left_out = match refused {
            0 => String::new(),
            number => format!("; {} left out", were(number, "line")),
        };
        let words = format!("{} added{left_out}", were(good, "user"));
        let (plan, table, means, told) = (Arc::clone(&self.plan), Arc::clone(&self.table), self.means, words.clone());
        let edit = move |configuration: &mut Configuration| {
            *configuration = plan.applied(&table, &hashes, &means, configuration)?;
            Ok(())
        };
        app.save(
            DescribedChange::import(words, &self.name, self.commands.clone()),
            Undoable::Yes,
            move || Ok(edit),
            move |app, outcome| match outcome {
                Ok(saved) => {
                    app.tell_saved(&told, &saved);
                    Transition::Back(Box::new(Transition::Pop))
                }
                Err(error) => {
                    let first = error.refusals().first().map_or_else(|| error.words(), Refusal::to_string);
                    app.fail(format!("nothing was written: {first}"));
                    Transition::Pop
                }
            },
        )
    }
}

/// `1 line was`, `2 lines were`.
fn were(number: usize, what: &str) -> String {
    format!("{} {}", count(number, what), if number == 1 { "was" } else { "were" })
}

impl Screen for Hashing {
    fn title(&self, _app: &App) -> String {
        "importing".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![Command::new([Action::Back], "stop", "Stop; nothing is written then", Self::stop)]
    }

    fn placement(&self, _room: Size) -> Placement {
        Placement::Over(56, 4)
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
            JobState::Ended(ControlFlow::Continue(hashes)) => self.write(hashes, app),
            JobState::Ended(ControlFlow::Break(())) => self.stop(app),
            JobState::Lost => {
                app.fail("hashing the passwords ended unexpectedly; nothing was written");
                Transition::Pop
            }
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let done = self.job.done();
        let words = format!("{done} of {} hashed", count(self.passwords, "password"));
        progress::draw(
            frame,
            area,
            (done, self.passwords),
            words,
            "Then all is written at once. Esc stops it before that.",
        );
    }
}
