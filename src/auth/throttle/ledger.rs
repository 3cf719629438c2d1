//! What is known of logins and addresses: failures of each, and which logged in from where lately. Bounded whatever is
//! tried: what was least recent goes first. `turns` asks it how long to wait and tells it what came of each attempt;
//! pure: the time, since 1970, comes in.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::time::Duration;

use super::failures::{FREE_OF_ACCOUNT, FREE_OF_ADDRESS, Failures};
use crate::settings::address_group::AddressGroup;
use crate::settings::login_record::{CountedAgainst, LoginName, LoginRecord};

/// Logins, and addresses, whose failures are counted.
const COUNTED_LOGINS_MAX: usize = 10_000;
const COUNTED_ADDRESSES_MAX: usize = 10_000;
/// Addresses whose failures at one login are told apart.
const ADDRESSES_OF_LOGIN_MAX: usize = 64;
/// Pairs of a login and an address that it logged in from, of all logins and of one.
const KNOWN_PAIRS_MAX: usize = 50_000;
const KNOWN_ADDRESSES_OF_LOGIN_MAX: usize = 16;
/// For how long a login is known at the address that it last logged in from.
const KNOWN_DAYS: i64 = 30;
const DAY_SECONDS: u64 = 24 * 60 * 60;
/// What part goes at once where something is full.
const PART_THAT_GOES: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Ledger {
    logins: HashMap<LoginName, LoginFailures>,
    addresses: HashMap<AddressGroup, Failures>,
    known: HashMap<LoginName, Vec<KnownAddress>>,
    known_pairs: usize,
    /// What the store does not know yet.
    changed: BTreeSet<(LoginName, AddressGroup)>,
}

#[derive(Debug, Default)]
struct LoginFailures {
    by_address: HashMap<AddressGroup, Failures>,
    /// Of addresses that are told apart no more.
    of_others: Failures,
}

#[derive(Debug, Clone, Copy)]
struct KnownAddress {
    address: AddressGroup,
    /// The day of the last login, since 1970.
    day: i64,
}

impl LoginFailures {
    fn all(&self) -> impl Iterator<Item = &Failures> {
        self.by_address.values().chain([&self.of_others])
    }

    fn number(&self, now: Duration) -> u32 {
        self.all().fold(0, |sum, failures| sum.saturating_add(failures.number(now)))
    }

    fn last(&self) -> Duration {
        self.all().map(Failures::last).max().unwrap_or_default()
    }

    fn of(&mut self, address: AddressGroup) -> &mut Failures {
        if self.by_address.len() >= ADDRESSES_OF_LOGIN_MAX && !self.by_address.contains_key(&address) {
            let least_recent = self.by_address.iter().min_by_key(|(_, failures)| failures.last());
            if let Some(gone) = least_recent.map(|(address, _)| *address).and_then(|it| self.by_address.remove(&it)) {
                self.of_others.absorb(&gone);
            }
        }
        self.by_address.entry(address).or_default()
    }
}

impl Ledger {
    /// Takes what was kept before a restart.
    pub(super) fn take_in(&mut self, record: LoginRecord, now: Duration) {
        let LoginRecord { login, address, failures, last_login } = record;
        for minute in failures {
            self.failures_of(&login, now).of(address).take_in(minute, now);
            self.failures_from(address, now).take_in(minute, now);
        }
        match last_login {
            Some(day) if day >= day_of(now) - KNOWN_DAYS => {
                self.know(&login, KnownAddress { address, day: day.min(day_of(now)) }, now);
            }
            // The store is to forget it too.
            Some(_) => drop(self.changed.insert((login, address))),
            None => {}
        }
    }

    pub(super) fn add_failure(&mut self, login: &LoginName, address: AddressGroup, now: Duration) {
        self.failures_of(login, now).of(address).add(now);
        self.failures_from(address, now).add(now);
        self.changed.insert((login.clone(), address));
    }

