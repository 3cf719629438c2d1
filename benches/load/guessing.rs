//! Whether the time of an answer tells who exists: refused logins of people and of names that nobody has, in turn, from
//! many addresses, and how far their times can be told apart.

use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Wanted;
use crate::client::Client;
use crate::directory;
use crate::installation::{Hash, Installation, login};
use crate::population::milliseconds;

/// A client's number decides its address, which may fail fifty times before it is slowed down: so far apart, 33 of them
/// have one.
const NUMBERS_APART: usize = 3;

/// By local passwords alone, and where a slapd can be had, by a directory alone.
pub(crate) async fn timing(wanted: &Wanted) -> Result<Value> {
    let people = wanted.clients_or(500);
    let world = Installation::make(people, people, Hash::Real)?;
    let of_local = tell_apart(&world, people).await?;
    let mut of_directory = Value::Null;
    if directory::is_there() {
        let (_slapd, world) = directory::installed(people)?;
        of_directory = tell_apart(&world, people).await?;
    }
    Ok(json!({"xivo_user": of_local, "ldap_user": of_directory}))
}

/// A guess for each person and for each name of nobody; none fails often enough to be slowed down.
async fn tell_apart(world: &Installation, people: usize) -> Result<Value> {
    let server = world.serve()?;
    let mut known = Vec::with_capacity(people);
    let mut unknown = Vec::with_capacity(people);
    for number in 0..people {
        let person = login(number);
        let nobody = format!("z{}", person.get(1..).unwrap_or_default());
        let mut kinds = [(&person, &mut known), (&nobody, &mut unknown)];
        // Neither kind is always the first after a pause.
        if number % 2 == 1 {
            kinds.reverse();
        }
        for (at, (name, times)) in kinds.into_iter().enumerate() {
            times.push(guess(server.address, (2 * number + at) * NUMBERS_APART, name).await?);
        }
    }
    let rank = RankTest::of(&known, &unknown);
    Ok(json!({
        "guesses_of_each": people,
        "known_median_ms": median(&known),
        "unknown_median_ms": median(&unknown),
        "known_is_slower_in": rank.share,
        "rank_test_z": rank.z,
        "told_apart": rank.z.abs() > 3.29,
    }))
}

/// From the password to its refusal, in milliseconds.
async fn guess(server: std::net::SocketAddr, number: usize, name: &str) -> Result<f32> {
    let mut client = Client::over(Client::connect(server, number).await?);
    let login_id = json!({"class": "login_id", "userlogin": name, "company": "xivo", "ident": "load",
                          "wazoversion": "2.3", "commandid": 1});
    client.ask(&login_id).await?;
    let began = Instant::now();
    let answer = client.ask(&json!({"class": "login_pass", "password": "a wrong guess", "commandid": 2})).await?;
    ensure!(answer["error_string"] == "login_password", "not refused as usual: {answer}");
    Ok(milliseconds(began.elapsed()))
}

fn median(times: &[f32]) -> f32 {
    let mut times = times.to_vec();
    times.sort_by(f32::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The rank test of Mann and Whitney: it asks nothing of how the times are spread.
struct RankTest {
    /// In how many of all pairs the first is greater: a half if nothing tells them apart.
    share: f64,
    /// How many standard deviations that is off a half; beyond 3.29 by chance once in a thousand.
    z: f64,
}

impl RankTest {
    fn of(one: &[f32], other: &[f32]) -> Self {
        let mut sorted = other.to_vec();
        sorted.sort_by(f32::total_cmp);
        let greater_than = |value: &f32| {
            let less = sorted.partition_point(|it| it < value);
            let up_to = sorted.partition_point(|it| it <= value);
            less as f64 + (up_to - less) as f64 / 2.0
        };
        let greater: f64 = one.iter().map(greater_than).sum();
        let (first, second) = (one.len() as f64, other.len() as f64);
        let deviation = (first * second * (first + second + 1.0) / 12.0).sqrt();
        Self { share: greater / (first * second), z: (greater - first * second / 2.0) / deviation }
    }
}
