//! The question whether failed logins are forgotten, as `ctibox unlock` does it: of a row of the list, or on the page of a
//! user.

use crate::control;
use crate::settings::rule::count;
use crate::tui::app::{App, Transition};
use crate::tui::ask::Question;

/// Asks whether they are to be forgotten, and goes on like that.
pub(in crate::tui::screens) fn ask_to_forget(
    kind: &str,
    name: &str,
    failures: u32,
    then: impl FnOnce(&mut App) -> Transition + 'static,
) -> Transition {
    let number = count(usize::try_from(failures).unwrap_or(usize::MAX), "failed login");
    let are = if failures == 1 { "is" } else { "are" };
    let text = format!(
        "{number} of {kind} \"{name}\" {are} counted. Once forgotten, the next attempts are checked immediately."
    );
    let (title, name) = (format!("Forget the failed logins of {name}?"), name.to_owned());
    let question = Question::new(title, text)
        .choice('y', "forget them", move |app: &mut App| forget(name, then, app))
        .stay("leave it");
    Transition::Push(Box::new(question))
}

fn forget(name: String, then: impl FnOnce(&mut App) -> Transition + 'static, app: &mut App) -> Transition {
    app.ask_server(control::Request::ForgetFailedLogins { of: name.clone() }, move |app, reply| {
        match reply {
            Ok(control::Response::FailedLoginsForgotten { failures }) => {
                let number = count(usize::try_from(failures).unwrap_or(usize::MAX), "failed login");
                app.tell(format!("forgot {number} of {name}"));
            }
            Ok(_) => app.fail("the server's answer was not understood"),
            Err(error) => app.fail(format!("not forgotten: {error}")),
        }
        then(app)
    })
}
