//! What a filter may ask of the history by name, and what of a transaction answers.

use crate::settings::table::Kind;
use crate::tui::app::App;
use crate::tui::clock::moment;
use crate::tui::filter::{Filter, Folded, KnownValues};

use super::moment::AskedMoments;
use super::reading::Listed;

/// What a filter may ask for by name.
pub(super) const FIELDS: &[&str] = &["who", "object", "time", "by", "state"];

/// It stands, it was undone, it undid another one.
const STATES: [&str; 3] = ["kept", "undone", "undo"];

/// Changes that tell who makes some and by what.
const LOOKED_OVER: usize = 500;

/// What they can be asked for, as far as it was read.
pub(super) fn known_values(listed: &[Listed]) -> Vec<KnownValues> {
    let newest = || listed.iter().take(LOOKED_OVER);
    let objects: Vec<&str> = Kind::ALL.into_iter().map(Kind::as_str).collect();
    vec![
        KnownValues::found("who", newest().map(|listed| listed.folded_person().to_owned())).of_more(),
        KnownValues::fixed("object", &objects),
        KnownValues::examples("time", &["today", "yesterday", "30m", "1h", "7d", "11-24", "02:1", "10:55-11:05"]),
        KnownValues::found("by", newest().map(|listed| listed.by.clone())).of_more(),
        KnownValues::fixed("state", &STATES),
    ]
}

/// For a list of changes elsewhere.
pub(in crate::tui::screens) fn filter_of_changes() -> Filter {
    Filter::new(FIELDS)
}

/// The places of those that it means.
pub(in crate::tui::screens) fn meant_of(listed: &[Listed], filter: &mut Filter, app: &App) -> Vec<usize> {
    if filter.wants_values() {
        filter.learn(known_values(listed));
    }
    let text = searched(names_moment(filter.text()), app);
    let moments = AskedMoments::new(app.now);
    filter.sift(
        0..listed.len(),
        |at| text(&listed[at]),
        |at, name, value: &str| has(&listed[at], name, value, &moments),
    )
}

/// Whether a part of a moment is typed: `06:48`, `11-24`.
pub(super) fn names_moment(typed: &str) -> bool {
    typed.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && matches!(pair[1], b':' | b'-'))
}

/// What words are looked for in: the moment as well, where one is named, for it is written anew for each.
pub(super) fn searched<'a>(has_moment: bool, app: &App) -> impl Fn(&'a Listed) -> Folded<'a> + use<'a> {
    let now = app.now;
    move |listed| {
        let known = Folded::known(&listed.text);
        if has_moment { known.and([moment(listed.at, now)].into_iter()) } else { known }
    }
}

pub(super) fn has(listed: &Listed, name: &str, value: &str, moments: &AskedMoments) -> bool {
    match name {
        "who" => Folded::known(listed.folded_person()).says(value),
        "by" => Folded::known(&listed.by).says(value),
        "object" => listed.touches(value),
        "time" => moments.is_meant(value, listed.at),
        "state" => {
            // A word that is not typed to its end means all that begin so.
            let is_whole = STATES.contains(&value);
            let [kept, undone, undo] = STATES.map(|state| state == value || !is_whole && state.starts_with(value));
            let (is_undone, is_undo) = (listed.undone.is_some(), listed.is_undo());
            (kept && !is_undone) || (undone && is_undone) || (undo && is_undo)
        }
        _ => false,
    }
}
