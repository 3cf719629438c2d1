//! Who waits for whom and for how long, tried without a clock.

use std::collections::VecDeque;
use std::net::IpAddr;

use proptest::prelude::*;

use super::*;

const START: Duration = Duration::from_secs(1_700_000_000);
const SECOND: Duration = Duration::from_secs(1);

fn address(last: u8) -> AddressGroup {
    AddressGroup::of(IpAddr::from([192, 0, 2, last]))
}

/// The machine with a clock that runs when the test says so.
struct Trial {
    turns: Turns,
    now: Duration,
}

impl Trial {
    fn new() -> Self {
        Self { turns: Turns::default(), now: START }
    }

    fn enter(&mut self, login: &str, from: u8) -> Ticket {
        self.turns.enter(LoginName::of(login), address(from), self.now)
    }

    /// From an address that never asked before.
    fn enter_from_elsewhere(&mut self, login: &str) -> Ticket {
        let [_, a, b, c] = u32::try_from(self.turns.last_ticket).expect("a short trial").to_be_bytes();
        self.turns.enter(LoginName::of(login), AddressGroup::of(IpAddr::from([10, a, b, c])), self.now)
    }

    fn leave(&mut self, ticket: Ticket, outcome: TurnOutcome) {
        self.turns.leave(ticket, outcome, self.now);
    }

    /// Until somebody has their turn, as time alone brings it; says after how long.
    fn next_turn(&mut self) -> (Ticket, Duration) {
        let began = self.now;
        loop {
            if let [ticket] = self.turns.take_released()[..] {
                return (ticket, self.now - began);
            }
            self.now = self.turns.next_alarm().expect("somebody waits for time alone").max(self.now);
            self.turns.ring(self.now);
        }
    }

    /// One attempt alone; says for how long it waited.
    fn attempt(&mut self, login: &str, from: u8, outcome: TurnOutcome) -> Duration {
        let ticket = self.enter(login, from);
        let (turn, waited) = self.next_turn();
        assert_eq!(turn, ticket);
        self.leave(ticket, outcome);
        waited
    }

    fn fail(&mut self, login: &str, from: u8, times: u32) {
        for _ in 0..times {
            self.attempt(login, from, TurnOutcome::Failure);
        }
    }

    fn is_released(&mut self, ticket: Ticket) -> bool {
        self.turns.take_released().contains(&ticket)
    }
}

#[test]
fn three_failures_are_free_and_further_ones_come_late() {
    let mut trial = Trial::new();
    let waited: Vec<u64> = (0..8).map(|_| trial.attempt("alice", 1, TurnOutcome::Failure).as_secs()).collect();
    assert_eq!(waited, [0, 0, 0, 1, 2, 4, 8, 8]);
    assert_eq!(trial.attempt("bob", 1, TurnOutcome::Failure), Duration::ZERO, "another login is not delayed");
    trial.now += SECOND * 8;
    assert_eq!(trial.attempt("alice", 1, TurnOutcome::Success), Duration::ZERO, "who let the delay pass waits no more");
    assert_eq!(trial.attempt("alice", 1, TurnOutcome::Success), Duration::ZERO, "a success forgives");
}

#[test]
fn attempts_in_parallel_do_not_get_around_it() {
    let mut trial = Trial::new();
    let mut waiting: VecDeque<Ticket> = (0..100).map(|_| trial.enter("alice", 1)).collect();
    let mut at = Vec::new();
    for turn in 0..10 {
        let (ticket, _) = trial.next_turn();
        // The first one fails before anybody can know that somebody guesses.
        let expected = if turn % 2 == 0 { waiting.pop_front() } else { waiting.pop_back() };
        assert_eq!(Some(ticket), expected);
        assert!(trial.turns.take_released().is_empty(), "one at a time");
        at.push((trial.now - START).as_secs());
        trial.leave(ticket, TurnOutcome::Failure);
    }
    assert_eq!(at, [0, 0, 0, 1, 3, 7, 15, 23, 31, 39]);
}

