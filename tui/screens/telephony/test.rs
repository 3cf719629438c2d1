//! The test of the connection while it runs, on a thread of its own: what `ctibox asterisk check` asks, with a sign that it
//! goes on, until it is over or Esc ends it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::check::telephone_system::{Examined, examine};
use crate::settings::ami_settings::AmiSettings;
use crate::settings::setting::Key;
use crate::tui::app::{App, Placement, Transition};
use crate::tui::commands::Command;
use crate::tui::job::{Job, JobState};
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::spinner;

use super::tested::Tested;

/// How long Asterisk may take for all that is asked.
const PATIENCE: Duration = Duration::from_secs(60);

struct Test {
    settings: AmiSettings,
    job: Job<io::Result<Option<Examined>>>,
}

/// Begins to ask Asterisk by the settings that are in force.
pub(super) fn begin(app: &mut App) -> Transition {
    let effective = app.effective();
    if effective.is_untold(Key::AmiSecret) {
        let place = effective.origin(Key::AmiSecret);
        app.fail(format!(
            "not tested: ami.secret stands in {place}, which the server has read and this console has not"
        ));
        return Transition::Stay;
    }
    let general = effective.general();
    let settings = general.ami.clone();
    let Some(secret) = settings.secret.clone() else { return Transition::Stay };
    let configuration = Arc::clone(&app.configuration);
    let job = Job::start("test", move |progress| {
        examine(&configuration, &general, &secret, PATIENCE, || progress.tell(0).is_continue())
    });
    match job {
        Ok(job) => Transition::Push(Box::new(Test { settings, job })),
        Err(error) => {
            app.fail(format!("not tested: no thread could be started: {error}"));
            Transition::Stay
        }
    }
}

impl Test {
    fn stop(&mut self, app: &mut App) -> Transition {
        app.remark("the test was canceled");
        Transition::Pop
    }
}

impl Screen for Test {
    fn title(&self, _app: &App) -> String {
        "testing".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![Command::new([Action::Back, Action::Close], "cancel", "Cancel the test", Self::stop)]
    }

    fn placement(&self, _room: Size) -> Placement {
        Placement::Over(56, 3)
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn is_working(&self) -> bool {
        true
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        match self.job.look() {
            JobState::Working => Transition::Stay,
            JobState::Ended(Ok(Some(examined))) => {
                Transition::Replace(Box::new(Tested::show(&self.settings, examined, begin)))
            }
            JobState::Ended(Ok(None)) => self.stop(app),
            JobState::Ended(Err(error)) => {
                app.fail(format!("not tested: {error}"));
                Transition::Pop
            }
            JobState::Lost => {
                app.fail("the test ended unexpectedly");
                Transition::Pop
            }
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let lines = vec![
            Line::raw(format!("{} asking Asterisk at {}", spinner::sign(app.now), self.settings)),
            Line::raw(""),
            Line::raw("Nothing is changed there. Esc cancels the test."),
        ];
        frame.render_widget(Paragraph::new(lines), area);
    }
}
