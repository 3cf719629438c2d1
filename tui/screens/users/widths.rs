//! What the columns of the list of users hold, looked up once a configuration: the table shares its width by it.

use std::sync::Arc;

use crate::settings::configuration::Configuration;
use crate::settings::label::context_name;
use crate::settings::line;
use crate::tui::widgets::columns::Column;

/// What the columns hold at the most: login, name, profile, main line, agent.
pub(super) type Longest = [Column; 5];

/// To be asked for once a configuration.
pub(super) fn longest(c: &Configuration, main_lines: impl Iterator<Item = Arc<line::Line>>) -> Longest {
    let mut columns = [
        Column::new(13, "login"),
        Column::new(17, "name"),
        Column::new(10, "profile"),
        Column::new(14, "main line"),
        Column::new(6, "agent"),
    ];
    for user in c.users.iter() {
        columns[0].holds(&user.shown_login());
        columns[1].holds(&user.full_name());
    }
    c.profiles.iter().for_each(|profile| columns[2].holds(profile.name.as_str()));
    main_lines.for_each(|line| columns[3].holds(&line_words(&line, c)));
    c.agents.iter().for_each(|agent| columns[4].holds(agent.number.as_str()));
    columns
}

pub(super) fn line_words(line: &line::Line, c: &Configuration) -> String {
    format!("{}@{}", line.extension, context_name(c, line.context))
}