/// Somebody guesses where the owner sits, at a machine that several use or behind the same router.
#[test]
fn at_one_address_the_owner_comes_soon_however_many_guesses_wait() {
    for is_known in [true, false] {
        let mut trial = Trial::new();
        if is_known {
            trial.attempt("alice", 1, TurnOutcome::Success);
        }
        for _ in 0..500 {
            trial.enter("alice", 1);
        }
        for _ in 0..10 {
            let (ticket, _) = trial.next_turn();
            trial.leave(ticket, TurnOutcome::Failure);
        }
        let owner = trial.enter("alice", 1);
        let asked = trial.now;
        while let (ticket, _) = trial.next_turn()
            && ticket != owner
        {
            trial.leave(ticket, TurnOutcome::Failure);
        }
        assert!(trial.now - asked <= SECOND * 16, "{:?}", trial.now - asked);
    }
}

#[test]
fn the_owner_comes_next_while_others_guess() {
    let mut trial = Trial::new();
    let mut guesses: Vec<Ticket> = (1..=20).map(|from| trial.enter("alice", from)).collect();
    for _ in 0..50 {
        let (ticket, _) = trial.next_turn();
        let from = trial.turns.attempts[&ticket].address;
        trial.leave(ticket, TurnOutcome::Failure);
        guesses.retain(|guess| *guess != ticket);
        guesses.push(trial.turns.enter(LoginName::of("alice"), from, trial.now));
    }
    let owner = trial.enter("alice", 99);
    let (ticket, waited) = trial.next_turn();
    assert_eq!(ticket, owner);
    assert!(waited <= SECOND * 8, "{waited:?}");
    trial.leave(owner, TurnOutcome::Success);
    let (ticket, waited) = trial.next_turn();
    assert!(guesses.contains(&ticket) && waited <= SECOND * 8, "the others' failures still count");
}

#[test]
fn a_new_address_is_next_even_if_others_wait_for_their_first_turn() {
    let mut trial = Trial::new();
    let guesses: Vec<Ticket> = (1..=20).map(|from| trial.enter("alice", from)).collect();
    for _ in 0..5 {
        let (ticket, _) = trial.next_turn();
        trial.leave(ticket, TurnOutcome::Failure);
    }
    let owner = trial.enter("alice", 99);
    assert_eq!(trial.next_turn().0, owner);
    trial.leave(owner, TurnOutcome::Success);
    assert!(guesses.contains(&trial.next_turn().0));
    // Where nobody guesses, those who come first are first.
    let all: Vec<Ticket> = (1..=5).map(|from| trial.enter("shared", from)).collect();
    for expected in all {
        assert_eq!(trial.next_turn().0, expected);
        trial.leave(expected, TurnOutcome::Success);
    }
}

/// Somebody who brings so many new addresses a turn guesses until this attempt has its turn; says after how many turns.
fn turns_until(trial: &mut Trial, wanted: Ticket, new_addresses: usize) -> usize {
    for turns in 1..500 {
        for _ in 0..new_addresses {
            trial.enter_from_elsewhere("alice");
        }
        let (ticket, waited) = trial.next_turn();
        assert!(waited <= SECOND * 8, "{waited:?}");
        if ticket == wanted {
            return turns;
        }
        trial.leave(ticket, TurnOutcome::Failure);
    }
    panic!("locked out");
}

#[test]
fn a_stream_of_new_addresses_holds_up_nobody_where_they_logged_in_before_even_after_a_slip() {
    let mut trial = Trial::new();
    trial.attempt("alice", 7, TurnOutcome::Success);
    trial.fail("alice", 1, 6);
    let _waiting: Vec<Ticket> = (0..10).map(|_| trial.enter_from_elsewhere("alice")).collect();
    for outcome in [TurnOutcome::Failure, TurnOutcome::Failure, TurnOutcome::Success] {
        let owner = trial.enter("alice", 7);
        assert_eq!(turns_until(&mut trial, owner, 10), 1, "{outcome:?}");
        trial.leave(owner, outcome);
    }
}

