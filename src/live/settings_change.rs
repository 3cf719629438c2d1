//! tbd
use super::Moment;
use super::effects::Effects;
use super::visibility::{Base, World};
use crate::settings::configuration::Configuration;
use crate::settings::setting::General;
use std::sync::Arc;
pub(super) fn change(
    world: &mut World,
    _now: Moment,
    configuration: Arc<Configuration>,
    general: Arc<General>,
    _out: &mut Effects,
) {
    world.replace_base(Base::new(configuration, general));
}
