//! One message of AMI as it was received: headers in their order, each maybe more than once (telephony §1.1).

/// Headers and values; text that is no UTF-8 was decoded with replacement characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Packet {
    pub(super) headers: Vec<(Box<str>, Box<str>)>,
}

impl Packet {
    /// The first value under this name, whatever its case.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// The first value under this name, empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.get(name)?.trim().parse().ok()
    }

    /// All values under this name, in their order.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.headers.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// What happened, if it is an event.
    pub(crate) fn event(&self) -> Option<&str> {
        self.get("Event")
    }

    /// Which action it belongs to, if it says so.
    pub(crate) fn action_id(&self) -> Option<&str> {
        self.get("ActionID")
    }
}