#[test]
fn a_stream_of_new_addresses_locks_out_no_owner_who_comes_from_a_new_one_either() {
    for slips in [0, 1] {
        let mut trial = Trial::new();
        trial.fail("alice", 99, slips);
        let before: Vec<Ticket> = (0..10).map(|_| trial.enter_from_elsewhere("alice")).collect();
        let owner = trial.enter("alice", 99);
        let turns = turns_until(&mut trial, owner, 10);
        assert!(turns <= 2 * (before.len() + 1), "each second turn is of whoever has waited longest: {turns}");
    }
}

#[test]
fn addresses_take_turns_at_a_login() {
    let mut trial = Trial::new();
    let flood: Vec<Ticket> = (0..5).map(|_| trial.enter("alice", 1)).collect();
    let other: Vec<Ticket> = (0..2).map(|_| trial.enter("alice", 2)).collect();
    let order: Vec<Ticket> = (0..7)
        .map(|_| {
            let (ticket, _) = trial.next_turn();
            trial.now += SECOND;
            trial.leave(ticket, TurnOutcome::Failure);
            ticket
        })
        .collect();
    // Within an address the newest and the oldest in turn, once somebody guesses.
    assert_eq!(order, [flood[0], other[1], flood[1], other[0], flood[4], flood[2], flood[3]]);
}

#[test]
fn among_new_addresses_the_one_that_the_login_is_known_at_is_first() {
    let mut trial = Trial::new();
    trial.attempt("alice", 7, TurnOutcome::Success);
    let guesses: Vec<Ticket> = (10..30).map(|from| trial.enter("alice", from)).collect();
    let owner = trial.enter("alice", 7);
    assert_eq!(trial.next_turn().0, guesses[0], "it was alone when it came");
    trial.leave(guesses[0], TurnOutcome::Failure);
    assert_eq!(trial.next_turn().0, owner);
}

#[test]
fn an_address_with_too_many_failures_waits_at_every_login_but_those_known_there() {
    let mut trial = Trial::new();
    trial.attempt("known", 1, TurnOutcome::Success);
    for number in 0..50 {
        assert_eq!(trial.attempt(&format!("guess{number}"), 1, TurnOutcome::Failure), Duration::ZERO);
    }
    assert_eq!(trial.attempt("guess50", 1, TurnOutcome::Failure), SECOND);
    assert_eq!(trial.attempt("guess51", 1, TurnOutcome::Failure), SECOND * 2);
    assert_eq!(trial.attempt("known", 1, TurnOutcome::Success), Duration::ZERO);
    assert_eq!(trial.attempt("newcomer", 2, TurnOutcome::Success), Duration::ZERO, "another address");
    // One at a time, however many logins it tries.
    let guesses: Vec<Ticket> = (60..70).map(|number| trial.enter(&format!("guess{number}"), 1)).collect();
    assert_eq!(trial.next_turn(), (guesses[0], SECOND * 4));
    assert!(trial.turns.take_released().is_empty());
    let known = trial.enter("known", 1);
    assert!(trial.is_released(known));
    trial.leave(known, TurnOutcome::Success);
    assert!(trial.turns.take_released().is_empty() && trial.turns.next_alarm().is_none_or(|at| at <= trial.now));
    trial.leave(guesses[0], TurnOutcome::Failure);
    assert_eq!(trial.next_turn(), (guesses[1], SECOND * 8));
}

#[test]
fn an_address_that_waits_holds_up_no_other_at_the_same_login() {
    let mut trial = Trial::new();
    for number in 0..60 {
        trial.attempt(&format!("guess{number}"), 1, TurnOutcome::Failure);
    }
    let guess = trial.enter("alice", 1);
    assert!(trial.turns.take_released().is_empty());
    let owner = trial.enter("alice", 2);
    assert!(trial.is_released(owner));
    trial.leave(owner, TurnOutcome::Success);
    assert_eq!(trial.next_turn().0, guess);
}

