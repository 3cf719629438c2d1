//! Settings in the form in which the live picture takes them over, made outside of the one task that owns it by whoever
//! reads settings: what takes long, such as the indexes by name and what differs from the settings before, is done when
//! they come, and taking them over changes a pointer. Nobody outside of this module's parent can look inside.

use std::fmt;
use std::sync::Arc;

use super::settings_difference::SettingsDifference;
use super::settings_view::SettingsView;
use crate::settings::setting::General;
use crate::settings::whole::WholeConfiguration;

/// Settings, ordered for quick answers; cheap to clone.
#[derive(Clone)]
pub(crate) struct PreparedSettings(pub(super) Arc<SettingsView>);

impl PreparedSettings {
    /// Takes as long as there is much: half a second for a hundred thousand entries of the phone book.
    pub(crate) fn new(configuration: Arc<WholeConfiguration>, general: Arc<General>) -> Self {
        Self(Arc::new(SettingsView::new(configuration, general)))
    }

    /// The next settings, compared with these; what they leave as it is, is shared. Takes as long as much is changed.
    pub(crate) fn change_to(&self, configuration: Arc<WholeConfiguration>, general: Arc<General>) -> SettingsChange {
        let after = Arc::new(self.0.follow(configuration, general));
        SettingsChange::between(Arc::clone(&self.0), after)
    }
}

impl PartialEq for PreparedSettings {
    /// The very same.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for PreparedSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("PreparedSettings").finish_non_exhaustive()
    }
}

/// The step from some settings to the next.
pub(crate) struct SettingsChange {
    pub(super) before: Arc<SettingsView>,
    pub(super) after: Arc<SettingsView>,
    pub(super) difference: SettingsDifference,
}

impl SettingsChange {
    fn between(before: Arc<SettingsView>, after: Arc<SettingsView>) -> Self {
        Self { difference: SettingsDifference::of(&before, &after), before, after }
    }

    /// The same settings, coming after these. They are compared anew only if they were made to follow others.
    pub(super) fn rebased(self, before: &Arc<SettingsView>) -> Self {
        if Arc::ptr_eq(&self.before, before) { self } else { Self::between(Arc::clone(before), self.after) }
    }

    /// Whether agents, queues, lines, contexts and voicemail boxes are what they were, so that nothing of theirs has to
    /// follow.
    pub(in crate::live) fn keeps_telephony(&self) -> bool {
        Arc::ptr_eq(&self.before.index.telephony, &self.after.index.telephony)
    }

    /// What the settings after these are to be compared with.
    pub(crate) fn after(&self) -> PreparedSettings {
        PreparedSettings(Arc::clone(&self.after))
    }
}

impl fmt::Debug for SettingsChange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SettingsChange").finish_non_exhaustive()
    }
}