    /// The login's failures from there are forgiven, and it is known there.
    pub(super) fn add_success(&mut self, login: &LoginName, address: AddressGroup, now: Duration) {
        self.forget_pair(login, address, now);
        let today = day_of(now);
        let known = self.known.get(login).and_then(|known| known.iter().find(|of| of.address == address));
        if known.is_none_or(|known| known.day < today) {
            self.know(login, KnownAddress { address, day: today }, now);
            self.changed.insert((login.clone(), address));
        }
    }

    /// Failures of a login that count now, and how far apart its attempts are.
    pub(super) fn of_login(&self, login: &LoginName, now: Duration) -> (u32, Duration) {
        let failures = self.logins.get(login).map_or(0, |failures| failures.number(now));
        (failures, FREE_OF_ACCOUNT.delay_after(failures))
    }

    pub(super) fn of_address(&self, address: AddressGroup, now: Duration) -> (u32, Duration) {
        let failures = self.addresses.get(&address).map_or(0, |failures| failures.number(now));
        (failures, FREE_OF_ADDRESS.delay_after(failures))
    }

    /// When the next attempt at a login may be checked.
    pub(super) fn login_is_ready_at(&self, login: &LoginName, now: Duration) -> Duration {
        ready_at(self.logins.get(login).map(LoginFailures::last), self.of_login(login, now).1)
    }

    pub(super) fn address_is_ready_at(&self, address: AddressGroup, now: Duration) -> Duration {
        ready_at(self.addresses.get(&address).map(Failures::last), self.of_address(address, now).1)
    }

    /// How often attempts from there at this login failed, and when last.
    pub(super) fn of_pair(&self, login: &LoginName, address: AddressGroup, now: Duration) -> (u32, Option<Duration>) {
        let failures = self.logins.get(login).and_then(|of_login| of_login.by_address.get(&address));
        match failures.map(|failures| (failures.number(now), failures.last())) {
            None | Some((0, _)) => (0, None),
            Some((number, last)) => (number, Some(last)),
        }
    }

    /// Whether the login logged in from there not long ago.
    pub(super) fn is_known(&self, login: &LoginName, address: AddressGroup, now: Duration) -> bool {
        let oldest = day_of(now) - KNOWN_DAYS;
        let is_it = |known: &KnownAddress| known.address == address && known.day >= oldest;
        self.known.get(login).is_some_and(|known| known.iter().any(is_it))
    }

    /// Every login with failures that count.
    pub(super) fn logins(&self) -> impl Iterator<Item = &LoginName> {
        self.logins.keys()
    }

    pub(super) fn addresses(&self) -> impl Iterator<Item = AddressGroup> {
        self.addresses.keys().copied()
    }

    /// From how many addresses the failures of a login come, as far as they are told apart.
    pub(super) fn addresses_of(&self, login: &LoginName, now: Duration) -> usize {
        let failures = self.logins.get(login);
        failures.map_or(0, |it| it.by_address.values().filter(|failures| failures.number(now) > 0).count())
    }

    /// When its last failure was, since 1970; none: none is counted.
    pub(super) fn last_of(&self, login: &LoginName, now: Duration) -> Option<Duration> {
        self.logins.get(login).filter(|failures| failures.number(now) > 0).map(LoginFailures::last)
    }

    /// Forgets failures, wherever they counted; says how many.
    pub(super) fn forget(&mut self, which: &CountedAgainst, now: Duration) -> u32 {
        match which {
            CountedAgainst::Login(login) => {
                let forgotten = self.of_login(login, now).0;
                let failures = self.logins.get(login);
                let pairs: Vec<_> = failures.into_iter().flat_map(|it| it.by_address.keys().copied()).collect();
                pairs.into_iter().for_each(|address| self.forget_pair(login, address, now));
                self.logins.remove(login);
                forgotten
            }
            CountedAgainst::Address(address) => {
                let forgotten = self.of_address(*address, now).0;
                let has_some = |failures: &LoginFailures| failures.by_address.contains_key(address);
                let of_it = self.logins.iter().filter(|(_, failures)| has_some(failures));
                let logins: Vec<_> = of_it.map(|(login, _)| login.clone()).collect();
                logins.iter().for_each(|login| self.forget_pair(login, *address, now));
                self.addresses.remove(address);
                forgotten
            }
        }
    }

