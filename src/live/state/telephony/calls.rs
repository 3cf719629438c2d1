//! The channels and bridges that there are (telephony §9.1): who called whom, who talks with whom, for every device. Fed by
//! `handlers::calls` with what the telephone system says; any event may be the first that is heard of a channel. It knows
//! devices, not whose they are, and tells nobody.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::live::messages::telephony::{Channel, ChannelState, TelephonyEvent, TelephonySnapshot, device_key};
use crate::settings::id::UserId;

/// Channels that are followed at once; of one more nothing is known.
pub(in crate::live) const CHANNELS_MAX: usize = 20_000;
/// Calls that one user's clients may be making at once, each until a telephone is answered.
const ORDERS_OF_USER_MAX: usize = 4;
/// How far halves of Local channels are followed to the one who is behind them.
const HALVES_FOLLOWED_MAX: usize = 8;
/// Channels that are taken over at once.
const PIECE: usize = 32;
const LOOKED_AT_A_STEP: usize = 16;

#[derive(Default)]
pub(in crate::live) struct Calls {
    /// By unique id.
    legs: HashMap<Box<str>, Leg>,
    /// The legs of every device, the oldest first.
    of_device: HashMap<Box<str>, Vec<Box<str>>>,
    /// Halves of Local channels, by name.
    halves: HashMap<Box<str>, Box<str>>,
    /// Who is in every bridge, in order of entry.
    bridges: HashMap<Box<str>, Vec<Box<str>>>,
    /// Devices whose calls the last event changed.
    touched: BTreeSet<Box<str>>,
    /// How many calls every user is making by their client.
    ordered: BTreeMap<UserId, usize>,
}

/// How far what a link begins with is taken over.
#[derive(Default)]
pub(in crate::live) struct Cursor {
    /// Channels that are gone meanwhile and not forgotten yet.
    gone: Option<Vec<Box<str>>>,
    channels: usize,
    bridged: usize,
}

/// One channel, and what became of it.
struct Leg {
    channel: Channel,
    /// As `device_key` spells it.
    device: Box<str>,
    is_held: bool,
    bridge: Option<Box<str>>,
    /// Who called it; None: it began by itself, or nobody saw that.
    called_by: Option<End>,
    /// Whom it called last.
    dialled: Option<End>,
    /// Whether a queue called an agent by it.
    is_queue_call: bool,
}

/// The other end of a call; its device is remembered in case its channel ends first.
#[derive(Clone)]
struct End {
    unique_id: Box<str>,
    device: Box<str>,
}

/// A call of a device that talks, other than for a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live) struct OwnCall {
    pub(in crate::live) direction: Direction,
    /// Whether the other end is a line of ours too.
    pub(in crate::live) is_internal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live) enum Direction {
    Incoming,
    Outgoing,
}

/// What is read.
impl Calls {
    /// Devices, as `device_key` spells them, whose calls the last event changed.
    pub(in crate::live) fn touched(&self) -> impl Iterator<Item = &str> {
        self.touched.iter().map(|device| &**device)
    }

    /// The first call that the device talks in and that is not a queue's (telephony §6.4); a ringing phone does not talk.
    /// `is_ours`: whether a device, as `device_key` spells it, is a line's.
    pub(in crate::live) fn own_call(&self, device: &str, is_ours: impl Fn(&str) -> bool) -> Option<OwnCall> {
        let leg = self.talking(device).find(|leg| !leg.is_queue_call)?;
        // Talking without a known call is an outgoing internal one.
        let Some(other) = self.other_end(leg) else {
            return Some(OwnCall { direction: Direction::Outgoing, is_internal: true });
        };
        let began = leg.dialled.is_some() || leg.channel.unique_id == leg.channel.linked_id;
        let direction = match &leg.called_by {
            Some(_) => Direction::Incoming,
            None if began => Direction::Outgoing,
            None => Direction::Incoming,
        };
        Some(OwnCall { direction, is_internal: is_ours(other) })
    }

    /// The first channel of the device that is up and not held, or rings.
    pub(in crate::live) fn active_channel(&self, device: &str) -> Option<&Channel> {
        let is_active = |leg: &&Leg| match leg.channel.state {
            ChannelState::Up => !leg.is_held,
            ChannelState::Ringing => true,
            ChannelState::Down | ChannelState::Calling | ChannelState::Busy => false,
        };
        self.legs_of(device).find(is_active).map(|leg| &leg.channel)
    }

