//! Channels: one leg of a call each, with who is on it.

pub(crate) use crate::settings::name::device_key;

/// A channel as an event shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Channel {
    /// `PJSIP/101-0000002f`; may change while the channel lives.
    pub(crate) name: Box<str>,
    /// Its identity for life; no number.
    pub(crate) unique_id: Box<str>,
    /// What the channels of one call have in common.
    pub(crate) linked_id: Box<str>,
    pub(crate) state: ChannelState,
    pub(crate) caller: Party,
    pub(crate) connected: Party,
    pub(crate) context: Box<str>,
    pub(crate) extension: Box<str>,
}

/// What a telephone system says of one who calls or is called; `<unknown>` is empty here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Party {
    pub(crate) name: Box<str>,
    pub(crate) number: Box<str>,
}

/// Telephony §2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ChannelState {
    #[default]
    Down,
    /// It has called, and hears it ring.
    Calling,
    Ringing,
    Up,
    Busy,
}

impl Channel {
    /// The device or place that it belongs to: its name up to the last `-`, for a `Local/…;1` up to the last `-` too.
    pub(crate) fn device(&self) -> &str {
        self.name.rsplit_once('-').map_or(&*self.name, |(device, _)| device)
    }
}
