//! What an administrator is asked for most, counted in keys from the overview on; docs/console.md names the numbers. The
//! journeys with many at once are beside those tests: marks, history, settings.

use super::press;
use crate::support::Appliance;
use crate::support::terminal::{ENTER, SAVE, SPACE, TAB, Terminal};

fn overview(appliance: &Appliance) -> Terminal {
    let mut terminal = Terminal::console(appliance, "xterm-256color", &[]);
    terminal.await_words("1 Overview");
    terminal
}

/// From and to Available alone: in both lists none is kept but the first.
#[test]
fn an_orange_lunch_between_available_and_itself_is_made_by_33_keys() {
    let appliance = Appliance::company();
    let mut terminal = overview(&appliance);
    let mut keys = press(&mut terminal, &["2"]);
    terminal.await_words("Default presences");
    keys += press(&mut terminal, &[ENTER]);
    terminal.await_words("berightback");
    keys += press(&mut terminal, &["a", "lunch", TAB, "Lunch", TAB, "orange", TAB]);
    keys += press(&mut terminal, &[ENTER, "-", SPACE, TAB, ENTER, "-", SPACE, TAB, ENTER, SPACE]);
    terminal.await_words("[1] switch do-not-disturb on");
    keys += press(&mut terminal, &[SAVE]);
    terminal.await_told("presence \"lunch\" was added");
    assert_eq!(keys, 33);
    let document = appliance.document();
    let of = |name: &str| {
        let presences = document["presence_groups"][0]["presences"].as_array().unwrap();
        presences.iter().find(|presence| presence["name"] == name).unwrap()
    };
    let (lunch, available) = (of("lunch"), of("available"));
    assert_eq!((&lunch["color"], &lunch["display"]), (&"#FFA500".into(), &"Lunch".into()), "{lunch}");
    assert!(lunch.to_string().contains("enablednd"), "{lunch}");
    let reaches = |from: &serde_json::Value, to: &str| from["allowed"].to_string().contains(&format!("\"{to}\""));
    assert!(reaches(lunch, "available") && reaches(available, "lunch"), "{lunch} {available}");
    assert!(!reaches(lunch, "away") && !reaches(of("away"), "lunch"), "{lunch}");
}

#[test]
fn whoever_has_a_number_is_found_by_five_keys() {
    let appliance = Appliance::company();
    appliance.run(&["line", "add", "1234", "--context", "default", "--user", "bertil"]);
    let mut terminal = overview(&appliance);
    let keys = press(&mut terminal, &[":1234"]);
    terminal.await_words("Bertil Beta");
    assert_eq!(keys, 5);
    terminal.press(ENTER).await_words("── Users › bertil");
}
