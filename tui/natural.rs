//! The order that people expect of names with numbers in them: `user2` before `user10`. Pure; everything that sorts uses it.

use std::cmp::Ordering;

/// Two folded texts: runs of digits by their value, all else letter by letter.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let (mut a, mut b) = (one.as_bytes(), other.as_bytes());
    loop {
        let (digits, others) = (number_of_digits(a), number_of_digits(b));
        let order = if digits > 0 && others > 0 {
            let order = compare_numbers(&a[..digits], &b[..others]);
            (a, b) = (&a[digits..], &b[others..]);
            order
        } else {
            match (a.split_first(), b.split_first()) {
                (Some((first, rest)), Some((second, more))) => {
                    (a, b) = (rest, more);
                    first.cmp(second)
                }
                // What is alike but for noughts before a number still has an order.
                (None, None) => return one.cmp(other),
                (first, second) => return first.cmp(&second),
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn number_of_digits(text: &[u8]) -> usize {
    text.iter().take_while(|sign| sign.is_ascii_digit()).count()
}

/// However long they are.
fn compare_numbers(one: &[u8], other: &[u8]) -> Ordering {
    let value = |digits: &'_ [u8]| digits.iter().position(|digit| *digit != b'0').unwrap_or(digits.len());
    let (one, other) = (&one[value(one)..], &other[value(other)..]);
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_within_names_are_in_the_order_of_their_values() {
        let mut names =
            ["user10", "user2", "anna", "user", "user02b", "10", "9", "user2b", "user1000000000000000000000"];
        names.sort_unstable_by(|one, other| compare(one, other));
        let wanted = ["9", "10", "anna", "user", "user2", "user02b", "user2b", "user10", "user1000000000000000000000"];
        assert_eq!(names, wanted);
    }

    proptest! {
        #[test]
        fn it_is_an_order(one in "[a0-2]{0,5}", other in "[a0-2]{0,5}", third in "[a0-2]{0,5}") {
            prop_assert_eq!(compare(&one, &other), compare(&other, &one).reverse());
            prop_assert_eq!(compare(&one, &other) == Ordering::Equal, one == other);
            if compare(&one, &other).is_le() && compare(&other, &third).is_le() {
                prop_assert!(compare(&one, &third).is_le());
            }
        }
    }
}
