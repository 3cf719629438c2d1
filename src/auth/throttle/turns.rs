//! Whose attempt may be checked when: those at one login one at a time, the delay apart, addresses in turn; those from an
//! address with too many failures the same way. A state machine: attempts, outcomes and the time come in, whose turn it
//! is comes out. It holds no socket, asks no clock and never waits; `Throttle` does.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use super::failures::FREE_OF_ACCOUNT;
use super::ledger::Ledger;
use crate::settings::address_group::AddressGroup;
use crate::settings::login_record::{CountedAgainst, LoginName, LoginRecord};

/// An attempt, by the order in which they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ticket(u64);

/// What came of a check, as far as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::auth) enum TurnOutcome {
    Failure,
    Success,
    /// Nobody could say, or nobody waits for it any more.
    Undecided,
}

/// Times are since 1970 and never run backwards.
#[derive(Debug, Default)]
pub(super) struct Turns {
    pub(super) ledger: Ledger,
    last_ticket: u64,
    attempts: HashMap<Ticket, Attempt>,
    /// Of every login with an attempt.
    logins: HashMap<LoginName, LoginQueue>,
    /// Of every address with an attempt.
    addresses: HashMap<AddressGroup, AddressQueue>,
    /// When to look again at whom; may hold what is no longer so.
    alarms: BTreeSet<(Duration, Waiter)>,
    released: Vec<Ticket>,
}

#[derive(Debug, Clone)]
struct Attempt {
    login: LoginName,
    address: AddressGroup,
    state: AttemptState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AttemptState {
    Waiting,
    /// Being checked; `of_address` says whether it holds up others from its address.
    UnderWay {
        of_address: Holds,
    },
    /// Being checked, beside all turns.
    Free,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    ItsAddress,
    Nobody,
}

#[derive(Debug, Default)]
struct LoginQueue {
    is_under_way: bool,
    waiting: BTreeMap<Ticket, AddressGroup>,
    /// A newcomer had the last turn that one could have, so the next one is not theirs.
    newcomer_was_last: bool,
    /// The newest attempt of an address where several waited had the last turn there, so the next one is the oldest's.
    newest_was_last: bool,
}

/// Who is next at a login: the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The login succeeded from there lately, and at most slipped since: nobody else can bring such addresses.
    Known(Option<Duration>, Ticket),
    /// Never failed there: the latest is next, for those who wait already may be one who guesses from many addresses.
    Newcomer(Reverse<Ticket>),
    /// In the order in which they came: where nobody guesses, and each turn after a newcomer's, so that whoever brings new
    /// addresses for ever locks out nobody either.
    InOrder(Ticket),
    /// The one that failed least recently.
    Failed(Duration, Ticket),
}

#[derive(Debug, Default)]
struct AddressQueue {
    under_way: usize,
    waiting: BTreeMap<Ticket, LoginName>,
    /// Somebody waits for the address, and maybe not for time alone.
    holds_back: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Waiter {
    Login(LoginName),
    Address(AddressGroup),
}

/// A login or an address with failures or with attempts that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Throttled<T> {
    pub(crate) who: T,
    pub(crate) failures: u32,
    /// How far apart attempts are now.
    pub(crate) delay: Duration,
    pub(crate) waiting: usize,
    /// From how many addresses the failures come, as far as they are told apart.
    pub(crate) addresses: usize,
    /// When the last failure was, since 1970, of a login.
    pub(crate) last: Option<Duration>,
}

impl Turns {
    pub(super) fn take_in(&mut self, record: LoginRecord, now: Duration) {
        self.ledger.take_in(record, now);
    }

    /// An attempt waits for its turn; it may be among `take_released` at once.
    pub(super) fn enter(&mut self, login: LoginName, address: AddressGroup, now: Duration) -> Ticket {
        let ticket = self.next_ticket();
        self.logins.entry(login.clone()).or_default().waiting.insert(ticket, address);
        self.addresses.entry(address).or_default().waiting.insert(ticket, login.clone());
        self.attempts.insert(ticket, Attempt { login: login.clone(), address, state: AttemptState::Waiting });
        self.try_login(&login, now);
        ticket
    }

    /// An attempt that waits for nobody and for which nobody waits; what comes of it counts.
    pub(super) fn enter_free(&mut self, login: LoginName, address: AddressGroup) -> Ticket {
        let ticket = self.next_ticket();
        self.attempts.insert(ticket, Attempt { login, address, state: AttemptState::Free });
        self.released.push(ticket);
        ticket
    }