    fn legs_of(&self, device: &str) -> impl Iterator<Item = &Leg> {
        let ids = self.of_device.get(&device_key(device)).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.legs.get(id))
    }

    fn talking(&self, device: &str) -> impl Iterator<Item = &Leg> {
        self.legs_of(device).filter(|leg| leg.channel.state == ChannelState::Up)
    }

    /// The device of the one that the leg talks with, behind halves of Local channels.
    fn other_end<'a>(&'a self, leg: &'a Leg) -> Option<&'a str> {
        let mut leg = leg;
        for _ in 0..HALVES_FOLLOWED_MAX {
            let (device, next) = self.next_to(leg)?;
            let Some(next) = next.filter(|next| next.is_half()) else { return Some(device) };
            // The other half stands where this one leads to.
            leg = self.other_half(next)?;
        }
        None
    }

    /// Who shares its bridge, or else called it, or was called by it.
    fn next_to<'a>(&'a self, leg: &'a Leg) -> Option<(&'a str, Option<&'a Leg>)> {
        let mates = leg.bridge.as_ref().and_then(|bridge| self.bridges.get(bridge)).map_or(&[][..], Vec::as_slice);
        let mate = mates.iter().filter(|id| **id != leg.channel.unique_id).find_map(|id| self.legs.get(id));
        if let Some(mate) = mate {
            return Some((&mate.device, Some(mate)));
        }
        let end = leg.called_by.as_ref().or(leg.dialled.as_ref())?;
        Some((&end.device, self.legs.get(&end.unique_id)))
    }

    fn other_half(&self, half: &Leg) -> Option<&Leg> {
        let (name, number) = half.channel.name.rsplit_once(';')?;
        let other = if number == "1" { format!("{name};2") } else { format!("{name};1") };
        self.legs.get(self.halves.get(&*other)?)
    }
}

/// Calls that clients ask for.
impl Calls {
    /// Whether the user may make one more by their client now; it ends by `end_order`.
    pub(in crate::live) fn begin_order(&mut self, user: UserId) -> bool {
        let ordered = self.ordered.entry(user).or_default();
        let is_room = *ordered < ORDERS_OF_USER_MAX;
        *ordered += usize::from(is_room);
        is_room
    }

    /// It came about, or will not.
    pub(in crate::live) fn end_order(&mut self, user: UserId) {
        if let Some(ordered) = self.ordered.get_mut(&user) {
            *ordered = ordered.saturating_sub(1);
            if *ordered == 0 {
                self.ordered.remove(&user);
            }
        }
    }
}

/// What the telephone system says.
impl Calls {
    pub(in crate::live) fn happened(&mut self, event: &TelephonyEvent) {
        self.touched.clear();
        match event {
            TelephonyEvent::Channel(channel) => drop(self.see(channel)),
            TelephonyEvent::ChannelRenamed { unique_id, name } => self.rename(unique_id, name),
            TelephonyEvent::HungUp { channel, .. } => self.forget(&channel.unique_id),
            TelephonyEvent::DialBegan { caller, callee } => self.dial(caller.as_ref(), callee),
            TelephonyEvent::BridgeEntered { bridge, channel } => {
                if self.see(channel).is_some() {
                    self.enter(bridge, &channel.unique_id);
                }
            }
            TelephonyEvent::BridgeLeft { channel, .. } => {
                if self.see(channel).is_some() {
                    self.leave(&channel.unique_id);
                }
            }
            TelephonyEvent::Held { unique_id, is_held } => {
                if let Some(leg) = self.legs.get_mut(unique_id) {
                    leg.is_held = *is_held;
                }
            }
            TelephonyEvent::Hint(_)
            | TelephonyEvent::Device(_)
            | TelephonyEvent::Mailbox(_)
            | TelephonyEvent::Member(_)
            | TelephonyEvent::MemberRemoved { .. }
            | TelephonyEvent::Queue(_)
            | TelephonyEvent::CallerJoined { .. }
            | TelephonyEvent::CallerLeft { .. }
            | TelephonyEvent::CallerAbandoned { .. }
            | TelephonyEvent::AgentConnected(_)
            | TelephonyEvent::AgentCompleted(_)
            | TelephonyEvent::Summary { .. }
            | TelephonyEvent::User(_) => {}
        }
    }

    /// Takes over a piece more of what a link begins with; how many channels. A channel that is gone meanwhile has hung up;
    /// of one that is still there is known what was. None: nothing is left.
    pub(in crate::live) fn take_over(&mut self, snapshot: &TelephonySnapshot, cursor: &mut Cursor) -> Option<usize> {
        let Cursor { gone, channels, bridged } = cursor;
        let Some(gone) = gone else {
            let lost = self.legs.keys().filter(|id| !snapshot.has_channel(id));
            *gone = Some(lost.cloned().collect());
            self.legs.values_mut().for_each(|leg| leg.bridge = None);
            self.bridges.clear();
            return Some(1 + self.legs.len() / LOOKED_AT_A_STEP);
        };
        if !gone.is_empty() {
            let lost = gone.split_off(gone.len().saturating_sub(PIECE));
            lost.iter().for_each(|id| self.forget(id));
            return Some(lost.len());
        }
        let mut taken = 0;
        for channel in snapshot.channels.iter().skip(*channels).take(PIECE) {
            self.see(channel);
            taken += 1;
        }
        *channels += taken;
        if taken == 0 {
            for (bridge, id) in snapshot.bridged.iter().skip(*bridged).take(PIECE) {
                self.enter(bridge, id);
                taken += 1;
            }
            *bridged += taken;
        }
        // Whose calls changed is looked at of each agent.
        self.touched.clear();
        (taken > 0).then_some(2 * taken)
    }