#[test]
fn failures_are_forgotten() {
    let mut trial = Trial::new();
    trial.fail("alice", 1, 10);
    trial.now += SECOND * 17 * 60;
    assert_eq!(trial.attempt("alice", 1, TurnOutcome::Failure), Duration::ZERO);
    assert_eq!(trial.turns.throttled_logins(trial.now)[0].failures, 1);
}

#[test]
fn what_nobody_could_decide_counts_for_nothing() {
    let mut trial = Trial::new();
    for _ in 0..100 {
        assert_eq!(trial.attempt("alice", 1, TurnOutcome::Undecided), Duration::ZERO);
    }
    assert!(trial.turns.throttled_logins(trial.now).is_empty());
}

#[test]
fn who_went_away_leaves_the_queue() {
    let mut trial = Trial::new();
    trial.fail("alice", 1, 6);
    let gone: Vec<Ticket> = (0..100).map(|_| trial.enter("alice", 2)).collect();
    let stays = trial.enter("alice", 2);
    gone.into_iter().for_each(|ticket| trial.leave(ticket, TurnOutcome::Failure));
    let (ticket, waited) = trial.next_turn();
    assert_eq!((ticket, waited), (stays, SECOND * 8));
    trial.leave(stays, TurnOutcome::Failure);
    let (failures, _) = trial.turns.ledger.of_login(&LoginName::of("alice"), trial.now);
    assert_eq!(failures, 7, "who had no turn has not failed");
    assert!(trial.turns.logins.is_empty() && trial.turns.addresses.is_empty() && trial.turns.attempts.is_empty());
}

#[test]
fn who_is_free_waits_for_nobody_and_still_counts() {
    let mut trial = Trial::new();
    trial.fail("root", 1, 10);
    let waits = trial.enter("root", 1);
    let free = trial.turns.enter_free(LoginName::of("root"), address(1));
    assert_eq!(trial.turns.take_released(), [free]);
    trial.leave(free, TurnOutcome::Failure);
    assert_eq!(trial.turns.throttled_logins(trial.now)[0].failures, 11);
    assert_eq!(trial.next_turn().0, waits);
}

#[test]
fn unlocking_lets_in_who_waits() {
    let mut trial = Trial::new();
    trial.fail("alice", 1, 10);
    let waits = trial.enter("alice", 1);
    assert!(!trial.is_released(waits));
    assert_eq!(trial.turns.unlock(&CountedAgainst::Login(LoginName::of("ALICE")), trial.now), 10);
    assert!(trial.is_released(waits));
    trial.leave(waits, TurnOutcome::Failure);
    trial.fail("alice", 1, 9);
    let waits = trial.enter("alice", 1);
    assert_eq!(trial.turns.unlock(&CountedAgainst::Address(address(1)), trial.now), 10);
    assert!(trial.is_released(waits));
    assert_eq!(trial.turns.unlock(&CountedAgainst::Login(LoginName::of("bob")), trial.now), 0);
}

#[test]
fn what_is_seen_says_who_is_slowed_down_and_how_many_wait() {
    let mut trial = Trial::new();
    trial.fail("alice", 1, 5);
    trial.attempt("alice", 2, TurnOutcome::Failure);
    let last = Some(trial.now);
    trial.fail("bob", 2, 1);
    let last_of_bob = Some(trial.now);
    let _waits = trial.enter("alice", 3);
    let logins = trial.turns.throttled_logins(trial.now);
    let who = LoginName::of("alice");
    let alice = Throttled { who, failures: 6, delay: SECOND * 8, waiting: 1, addresses: 2, last };
    let (who, delay) = (LoginName::of("bob"), Duration::ZERO);
    let bob = Throttled { who, failures: 1, delay, waiting: 0, addresses: 1, last: last_of_bob };
    assert_eq!(logins, [alice, bob]);
    let addresses: Vec<_> =
        trial.turns.throttled_addresses(trial.now).into_iter().map(|it| (it.who, it.failures, it.waiting)).collect();
    assert_eq!(addresses, [(address(1), 5, 0), (address(2), 2, 0), (address(3), 0, 1)]);
}

