//! Whether an agent may be given a call, in the words of the wire (protocol 4.5.3).

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::live) enum Availability {
    #[default]
    LoggedOut,
    Available,
    Unavailable,
    /// On a call that no queue brought.
    OnOtherCall(OtherCall),
}

/// A call of an agent's telephone that no queue brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live) struct OtherCall {
    pub(in crate::live) is_incoming: bool,
    /// Whether both ends are lines of ours.
    pub(in crate::live) is_internal: bool,
}

impl OtherCall {
    pub(in crate::live) fn direction(self) -> &'static str {
        if self.is_incoming { "incoming" } else { "outgoing" }
    }
}

impl Availability {
    pub(in crate::live) fn as_str(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::Available => "available",
            Self::Unavailable => "unavailable",
            Self::OnOtherCall(OtherCall { is_incoming: true, is_internal: true }) => "on_call_nonacd_incoming_internal",
            Self::OnOtherCall(OtherCall { is_incoming: true, is_internal: false }) => {
                "on_call_nonacd_incoming_external"
            }
            Self::OnOtherCall(OtherCall { is_incoming: false, is_internal: true }) => {
                "on_call_nonacd_outgoing_internal"
            }
            Self::OnOtherCall(OtherCall { is_incoming: false, is_internal: false }) => {
                "on_call_nonacd_outgoing_external"
            }
        }
    }
}
