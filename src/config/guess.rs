//! What somebody may have meant who mistyped a word.

/// Of a word of so many letters one may be wrong.
const LETTERS_OF_A_SLIP: usize = 4;

/// The known word that is nearest, if it is near: some letters other, missing, too many or exchanged; or the end of one word
/// alone, as `port` of `client.port`.
pub(crate) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.trim().to_lowercase().replace('-', "_");
    let most = (typed.chars().count() / LETTERS_OF_A_SLIP).max(1);
    let known: Vec<&str> = known.into_iter().collect();
    let near = known.iter().map(|word| (distance(&typed, word), *word)).filter(|(distance, _)| *distance <= most);
    if let Some((_, word)) = near.min_by_key(|(distance, _)| *distance) {
        return Some(word);
    }
    let mut ending = known.iter().filter(|word| word.rsplit('.').next() == Some(typed.as_str()));
    ending.next().filter(|_| ending.next().is_none()).copied()
}

/// How many letters must be changed, left out, put in, or exchanged with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = rows[i][j] + usize::from(a != b);
            let mut least = changed.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_seen_and_another_word_is_not() {
        const KEYS: [&str; 4] = ["client.port", "client.listen", "ami.port", "chat.keep_days"];
        for (typed, meant) in [
            ("clinet.port", Some("client.port")),
            ("client.prot", Some("client.port")),
            ("Client.Listen", Some("client.listen")),
            ("chat.keep-days", Some("chat.keep_days")),
            ("keep_days", Some("chat.keep_days")),
            ("port", None),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, KEYS), meant, "{typed}");
        }
    }
}
