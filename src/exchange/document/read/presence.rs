//! The presence groups of a document with their presences, and the phone hint groups.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::table::{FromDocument, Goal, ObjectNames, Restorer, back};
use super::{Claim, Names, Placed, Reading, settle};
use crate::exchange::document::form;
use crate::exchange::document::tables::Documented;
use crate::settings::color::Color;
use crate::settings::edit::DEFAULT_GROUP;
use crate::settings::id::{Id, PhoneHintGroupId, PresenceGroupId, PresenceId};
use crate::settings::name::{Description, DisplayName, HintText, PhoneHintGroupName, PresenceGroupName, PresenceName};
use crate::settings::phone_hint::{HintNumber, PhoneHint, PhoneHintGroup};
use crate::settings::presence::{Presence, PresenceAction, PresenceGroup, is_mandatory};
use crate::settings::rule::Rule;
use crate::settings::rule_target::RuleTarget;
use crate::settings::violation::Violation;

/// A presence of the document and the place of its group in the list of groups.
struct Member {
    group: usize,
    placed: Placed<form::PresenceForm>,
}

impl FromDocument for PresenceGroup {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        names.groups = reading.read_presence_groups(forms);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object = form.and_then(|form| restorer.reading.presence_group(form, Id::new(goal.id)));
        back(&mut restorer.reading.new.presence_groups, &current.presence_groups, object, goal.entry);
    }
}

impl FromDocument for Presence {
    /// Read with its group.
    fn read_list(_: &mut Reading<'_>, _: Option<Vec<Value>>, _: &mut ObjectNames) {}

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, mut image: Value) {
        let (group, position) = match image.as_object_mut() {
            Some(members) => (members.remove("group"), members.remove("position")),
            None => (None, None),
        };
        let group = group.as_ref().and_then(Value::as_str).unwrap_or_default();
        let group = restorer.reading.refer(Rule::P7, &goal.on, "presence group", &restorer.names.groups, group);
        let position = position.as_ref().and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok()).unwrap_or(1);
        let Some((placed, group)) = restorer.placed(goal, image).zip(group) else { return };
        let find = |name: &str| restorer.names.presences.get(&(group, name.to_owned())).copied();
        let presence = restorer.reading.presence(placed, Id::new(goal.id), group, position, find);
        let current = restorer.reading.current;
        back(&mut restorer.reading.new.presences, &current.presences, presence, goal.entry);
    }
}

impl FromDocument for PhoneHintGroup {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        names.hints = reading.read_phone_hint_groups(forms);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object = form.and_then(|form| restorer.reading.phone_hint_group(form, Id::new(goal.id)));
        back(&mut restorer.reading.new.phone_hint_groups, &current.phone_hint_groups, object, goal.entry);
    }
}