    fn forget_pair(&mut self, login: &LoginName, address: AddressGroup, now: Duration) {
        let Some(of_login) = self.logins.get_mut(login) else { return };
        let Some(forgiven) = of_login.by_address.remove(&address) else { return };
        if of_login.number(now) == 0 {
            self.logins.remove(login);
        }
        if let Some(of_address) = self.addresses.get_mut(&address) {
            of_address.subtract(&forgiven);
            if of_address.number(now) == 0 {
                self.addresses.remove(&address);
            }
        }
        self.changed.insert((login.clone(), address));
    }

    /// What was changed since it was last asked.
    pub(super) fn take_changed(&mut self, now: Duration) -> Vec<LoginRecord> {
        let changed = std::mem::take(&mut self.changed);
        let record = |(login, address): (LoginName, AddressGroup)| {
            let failures = self.logins.get(&login).and_then(|it| it.by_address.get(&address));
            let known = self.known.get(&login).and_then(|it| it.iter().find(|of| of.address == address));
            LoginRecord {
                failures: failures.into_iter().flat_map(|failures| failures.counted(now)).collect(),
                last_login: known.map(|known| known.day),
                login,
                address,
            }
        };
        changed.into_iter().map(record).collect()
    }

    fn failures_of(&mut self, login: &LoginName, now: Duration) -> &mut LoginFailures {
        if self.logins.len() >= COUNTED_LOGINS_MAX && !self.logins.contains_key(login) {
            self.logins.retain(|_, failures| failures.number(now) > 0);
            drop_least_recent(&mut self.logins, COUNTED_LOGINS_MAX, LoginFailures::last);
        }
        self.logins.entry(login.clone()).or_default()
    }

    fn failures_from(&mut self, address: AddressGroup, now: Duration) -> &mut Failures {
        if self.addresses.len() >= COUNTED_ADDRESSES_MAX && !self.addresses.contains_key(&address) {
            self.addresses.retain(|_, failures| failures.number(now) > 0);
            drop_least_recent(&mut self.addresses, COUNTED_ADDRESSES_MAX, Failures::last);
        }
        self.addresses.entry(address).or_default()
    }

    fn know(&mut self, login: &LoginName, newer: KnownAddress, now: Duration) {
        let known = self.known.entry(login.clone()).or_default();
        if let Some(old) = known.iter_mut().find(|old| old.address == newer.address) {
            old.day = old.day.max(newer.day);
            return;
        }
        if known.len() >= KNOWN_ADDRESSES_OF_LOGIN_MAX {
            let least_recent = known.iter().enumerate().min_by_key(|(_, known)| known.day).map(|(at, _)| at);
            if let Some(gone) = least_recent.map(|at| known.swap_remove(at)) {
                self.changed.insert((login.clone(), gone.address));
                self.known_pairs -= 1;
            }
        }
        known.push(newer);
        self.known_pairs += 1;
        if self.known_pairs > KNOWN_PAIRS_MAX {
            self.forget_known_before(day_of(now) - KNOWN_DAYS);
        }
        if self.known_pairs > KNOWN_PAIRS_MAX {
            self.forget_least_recently_known();
        }
    }

    fn forget_least_recently_known(&mut self) {
        let of_login = |(login, known): (&LoginName, &Vec<KnownAddress>)| {
            known.iter().map(|known| (known.day, login.clone(), known.address)).collect::<Vec<_>>()
        };
        let mut by_day: Vec<_> = self.known.iter().flat_map(of_login).collect();
        let goes = by_day.len().div_ceil(PART_THAT_GOES);
        by_day.select_nth_unstable_by_key(goes - 1, |(day, ..)| *day);
        for (_, login, address) in by_day.into_iter().take(goes) {
            if let Some(known) = self.known.get_mut(&login) {
                known.retain(|known| known.address != address);
                self.known_pairs -= 1;
                if known.is_empty() {
                    self.known.remove(&login);
                }
            }
            self.changed.insert((login, address));
        }
    }

