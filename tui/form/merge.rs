//! When somebody else saved the same object first: what only one side changed is taken from that side, and only what both
//! changed is asked about, field by field, with who changed it and when. Nothing of either side is lost unseen.

use ratatui::layout::Rect;

use super::basis::Basis;
use super::conflict::{Clash, Conflict, Side};
use super::overlay::Overlay;
use super::{Fields, Form, Model};
use crate::tui::app::{App, Transition};
use crate::tui::widgets::entry::{Entry, Field};

impl<M: Model> Form<M> {
    /// Puts both together; saves again where that leaves nothing to ask.
    pub(super) fn merge(&mut self, app: &mut App) -> Transition {
        let anew = self.model.anew(app).and_then(|model| Some((Basis::of(&model, app)?, model)));
        let Some((basis, model)) = anew else {
            self.overlay = Overlay::Conflict(Box::new(Conflict::gone()));
            return Transition::Stay;
        };
        let mut fields = Fields::new(model.fields(app));
        model.arrange(&mut fields, app);
        let opened = fields.entries();
        let (mut clashes, mut kept) = (Vec::new(), Vec::new());
        for (own, base) in self.fields.all().iter().zip(&self.opened) {
            let Some(their) = fields.all().iter().find(|field| field.name == own.name).cloned() else { continue };
            let is_own_other = !own.entry.says_the_same(base);
            let mut undecided = self.undecided.iter().flat_map(|conflict| &conflict.clashes);
            let is_undecided = undecided.any(|clash| clash.name == own.name);
            let is_their_other = is_undecided || !their.entry.says_the_same(base);
            match (is_own_other, is_their_other) {
                (false, false) => {}
                (false, true) => kept.push(format!("{} {}", own.label, their.entry.words())),
                (true, _) => fields.put(own.name, |field| put(field, &own.entry)),
            }
            if is_own_other && is_their_other && !own.entry.says_the_same(&their.entry) {
                let (name, label) = (own.name, own.label);
                clashes.push(Clash { name, label, own: own.entry.clone(), their: their.entry, takes: Side::Own });
            }
        }
        model.arrange(&mut fields, app);
        self.undecided = None;
        fields.focus_on(self.fields.focused().name);
        let changed = self.basis.as_ref().and_then(|basis| basis.changed_by(app));
        (self.model, self.fields, self.opened, self.basis) = (model, fields, opened, Some(basis));
        self.check(app);
        if clashes.is_empty() {
            let by = changed.map_or_else(String::new, |changed| format!(" ({changed})"));
            self.taken_over = (!kept.is_empty()).then(|| format!("{}{by}", kept.join(", ")));
            return self.write(app);
        }
        let area = Rect::default();
        self.overlay = Overlay::Conflict(Box::new(Conflict { changed, clashes, kept, at: 0, is_gone: false, area }));
        Transition::Stay
    }

    /// Closes what stands over the form; what both changed is asked about again before anything is saved.
    pub(super) fn put_off(&mut self) {
        if let Overlay::Conflict(conflict) = std::mem::replace(&mut self.overlay, Overlay::None)
            && !conflict.is_gone()
        {
            self.undecided = Some(conflict);
        }
    }

    /// Asks again about what nobody decided and what still differs; whether there is such.
    pub(super) fn ask_undecided(&mut self) -> bool {
        let Some(mut conflict) = self.undecided.take() else { return false };
        for clash in &mut conflict.clashes {
            if let Some(field) = self.fields.all().iter().find(|field| field.name == clash.name) {
                (clash.own, clash.takes) = (field.entry.clone(), Side::Own);
            }
        }
        conflict.clashes.retain(|clash| !clash.own.says_the_same(&clash.their));
        conflict.at = 0;
        let is_open = !conflict.clashes.is_empty();
        if is_open {
            self.overlay = Overlay::Conflict(conflict);
        }
        is_open
    }

    /// Saves with what is marked of each field that both changed.
    pub(super) fn save_marked(&mut self, app: &mut App) -> Transition {
        let Overlay::Conflict(conflict) = std::mem::replace(&mut self.overlay, Overlay::None) else {
            return Transition::Stay;
        };
        for clash in conflict.clashes.iter().filter(|clash| clash.takes == Side::Their) {
            self.fields.put(clash.name, |field| put(field, &clash.their));
        }
        self.model.arrange(&mut self.fields, app);
        self.write(app)
    }
}

/// Has the field say what the entry says, among what the field offers.
fn put(field: &mut Field, entry: &Entry) {
    match (&mut field.entry, entry) {
        (Entry::Choice { options, at }, Entry::Choice { .. }) => {
            let words = entry.words();
            *at = options.iter().position(|option| *option == words).unwrap_or(*at);
        }
        (Entry::Several { options, marked, .. }, Entry::Several { options: offered, marked: chosen, .. }) => {
            let words = chosen.iter().filter_map(|at| offered.get(*at));
            *marked = words.filter_map(|word| options.iter().position(|option| option == word)).collect();
        }
        (Entry::Fixed(_), _) => {}
        (own, other) => *own = other.clone(),
    }
}
