//! The question at the start of a console: what was typed when the line was cut is gone on with, or dropped. Esc leaves it
//! for the next start.

use std::rc::Rc;

use super::file;
use crate::settings::rule::count;
use crate::tui::app::{App, DynScreen, Transition};
use crate::tui::ask::Question;
use crate::tui::clock::moment;
use crate::tui::screens;
use crate::tui::tab::Tab;
use crate::tui::typed_form::UnsavedForm;

/// The question, if there is anything to be offered; nothing that only reads takes it.
pub(in crate::tui) fn offer(app: &App) -> Option<Box<dyn DynScreen>> {
    if app.read_only_obstacle().is_some() {
        return None;
    }
    let claimed = Rc::new(file::claim(&app.folder, app.user(), app.now)?);
    let when = moment(claimed.unsaved.at, app.now);
    let (typed, shown): (Vec<_>, Vec<_>) = claimed.unsaved.forms.iter().partition(|(_, form)| !form.fields.is_empty());
    let mut text = format!("The connection was lost {when}.\n");
    if !typed.is_empty() {
        text.push_str("This was typed and not saved:\n");
    }
    for (tab, form) in &typed {
        text.push_str(&format!("{} › {} ({})\n", tab.heading(), form.title, count(form.fields.len(), "field")));
    }
    if !shown.is_empty() {
        text.push_str("This was on the screen and is kept nowhere:\n");
    }
    for (tab, form) in &shown {
        text.push_str(&format!("{} › {}\n", tab.heading(), form.title));
    }
    text.push_str("Passwords are not kept. Esc here asks again at the next start.");
    let (title, open) = match typed.is_empty() {
        true => ("Go on where the connection was lost?", "go there"),
        false => ("Go on with what was typed?", "open it again, nothing is saved by that"),
    };
    let (taken, refused) = (Rc::clone(&claimed), claimed);
    let question = Question::new(title, text)
        .choice('y', open, move |app| {
            taken.remove();
            take_up(&taken.unsaved.forms, app)
        })
        .choice('n', "drop it", move |app| {
            refused.remove();
            app.remark("what was typed was dropped");
            Transition::Stay
        });
    Some(Box::new(question))
}

/// Opens the forms, which put in what was typed by themselves.
fn take_up(forms: &[(Tab, UnsavedForm)], app: &mut App) -> Transition {
    app.offer_again(forms.iter().map(|(_, form)| form.clone()).collect());
    let mut opened: Vec<(Tab, Box<dyn DynScreen>)> = Vec::new();
    let mut gone = 0;
    for (tab, form) in forms {
        let below = opened.last().filter(|(place, _)| place == tab).map(|(_, screen)| &**screen);
        match screens::reopen(&form.key, below, app) {
            Some(again) => opened.extend(again.into_iter().map(|screen| (*tab, screen))),
            None => gone += 1,
        }
    }
    // What no form took is about nothing that is there.
    app.offer_again(Vec::new());
    match gone {
        0 if forms.iter().all(|(_, form)| form.fields.is_empty()) => {}
        0 => app.remark("what was typed is here again; nothing of it is saved yet"),
        gone => app.warn(format!("{} cannot be opened: what was edited there is gone", count(gone, "form"))),
    }
    Transition::Open(opened)
}