    fn next_ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        Ticket(self.last_ticket)
    }

    /// The attempt is over, whether or not it had its turn; what came of one that had not does not count. Says who is
    /// slowed down from now on and was not before.
    pub(super) fn leave(&mut self, ticket: Ticket, outcome: TurnOutcome, now: Duration) -> Vec<CountedAgainst> {
        let Some(Attempt { login, address, state }) = self.attempts.remove(&ticket) else { return Vec::new() };
        let before = self.delays(&login, address, now);
        match state {
            AttemptState::Waiting => {
                if let Some(queue) = self.logins.get_mut(&login) {
                    queue.waiting.remove(&ticket);
                }
                if let Some(queue) = self.addresses.get_mut(&address) {
                    queue.waiting.remove(&ticket);
                }
            }
            AttemptState::UnderWay { of_address } => {
                if let Some(queue) = self.logins.get_mut(&login) {
                    queue.is_under_way = false;
                }
                if let Some(queue) = self.addresses.get_mut(&address).filter(|_| of_address == Holds::ItsAddress) {
                    queue.under_way -= 1;
                }
            }
            AttemptState::Free => {}
        }
        if state != AttemptState::Waiting {
            match outcome {
                TurnOutcome::Failure => self.ledger.add_failure(&login, address, now),
                TurnOutcome::Success => self.ledger.add_success(&login, address, now),
                TurnOutcome::Undecided => {}
            }
        }
        self.look_again(&login, address, now);
        let after = self.delays(&login, address, now);
        let begins = |before: Duration, after: Duration| before.is_zero() && !after.is_zero();
        let of_login = begins(before.0, after.0).then_some(CountedAgainst::Login(login));
        let of_address = begins(before.1, after.1).then_some(CountedAgainst::Address(address));
        of_login.into_iter().chain(of_address).collect()
    }

    fn delays(&self, login: &LoginName, address: AddressGroup, now: Duration) -> (Duration, Duration) {
        (self.ledger.of_login(login, now).1, self.ledger.of_address(address, now).1)
    }

    /// Forgets failures; says how many, and who waited for it may have their turn.
    pub(super) fn unlock(&mut self, which: &CountedAgainst, now: Duration) -> u32 {
        let forgotten = self.ledger.forget(which, now);
        match which {
            CountedAgainst::Login(login) => self.try_login(login, now),
            CountedAgainst::Address(address) => self.try_address(*address, now),
        }
        forgotten
    }

    /// The time has come that `next_alarm` named.
    pub(super) fn ring(&mut self, now: Duration) {
        while let Some((_, waiter)) = self.alarms.first().filter(|(at, _)| *at <= now).cloned() {
            self.alarms.pop_first();
            match waiter {
                Waiter::Login(login) => self.try_login(&login, now),
                Waiter::Address(address) => self.try_address(address, now),
            }
        }
    }

    pub(super) fn next_alarm(&self) -> Option<Duration> {
        self.alarms.first().map(|(at, _)| *at)
    }

    /// Whose turn it became; they count as being checked.
    pub(super) fn take_released(&mut self) -> Vec<Ticket> {
        std::mem::take(&mut self.released)
    }

    /// Those who waited for this attempt.
    fn look_again(&mut self, login: &LoginName, address: AddressGroup, now: Duration) {
        self.try_login(login, now);
        if self.addresses.get_mut(&address).is_some_and(|queue| std::mem::take(&mut queue.holds_back)) {
            self.try_address(address, now);
        }
        if self.logins.get(login).is_some_and(|queue| !queue.is_under_way && queue.waiting.is_empty()) {
            self.logins.remove(login);
        }
        if self.addresses.get(&address).is_some_and(|queue| queue.under_way == 0 && queue.waiting.is_empty()) {
            self.addresses.remove(&address);
        }
    }

    /// Gives the login's next attempt its turn, if it may have it now, or sets the alarm for when it may.
    fn try_login(&mut self, login: &LoginName, now: Duration) {
        let Some(queue) = self.logins.get(login) else { return };
        if queue.is_under_way || queue.waiting.is_empty() {
            return;
        }
        let ready_at = self.ledger.login_is_ready_at(login, now);
        if ready_at > now {
            self.alarms.insert((ready_at, Waiter::Login(login.clone())));
            return;
        }
        let newcomers_are_next = !queue.newcomer_was_last;
        // Of each address the oldest; where somebody guesses, in turn with the newest: whoever guesses there has filled the
        // queue before the owner comes.
        let newest_is_next = !queue.newest_was_last && self.ledger.of_login(login, now).0 > 0;
        let mut first: BTreeMap<AddressGroup, Ticket> = BTreeMap::new();
        let mut several: BTreeSet<AddressGroup> = BTreeSet::new();
        for (ticket, address) in &queue.waiting {
            match first.entry(*address) {
                Entry::Vacant(vacant) => drop(vacant.insert(*ticket)),
                Entry::Occupied(mut occupied) => {
                    several.insert(*address);
                    if newest_is_next {
                        occupied.insert(*ticket);
                    }
                }
            }
        }
        let of_open = first.iter().filter(|(address, _)| self.may_check(login, **address, now));
        let ranked = of_open
            .map(|(address, ticket)| (self.rank(login, *address, *ticket, newcomers_are_next, now), *address, *ticket));
        match ranked.min() {
            Some((rank, address, ticket)) => {
                if let Some(queue) = self.logins.get_mut(login) {
                    match rank {
                        Rank::Newcomer(_) => queue.newcomer_was_last = true,
                        Rank::InOrder(_) => queue.newcomer_was_last = false,
                        Rank::Known(..) | Rank::Failed(..) => {}
                    }
                    if several.contains(&address) {
                        queue.newest_was_last = newest_is_next;
                    }
                }
                self.release(ticket, login, address, now);
            }
            None => first.into_keys().for_each(|address| self.hold_back(address, now)),
        }
    }

    fn rank(
        &self,
        login: &LoginName,
        address: AddressGroup,
        ticket: Ticket,
        newcomers_are_next: bool,
        now: Duration,
    ) -> Rank {
        let (failures, last_failure) = self.ledger.of_pair(login, address, now);
        if self.ledger.is_known(login, address, now) && FREE_OF_ACCOUNT.covers(failures) {
            return Rank::Known(last_failure, ticket);
        }
        let is_guessed = self.ledger.of_login(login, now).0 > 0;
        match last_failure {
            _ if !(is_guessed && newcomers_are_next) => Rank::InOrder(ticket),
            None => Rank::Newcomer(Reverse(ticket)),
            Some(last_failure) => Rank::Failed(last_failure, ticket),
        }
    }

    /// Gives the turn to the oldest attempt from there that only waited for its address.
    fn try_address(&mut self, address: AddressGroup, now: Duration) {
        let Some(queue) = self.addresses.get(&address) else { return };
        let logins: Vec<LoginName> = queue.waiting.values().cloned().collect();
        for login in logins {
            if !self.is_open(address, now) {
                self.hold_back(address, now);
                return;
            }
            self.try_login(&login, now);
        }
    }

    fn release(&mut self, ticket: Ticket, login: &LoginName, address: AddressGroup, now: Duration) {
        let of_address = match self.ledger.is_known(login, address, now) {
            true => Holds::Nobody,
            false => Holds::ItsAddress,
        };
        if let Some(queue) = self.logins.get_mut(login) {
            queue.is_under_way = true;
            queue.waiting.remove(&ticket);
        }
        if let Some(queue) = self.addresses.get_mut(&address) {
            queue.waiting.remove(&ticket);
            queue.under_way += usize::from(of_address == Holds::ItsAddress);
        }
        if let Some(attempt) = self.attempts.get_mut(&ticket) {
            attempt.state = AttemptState::UnderWay { of_address };
        }
        self.released.push(ticket);
    }

    /// Whether the address does not stand in the way.
    fn may_check(&self, login: &LoginName, address: AddressGroup, now: Duration) -> bool {
        self.is_open(address, now) || self.ledger.is_known(login, address, now)
    }

    fn is_open(&self, address: AddressGroup, now: Duration) -> bool {
        let (_, delay) = self.ledger.of_address(address, now);
        let is_idle = || self.addresses.get(&address).is_none_or(|queue| queue.under_way == 0);
        delay.is_zero() || (is_idle() && self.ledger.address_is_ready_at(address, now) <= now)
    }

    /// Looks again when its time has come, and when whoever is checked leaves.
    fn hold_back(&mut self, address: AddressGroup, now: Duration) {
        if let Some(queue) = self.addresses.get_mut(&address) {
            queue.holds_back = true;
        }
        let ready_at = self.ledger.address_is_ready_at(address, now);
        if ready_at > now {
            self.alarms.insert((ready_at, Waiter::Address(address)));
        }
    }

    /// Every login that is counted or waited for, those with most failures first.
    pub(super) fn throttled_logins(&self, now: Duration) -> Vec<Throttled<LoginName>> {
        let waiting = self.logins.iter().filter(|(_, queue)| !queue.waiting.is_empty()).map(|(login, _)| login);
        let all: BTreeSet<&LoginName> = self.ledger.logins().chain(waiting).collect();
        sorted(all.into_iter().map(|login| {
            let (failures, delay) = self.ledger.of_login(login, now);
            let waiting = self.logins.get(login).map_or(0, |queue| queue.waiting.len());
            let addresses = self.ledger.addresses_of(login, now);
            let last = self.ledger.last_of(login, now);
            Throttled { who: login.clone(), failures, delay, waiting, addresses, last }
        }))
    }

    pub(super) fn throttled_addresses(&self, now: Duration) -> Vec<Throttled<AddressGroup>> {
        let waiting = self.addresses.iter().filter(|(_, queue)| !queue.waiting.is_empty()).map(|(address, _)| *address);
        let all: BTreeSet<AddressGroup> = self.ledger.addresses().chain(waiting).collect();
        sorted(all.into_iter().map(|address| {
            let (failures, delay) = self.ledger.of_address(address, now);
            let waiting = self.addresses.get(&address).map_or(0, |queue| queue.waiting.len());
            Throttled { who: address, failures, delay, waiting, addresses: 1, last: None }
        }))
    }
}

fn sorted<T>(all: impl Iterator<Item = Throttled<T>>) -> Vec<Throttled<T>> {
    let mut all: Vec<_> = all.filter(|it| it.failures > 0 || it.waiting > 0).collect();
    all.sort_by_key(|it| Reverse((it.failures, it.waiting)));
    all
}

#[cfg(test)]
mod tests;
