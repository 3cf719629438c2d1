//! How a stage begins.

use super::*;

impl Stage {
    /// With all that was kept.
    pub(super) fn restarted_with(configuration: Configuration, general: General, states: States) -> Self {
        let now = Moment { steady: Duration::from_secs(1), unix: 1_471_009_851.0 };
        let (configuration, general) = (Arc::new(whole(configuration)), Arc::new(general));
        let settings = PreparedSettings::new(Arc::clone(&configuration), Arc::clone(&general));
        let mut live = TimedLive::new(settings, states, now);
        live.apply(now, Input::Followed);
        Self {
            live,
            configuration,
            general,
            now,
            disk: Disk::Fast,
            writes: Vec::new(),
            notes: Vec::new(),
            agent_changes: Vec::new(),
            switched_off: Vec::new(),
            callers: Vec::new(),
            events: Vec::new(),
            ended: Vec::new(),
            answered: Arc::default(),
            kept: Kept::default(),
            is_store_broken: false,
            is_store_slow: false,
            told: BTreeMap::new(),
            asked: Vec::new(),
            reply: Replies::Unavailable,
            calls: Vec::new(),
            store_calls: Vec::new(),
            waiting: Vec::new(),
            heard: BTreeMap::new(),
            last_session: 0,
        }
    }
}