#[derive(Debug, Clone)]
enum Step {
    Enter { login: u8, from: u8 },
    Leave { which: usize, outcome: TurnOutcome },
    GoAway { which: usize },
    Wait { milliseconds: u64 },
    CountedAgainst { login: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![4 => Just(TurnOutcome::Failure), 1 => Just(TurnOutcome::Success), 1 => Just(TurnOutcome::Undecided)];
    prop_oneof![
        6 => (0..3_u8, 0..4_u8).prop_map(|(login, from)| Step::Enter { login, from }),
        6 => (any::<usize>(), outcome).prop_map(|(which, outcome)| Step::Leave { which, outcome }),
        1 => any::<usize>().prop_map(|which| Step::GoAway { which }),
        3 => (0..20_000_u64).prop_map(|milliseconds| Step::Wait { milliseconds }),
        1 => (0..3_u8).prop_map(|login| Step::CountedAgainst { login }),
    ]
}

/// Rings every alarm up to this time, each at its own.
fn run_until(trial: &mut Trial, end: Duration, checked: &mut Vec<Ticket>) {
    loop {
        checked.extend(trial.turns.take_released());
        match trial.turns.next_alarm().filter(|at| *at <= end) {
            Some(at) => {
                trial.now = at.max(trial.now);
                trial.turns.ring(trial.now);
            }
            None => break,
        }
    }
    trial.now = end.max(trial.now);
}

proptest! {
    /// Whatever happens: one login is checked one at a time and no sooner than its delay; nobody waits for ever.
    #[test]
    fn nobody_is_checked_too_soon_and_nobody_is_forgotten(steps in prop::collection::vec(step(), 1..300)) {
        let mut trial = Trial::new();
        // Close to the delay of addresses.
        for number in 0..48 {
            trial.attempt(&format!("earlier{number}"), 0, TurnOutcome::Failure);
        }
        let mut checked: Vec<Ticket> = Vec::new();
        for step in steps {
            let now = trial.now;
            match step {
                Step::Enter { login, from } => drop(trial.enter(&format!("user{login}"), from)),
                Step::Leave { which, outcome } if !checked.is_empty() => {
                    let ticket = checked.swap_remove(which % checked.len());
                    trial.leave(ticket, outcome);
                }
                Step::GoAway { which } if !trial.turns.attempts.is_empty() => {
                    let mut all: Vec<Ticket> = trial.turns.attempts.keys().copied().collect();
                    all.sort_unstable();
                    let ticket = all[which % all.len()];
                    checked.retain(|it| *it != ticket);
                    trial.leave(ticket, TurnOutcome::Undecided);
                }
                Step::Wait { milliseconds } => {
                    run_until(&mut trial, now + Duration::from_millis(milliseconds), &mut checked);
                }
                Step::CountedAgainst { login } => {
                    trial.turns.unlock(&CountedAgainst::Login(LoginName::of(&format!("user{login}"))), now);
                }
                Step::Leave { .. } | Step::GoAway { .. } => {}
            }
            for ticket in trial.turns.take_released() {
                let attempt = trial.turns.attempts[&ticket].clone();
                prop_assert!(trial.turns.ledger.login_is_ready_at(&attempt.login, trial.now) <= trial.now);
                checked.push(ticket);
            }
            let mut logins: Vec<_> = checked.iter().map(|ticket| trial.turns.attempts[ticket].login.clone()).collect();
            logins.sort();
            let number = logins.len();
            logins.dedup();
            prop_assert_eq!(logins.len(), number, "two attempts at one login at once");
        }
        let mut rounds = 0;
        while !trial.turns.attempts.is_empty() {
            let end = trial.now + SECOND * 10;
            run_until(&mut trial, end, &mut checked);
            prop_assert!(!checked.is_empty(), "somebody waits for ever");
            for ticket in std::mem::take(&mut checked) {
                trial.leave(ticket, TurnOutcome::Failure);
            }
            rounds += 1;
            prop_assert!(rounds < 2000);
        }
        prop_assert!(trial.turns.logins.is_empty() && trial.turns.addresses.is_empty());
    }
}
