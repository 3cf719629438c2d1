//! Switching off what a user switched on: asked first, with what it is, and done by the running server, which tells the user's
//! clients and telephones.

use crate::control::{self, ServicesOutcome, SwitchedService};
use crate::settings::id::{Id as _, UserId};
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::tui::app::{App, Repeat, RowsOf, Transition};
use crate::tui::ask::Question;
use crate::tui::command_line::{SameCommand, quoted};
use crate::tui::screens::person::person;

/// Forwards of each kind.
const FORWARDS: [SwitchedService; 3] =
    [SwitchedService::Forward, SwitchedService::ForwardUnanswered, SwitchedService::ForwardBusy];

/// Why nothing of the user's can be switched off now.
pub(super) fn obstacle(user: Option<&User>, app: &App) -> Option<&'static str> {
    let Some(user) = user else { return Some("the user was removed") };
    let is_on = !app.services.services_of(user.uuid).is_empty();
    (!is_on)
        .then_some("the user has nothing switched on")
        .or_else(|| (!app.is_running()).then_some("the server is not running: it switches services"))
}

pub(in crate::tui::screens) fn switch_off(id: UserId, app: &mut App) -> Transition {
    let user = app.configuration.users.get(id);
    if let Some(obstacle) = obstacle(user.map(|user| &**user), app) {
        app.warn(obstacle);
        return Transition::Stay;
    }
    let Some(user) = user.cloned() else { return Transition::Stay };
    let on = app.services.services_of(user.uuid).to_vec();
    let (name, uuid) = (person(&user, &app.configuration), user.uuid);
    let text = move |app: &App| match app.services.of(uuid) {
        [] => format!("{name} has switched it off meanwhile."),
        on => format!("{name} has switched on:\n· {}", words(on).join("\n· ")),
    };
    let forwards: Vec<SwitchedService> = on.iter().copied().filter(|service| FORWARDS.contains(service)).collect();
    let has_rest = forwards.len() < on.len();
    let has_dnd = on.contains(&SwitchedService::DoNotDisturb) && on.len() > 1;
    let title = format!("Switch off services of {}?", user.login_or_id());
    let mut question = Question::recounted(title, app, text);
    let switch = |services: Vec<SwitchedService>| {
        let user = user.clone();
        move |app: &mut App| order(&user, services, app)
    };
    question = question.choice('y', "switch all of it off", switch(on));
    if has_dnd {
        question = question.choice('d', "do not disturb alone", switch(vec![SwitchedService::DoNotDisturb]));
    }
    if has_rest && !forwards.is_empty() {
        question = question.choice('f', "forwards alone", switch(forwards));
    }
    Transition::Push(Box::new(question.stay("leave it")))
}

/// As people say them.
pub(super) fn words(on: &[String]) -> Vec<&str> {
    on.iter().map(|word| if word == "dnd" { "do not disturb" } else { word }).collect()
}

fn order(user: &User, services: Vec<SwitchedService>, app: &mut App) -> Transition {
    let named = services.iter().map(|service| service.as_str()).collect::<Vec<_>>().join(" ");
    let command = format!("user switch-off {} {named}", quoted(&user.login_or_id()));
    let said: Vec<&str> = services.iter().map(|service| said(*service)).collect();
    let done = format!("switched off for {}: {}", person(user, &app.configuration), said.join(", "));
    let ask = control::Request::SwitchOff { user: user.uuid.to_string(), services, by: app.user().to_owned() };
    app.ask_server(ask, move |app, reply| {
        match reply {
            Ok(control::Response::SwitchedOff { outcome: ServicesOutcome::Off }) => {
                app.remember_made_elsewhere(done.clone(), vec![SameCommand::Line(command)]);
                app.remember_repeat(repeat());
                app.tell(done);
            }
            Ok(control::Response::SwitchedOff { outcome: ServicesOutcome::NothingOn }) => {
                app.remark("nothing was changed: the user has switched it off meanwhile");
            }
            Ok(control::Response::SwitchedOff { outcome }) => app.fail(format!("not switched off: {outcome}")),
            Ok(_) => app.fail("the server's answer was not understood"),
            Err(error) => app.fail(format!("not switched off: {error}")),
        }
        Transition::Stay
    })
}

fn said(service: SwitchedService) -> &'static str {
    match service {
        SwitchedService::DoNotDisturb => "do not disturb",
        SwitchedService::CallFilter => "call filter",
        SwitchedService::Recording => "recording",
        SwitchedService::Forward => "forward",
        SwitchedService::ForwardUnanswered => "forward unanswered",
        SwitchedService::ForwardBusy => "forward busy",
    }
}

/// The same for another user, who is asked about.
fn repeat() -> Repeat {
    Repeat::new(RowsOf::Objects(Kind::User), "switch services off", |ids, app| match ids {
        [id] => switch_off(UserId::new(*id), app),
        _ => {
            app.warn("services are switched off for one user at a time: Esc forgets the marks");
            Transition::Stay
        }
    })
}
