//! The changes of one object: the history as it is where the filter asks for what the object is called. The console calls it
//! for the row of any list whose rows are objects.

use super::History;
use crate::exchange::document::object_name;
use crate::settings::configuration::Configuration;
use crate::settings::setting::Key as Setting;
use crate::settings::table::Kind;
use crate::tui::app::{App, Rows, RowsOf, Transition};
use crate::tui::screen::Screen;

/// What was changed of the object that the row is, by what it is called now.
pub(in crate::tui) fn show_changes_of(rows: Option<Rows>, app: &mut App) -> Transition {
    let object = match &rows {
        Some(Rows { of: RowsOf::Objects(kind), ids, .. }) => match ids.as_slice() {
            [id] => name_of(*kind, *id, &app.configuration),
            [] => None,
            several => {
                app.warn(format!("H shows the changes of one object; {} are marked", several.len()));
                return Transition::Stay;
            }
        },
        _ => None,
    };
    match object {
        Some(object) => show_about(&object, app),
        None => {
            app.warn("the row under the cursor has no history of its own; h shows all changes");
            Transition::Stay
        }
    }
}

/// As the history's entries call it.
fn name_of(kind: Kind, id: i64, c: &Configuration) -> Option<String> {
    match kind {
        Kind::Setting => Setting::at(id).map(|key| key.as_str().to_owned()),
        kind => object_name(kind, id, c).object()?.name(),
    }
}

/// All changes of what is called so.
pub(super) fn show_about(object: &str, app: &mut App) -> Transition {
    let mut history = History::open();
    history.filter.preset(&if object.contains(' ') {
        format!("object:\"{object}\"")
    } else {
        format!("object:{object}")
    });
    Screen::on_update(&mut history, app);
    Transition::Push(Box::new(history))
}