impl Reading<'_> {
    pub(super) fn read_presence_groups(
        &mut self,
        mut groups: Vec<Placed<form::PresenceGroupForm>>,
    ) -> Names<PresenceGroupId> {
        let current = self.current;
        let ids = self.assign_by_name(
            "presence_groups",
            &groups,
            &current.presence_groups,
            |form| (form.id, &form.name),
            |group| group.name.as_str(),
        );
        let entries = groups.iter().zip(&ids).map(|(group, id)| (&group.place, group.form.name.clone(), *id));
        let names = self.names(Rule::P1, entries);
        let mut members = Vec::new();
        for (index, group) in groups.iter_mut().enumerate() {
            let list = format!("{}: presences", group.place);
            let presences = self.forms(&list, Some(std::mem::take(&mut group.form.presences)));
            members.extend(presences.into_iter().map(|placed| Member { group: index, placed }));
        }
        for (placed, id) in groups.into_iter().zip(&ids) {
            if let Some(group) = self.presence_group(placed, *id) {
                settle(&mut self.new.presence_groups, &current.presence_groups, group);
            }
        }
        self.new.presence_groups.raise_next_number(self.next_ids["presence_groups"]);
        self.read_presences(members, &ids);
        names
    }

    /// The group alone, without its presences.
    pub(super) fn presence_group(
        &mut self,
        Placed { place, form }: Placed<form::PresenceGroupForm>,
        id: PresenceGroupId,
    ) -> Option<PresenceGroup> {
        let deletable = form.deletable.unwrap_or(form.name != DEFAULT_GROUP);
        let name = self.take(&place, PresenceGroupName::parse(&form.name));
        let description = self.take(&place, Description::parse(&form.description));
        Some(PresenceGroup { id, version: 1, name: name?, description: description?, deletable })
    }

    fn read_presences(&mut self, members: Vec<Member>, groups: &[PresenceGroupId]) {
        let current = self.current;
        let known: HashMap<(PresenceGroupId, &str), PresenceId> =
            current.presences.iter().map(|presence| ((presence.group, presence.name.as_str()), presence.id)).collect();
        let claims: Vec<_> = members
            .iter()
            .map(|Member { group, placed: Placed { place, form } }| Claim {
                place,
                said: form.id,
                known: known.get(&(groups[*group], form.name.as_str())).copied(),
            })
            .collect();
        let ids = self.assign("presences", &claims, &current.presences);
        let names: HashMap<(usize, String), PresenceId> = members
            .iter()
            .zip(&ids)
            .map(|(member, id)| ((member.group, member.placed.form.name.clone()), *id))
            .collect();
        let mut positions = self.positions(&members, &ids);
        for (Member { group, placed }, id) in members.into_iter().zip(ids) {
            let position = positions.remove(&id).unwrap_or(1);
            let find = |name: &str| names.get(&(group, name.to_owned())).copied();
            if let Some(presence) = self.presence(placed, id, groups[group], position, find) {
                settle(&mut self.new.presences, &current.presences, presence);
            }
        }
        self.new.presences.raise_next_number(self.next_ids["presences"]);
    }

    /// Positions in the document's order. A group whose order is that of the current configuration keeps its numbers,
    /// gaps of removed presences included, so that nothing counts as changed.
    fn positions(&self, members: &[Member], ids: &[PresenceId]) -> HashMap<PresenceId, u32> {
        let mut groups: BTreeMap<usize, Vec<PresenceId>> = BTreeMap::new();
        for (member, id) in members.iter().zip(ids) {
            groups.entry(member.group).or_default().push(*id);
        }
        let mut positions = HashMap::new();
        for order in groups.into_values() {
            let old: Option<Vec<u32>> =
                order.iter().map(|id| self.current.presences.get(*id).map(|presence| presence.position)).collect();
            match old.filter(|old| old.is_sorted_by(|one, next| one < next)) {
                Some(old) => positions.extend(order.into_iter().zip(old)),
                None => positions.extend(order.into_iter().zip(1..)),
            }
        }
        positions
    }

    pub(super) fn presence(
        &mut self,
        Placed { place, form }: Placed<form::PresenceForm>,
        id: PresenceId,
        group: PresenceGroupId,
        position: u32,
        find: impl Fn(&str) -> Option<PresenceId>,
    ) -> Option<Presence> {
        let name = self.take(&place, PresenceName::parse(&form.name));
        let display = self.take(&place, DisplayName::parse(&form.display));
        let color = self.take(&place, Color::parse(&form.color));
        let mut reachable = BTreeSet::new();
        for name in form.allowed.iter().filter(|name| **name != form.name) {
            match find(name) {
                Some(reached) => {
                    reachable.insert(reached);
                }
                None => self.problem(Rule::P7, place.clone(), Violation::ReachesNone { name: name.clone() }),
            }
        }
        let actions: Vec<Option<PresenceAction>> = form
            .actions
            .iter()
            .map(|(action, parameter)| self.take(&place, PresenceAction::new(action, parameter)))
            .collect();
        if form.deletable.is_some_and(|deletable| deletable == is_mandatory(&form.name)) {
            self.problem(Rule::P9, place.clone(), Violation::WronglyDeletable);
        }
        let actions = actions.into_iter().flatten().collect();
        Some(Presence {
            id,
            version: 1,
            group,
            position,
            name: name?,
            display: display?,
            color: color?,
            reachable,
            actions,
        })
    }

    pub(super) fn read_phone_hint_groups(
        &mut self,
        groups: Vec<Placed<form::PhoneHintGroupForm>>,
    ) -> Names<PhoneHintGroupId> {
        let current = self.current;
        let ids = self.assign_by_name(
            "phone_hint_groups",
            &groups,
            &current.phone_hint_groups,
            |form| (form.id, &form.name),
            |group| group.name.as_str(),
        );
        let entries = groups.iter().zip(&ids).map(|(group, id)| (&group.place, group.form.name.clone(), *id));
        let names = self.names(Rule::H1, entries);
        for (placed, id) in groups.into_iter().zip(ids) {
            if let Some(group) = self.phone_hint_group(placed, id) {
                settle(&mut self.new.phone_hint_groups, &current.phone_hint_groups, group);
            }
        }
        self.new.phone_hint_groups.raise_next_number(self.next_ids["phone_hint_groups"]);
        names
    }

    pub(super) fn phone_hint_group(
        &mut self,
        Placed { place, form }: Placed<form::PhoneHintGroupForm>,
        id: PhoneHintGroupId,
    ) -> Option<PhoneHintGroup> {
        let deletable = form.deletable.unwrap_or(form.name != DEFAULT_GROUP);
        let name = self.take(&place, PhoneHintGroupName::parse(&form.name));
        let description = self.take(&place, Description::parse(&form.description));
        let hints = self.hints(&place, form.hints);
        Some(PhoneHintGroup { id, version: 1, name: name?, description: description?, deletable, hints })
    }

    fn hints(&mut self, place: &RuleTarget, forms: Vec<form::PhoneHintForm>) -> BTreeMap<HintNumber, PhoneHint> {
        let mut hints = BTreeMap::new();
        for form in forms {
            let number = self.take(place, HintNumber::new(form.number));
            let text = self.take(place, HintText::parse(&form.text));
            let color = self.take(place, Color::parse(&form.color));
            let (Some(number), Some(text), Some(color)) = (number, text, color) else { continue };
            if hints.insert(number, PhoneHint { text, color }).is_some() {
                self.problem(Rule::H2, place.clone(), Violation::HintTwice { number: number.number() });
            }
        }
        hints
    }
}