    fn forget_known_before(&mut self, oldest: i64) {
        let (changed, known_pairs) = (&mut self.changed, &mut self.known_pairs);
        self.known.retain(|login, known| {
            known.retain(|known| {
                let stays = known.day >= oldest;
                if !stays {
                    changed.insert((login.clone(), known.address));
                    *known_pairs -= 1;
                }
                stays
            });
            !known.is_empty()
        });
    }
}

fn ready_at(last_failure: Option<Duration>, delay: Duration) -> Duration {
    match last_failure {
        Some(last) if !delay.is_zero() => last + delay,
        Some(_) | None => Duration::ZERO,
    }
}

fn day_of(time: Duration) -> i64 {
    i64::try_from(time.as_secs() / DAY_SECONDS).unwrap_or(i64::MAX)
}

fn drop_least_recent<K: Clone + Eq + Hash, V>(map: &mut HashMap<K, V>, most: usize, last: fn(&V) -> Duration) {
    if map.len() < most {
        return;
    }
    let mut by_time: Vec<(Duration, K)> = map.iter().map(|(key, value)| (last(value), key.clone())).collect();
    let goes = by_time.len().div_ceil(PART_THAT_GOES);
    by_time.select_nth_unstable_by_key(goes - 1, |(last, _)| *last);
    for (_, key) in by_time.into_iter().take(goes) {
        map.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv6Addr};

    use super::*;

    const NOW: Duration = Duration::from_secs(1_700_000_000);

    fn name(text: &str) -> LoginName {
        LoginName::of(text)
    }

    fn address(number: u32) -> AddressGroup {
        let [.., high, low] = [number >> 16, number & 0xffff].map(|part| part as u16);
        AddressGroup::of(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, high, low, 0, 0, 0, 1)))
    }

    fn days(number: u64) -> Duration {
        Duration::from_secs(number * DAY_SECONDS)
    }

    #[test]
    fn millions_of_names_and_addresses_grow_nothing_and_the_latest_stay() {
        let mut ledger = Ledger::default();
        for number in 0..30_000 {
            ledger.add_failure(
                &name(&format!("guess{number}")),
                address(number),
                NOW + Duration::from_millis(number.into()),
            );
        }
        assert!(ledger.logins.len() <= COUNTED_LOGINS_MAX && ledger.addresses.len() <= COUNTED_ADDRESSES_MAX);
        let later = NOW + Duration::from_secs(31);
        assert_eq!(ledger.of_login(&name("guess29999"), later).0, 1);
        assert_eq!(ledger.of_address(address(29_999), later).0, 1);
        assert_eq!(ledger.of_login(&name("guess0"), later).0, 0);
        ledger.take_changed(later);
        assert!(ledger.take_changed(later).is_empty());
    }

    #[test]
    fn one_login_from_many_addresses_is_counted_whole() {
        let mut ledger = Ledger::default();
        for number in 0..1000 {
            ledger.add_failure(&name("alice"), address(number), NOW + Duration::from_millis(number.into()));
        }
        let later = NOW + Duration::from_secs(2);
        assert_eq!(ledger.of_login(&name("alice"), later).0, 1000);
        assert_eq!(ledger.addresses_of(&name("alice"), later), ADDRESSES_OF_LOGIN_MAX);
        assert_eq!(ledger.forget(&CountedAgainst::Login(name("alice")), later), 1000);
        assert_eq!(ledger.of_login(&name("alice"), later).0, 0);
    }

    #[test]
    fn a_success_forgives_what_failed_from_there_alone() {
        let mut ledger = Ledger::default();
        for from in [1, 1, 1, 2, 2] {
            ledger.add_failure(&name("alice"), address(from), NOW);
        }
        ledger.add_failure(&name("bob"), address(1), NOW);
        ledger.add_success(&name("alice"), address(1), NOW);
        assert_eq!(ledger.of_login(&name("alice"), NOW).0, 2);
        assert_eq!((ledger.of_address(address(1), NOW).0, ledger.of_address(address(2), NOW).0), (1, 2));
        assert_eq!(ledger.of_login(&name("bob"), NOW).0, 1);
        assert_eq!(ledger.of_pair(&name("alice"), address(1), NOW), (0, None));
        assert_eq!(ledger.of_pair(&name("alice"), address(2), NOW), (2, Some(NOW)));
    }

    #[test]
    fn an_address_that_is_unlocked_is_so_at_every_login() {
        let mut ledger = Ledger::default();
        for login in ["alice", "bob", "carol"] {
            ledger.add_failure(&name(login), address(1), NOW);
            ledger.add_failure(&name(login), address(2), NOW);
        }
        assert_eq!(ledger.forget(&CountedAgainst::Address(address(1)), NOW), 3);
        assert_eq!(ledger.of_address(address(1), NOW).0, 0);
        assert_eq!((ledger.of_login(&name("alice"), NOW).0, ledger.of_address(address(2), NOW).0), (1, 3));
        assert_eq!(ledger.forget(&CountedAgainst::Address(address(9)), NOW), 0);
    }

    #[test]
    fn a_login_is_known_where_it_logged_in_within_thirty_days() {
        let mut ledger = Ledger::default();
        let alice = name("alice");
        ledger.add_success(&alice, address(1), NOW);
        assert!(ledger.is_known(&alice, address(1), NOW + days(30)));
        assert!(!ledger.is_known(&alice, address(1), NOW + days(32)));
        assert!(!ledger.is_known(&alice, address(2), NOW) && !ledger.is_known(&name("bob"), address(1), NOW));
        ledger.take_changed(NOW);
        ledger.add_success(&alice, address(1), NOW + Duration::from_secs(60));
        assert!(ledger.take_changed(NOW).is_empty(), "a day's second login is no news");
        for number in 2..50 {
            ledger.add_success(&alice, address(number), NOW + days(number.into()));
        }
        assert_eq!(ledger.known[&alice].len(), KNOWN_ADDRESSES_OF_LOGIN_MAX);
        assert!(ledger.is_known(&alice, address(49), NOW + days(50)));
    }

    #[test]
    fn known_pairs_are_bounded_and_the_least_recent_go() {
        let mut ledger = Ledger::default();
        for number in 0..u32::try_from(KNOWN_PAIRS_MAX).expect("small") + 10 {
            let day = if number < 1000 { NOW } else { NOW + days(1) };
            ledger.add_success(&name(&format!("user{number}")), address(1), day);
        }
        let held: usize = ledger.known.values().map(Vec::len).sum();
        assert_eq!(held, ledger.known_pairs);
        assert!(held <= KNOWN_PAIRS_MAX && held > KNOWN_PAIRS_MAX / 2, "{held}");
        assert!(!ledger.is_known(&name("user0"), address(1), NOW + days(1)));
        assert!(ledger.is_known(&name("user50009"), address(1), NOW + days(1)));
        let told = ledger.take_changed(NOW + days(1));
        assert!(told.iter().any(|record| record.login == name("user0") && record.last_login.is_none()));
    }

    #[test]
    fn what_was_kept_is_taken_in_again() {
        let mut ledger = Ledger::default();
        for _ in 0..5 {
            ledger.add_failure(&name("alice"), address(1), NOW);
        }
        ledger.add_success(&name("bob"), address(2), NOW);
        let mut again = Ledger::default();
        let later = NOW + Duration::from_secs(30);
        ledger.take_changed(NOW).into_iter().for_each(|record| again.take_in(record, later));
        assert_eq!(again.of_login(&name("alice"), later), (5, Duration::from_secs(4)));
        assert_eq!(again.of_address(address(1), later).0, 5);
        assert!(again.is_known(&name("bob"), address(2), later));
        assert!(again.take_changed(later).is_empty());
        assert_eq!(again.of_login(&name("alice"), later + Duration::from_secs(17 * 60)).0, 0);
    }
}