    /// As the channel is now; None where there is no room for it.
    fn see(&mut self, channel: &Channel) -> Option<&mut Leg> {
        let id = &channel.unique_id;
        match self.legs.get(id) {
            Some(leg) if leg.channel.name != channel.name => self.rename(id, &channel.name),
            Some(_) => {}
            None if self.legs.len() >= CHANNELS_MAX => return None,
            None => {
                let device = device_key(channel.device());
                self.legs.insert(id.clone(), Leg::new(channel, &device));
                self.add_name(id, &channel.name, device);
            }
        }
        let leg = self.legs.get_mut(id)?;
        leg.channel.clone_from(channel);
        self.touched.insert(leg.device.clone());
        Some(leg)
    }

    fn rename(&mut self, id: &str, name: &str) {
        let Some(leg) = self.legs.get_mut(id) else { return };
        let before = std::mem::replace(&mut leg.channel.name, name.into());
        let device = device_key(leg.channel.device());
        let device_before = std::mem::replace(&mut leg.device, device.clone());
        self.remove_name(id, &before, &device_before);
        self.add_name(id, name, device);
    }

    fn add_name(&mut self, id: &str, name: &str, device: Box<str>) {
        if is_half(name) {
            self.halves.insert(name.into(), id.into());
        }
        self.touched.insert(device.clone());
        self.of_device.entry(device).or_default().push(id.into());
    }

    fn remove_name(&mut self, id: &str, name: &str, device: &str) {
        // Two channels swap their names in a masquerade: the other may have it already.
        if self.halves.get(name).is_some_and(|half| **half == *id) {
            self.halves.remove(name);
        }
        self.touched.insert(device.into());
        if let Some(legs) = self.of_device.get_mut(device) {
            legs.retain(|leg| **leg != *id);
            if legs.is_empty() {
                self.of_device.remove(device);
            }
        }
    }

    fn forget(&mut self, id: &str) {
        self.leave(id);
        if let Some(leg) = self.legs.remove(id) {
            self.remove_name(id, &leg.channel.name, &leg.device);
        }
    }

    fn dial(&mut self, caller: Option<&Channel>, callee: &Channel) {
        let caller = caller.and_then(|caller| self.see(caller).map(|leg| leg.end()));
        let Some(called) = self.see(callee) else { return };
        let Some(caller) = caller else { return };
        called.is_queue_call |= is_agent_callback(&caller.device);
        called.called_by = Some(caller.clone());
        let called = called.end();
        if let Some(leg) = self.legs.get_mut(&caller.unique_id) {
            leg.dialled = Some(called);
        }
    }

    fn enter(&mut self, bridge: &str, id: &str) {
        self.leave(id);
        let Some(leg) = self.legs.get_mut(id) else { return };
        leg.bridge = Some(bridge.into());
        self.bridges.entry(bridge.into()).or_default().push(id.into());
        self.touch_bridge(bridge);
    }

    fn leave(&mut self, id: &str) {
        let Some(bridge) = self.legs.get_mut(id).and_then(|leg| leg.bridge.take()) else { return };
        self.touch_bridge(&bridge);
        if let Some(within) = self.bridges.get_mut(&bridge) {
            within.retain(|other| **other != *id);
            if within.is_empty() {
                self.bridges.remove(&bridge);
            }
        }
    }

    fn touch_bridge(&mut self, bridge: &str) {
        let within = self.bridges.get(bridge).into_iter().flatten();
        self.touched.extend(within.filter_map(|id| self.legs.get(id)).map(|leg| leg.device.clone()));
    }
}

impl Leg {
    fn new(channel: &Channel, device: &str) -> Self {
        Self {
            channel: channel.clone(),
            device: device.into(),
            is_held: false,
            bridge: None,
            called_by: None,
            dialled: None,
            is_queue_call: false,
        }
    }

    fn is_half(&self) -> bool {
        is_half(&self.channel.name)
    }

    fn end(&self) -> End {
        End { unique_id: self.channel.unique_id.clone(), device: self.device.clone() }
    }
}

fn is_half(name: &str) -> bool {
    name.starts_with("Local/") && name.contains(';')
}

/// A Local channel by which queues call an agent: `Local/id-7@agentcallback`, as `device_key` spells it.
fn is_agent_callback(device: &str) -> bool {
    device.strip_prefix("local/id-").is_some_and(|rest| rest.ends_with("@agentcallback"))
}
