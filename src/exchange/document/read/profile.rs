//! The profiles of a document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::table::{FromDocument, Goal, ObjectNames, Restorer, back};
use super::{Names, Placed, Reading, settle};
use crate::exchange::document::form;
use crate::exchange::document::tables::Documented;
use crate::settings::id::{Id, PhoneHintGroupId, PresenceGroupId, ProfileId};
use crate::settings::name::ProfileName;
use crate::settings::preference::{Preference, PreferenceValue};
use crate::settings::profile::{Position, Profile, ProfileXlet, Service, Xlet, XletFlags, XletNumber};
use crate::settings::rule::{Refusal, Rule};

impl FromDocument for Profile {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        names.profiles = reading.read_profiles(forms, &names.groups, &names.hints);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object = form.and_then(|form| {
            restorer.reading.profile(form, Id::new(goal.id), &restorer.names.groups, &restorer.names.hints)
        });
        back(&mut restorer.reading.new.profiles, &current.profiles, object, goal.entry);
    }
}

impl Reading<'_> {
    pub(super) fn read_profiles(
        &mut self,
        profiles: Vec<Placed<form::ProfileForm>>,
        groups: &Names<PresenceGroupId>,
        hints: &Names<PhoneHintGroupId>,
    ) -> Names<ProfileId> {
        let current = self.current;
        let ids = self.assign_by_name(
            "profiles",
            &profiles,
            &current.profiles,
            |form| (form.id, &form.name),
            |profile| profile.name.as_str(),
        );
        let entries = profiles.iter().zip(&ids).map(|(profile, id)| (&profile.place, profile.form.name.clone(), *id));
        let names = self.names(Rule::F1, entries);
        for (placed, id) in profiles.into_iter().zip(ids) {
            if let Some(profile) = self.profile(placed, id, groups, hints) {
                settle(&mut self.new.profiles, &current.profiles, profile);
            }
        }
        self.new.profiles.raise_next_number(self.next_ids["profiles"]);
        names
    }

    pub(super) fn profile(
        &mut self,
        Placed { place, form }: Placed<form::ProfileForm>,
        id: ProfileId,
        groups: &Names<PresenceGroupId>,
        hints: &Names<PhoneHintGroupId>,
    ) -> Option<Profile> {
        let name = self.take(&place, ProfileName::parse(&form.name));
        let presence_group = self.refer(Rule::F2, &place, "presence group", groups, &form.presence_group);
        let phone_hint_group = self.refer(Rule::F2, &place, "phone hint group", hints, &form.phone_hint_group);
        let mut services = BTreeSet::new();
        for service in &form.services {
            services.extend(self.take(&place, Service::parse(service)));
        }
        let mut preferences = BTreeMap::new();
        for (name, text) in &form.preferences {
            let parsed = Preference::parse(name)
                .and_then(|preference| Ok((preference, PreferenceValue::parse(preference, text)?)));
            preferences.extend(self.take(&place, parsed));
        }
        let mut xlets = Vec::with_capacity(form.xlets.len());
        for entry in &form.xlets {
            xlets.extend(self.take(&place, xlet(entry)));
        }
        Some(Profile {
            id,
            version: 1,
            name: name?,
            presence_group: presence_group?,
            phone_hint_group: phone_hint_group?,
            may_listen: form.may_listen,
            services,
            preferences,
            xlets,
        })
    }
}

fn xlet(entry: &form::Xlet) -> Result<ProfileXlet, Refusal> {
    let (xlet, position, number, flags) = match entry {
        form::Xlet::AllFlags(xlet, position, number) => (xlet, position, number, XletFlags::ALL),
        form::Xlet::SomeFlags(xlet, position, number, flags) => (xlet, position, number, XletFlags::parse(flags)?),
    };
    Ok(ProfileXlet {
        xlet: Xlet::parse(xlet)?,
        position: Position::parse(position)?,
        number: number.map(XletNumber::new).transpose()?,
        flags,
    })
}
