//! A row of bars: how a number went, the newest at the right. Each bar is measured against the highest that is shown.

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The last values, as many as there are columns; nothing at all is a dot.
pub(in crate::tui) fn sparkline(values: impl DoubleEndedIterator<Item = u64>, width: usize) -> String {
    let mut shown: Vec<u64> = values.rev().take(width).collect();
    shown.reverse();
    let most = shown.iter().copied().max().unwrap_or(0);
    let bars: String = shown.iter().map(|value| bar(*value, most)).collect();
    format!("{}{bars}", " ".repeat(width.saturating_sub(shown.len())))
}

fn bar(value: u64, most: u64) -> char {
    let steps = BARS.len() as u128;
    // Anything at all is seen, the highest fills the row.
    let step = (u128::from(value) * steps).div_ceil(u128::from(most.max(1)));
    match usize::try_from(step) {
        Ok(step @ 1..) => BARS[(step - 1).min(BARS.len() - 1)],
        _ => '·',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_measured_against_the_highest() {
        let bars = |values: &[u64], width| sparkline(values.iter().copied(), width);
        assert_eq!(bars(&[0, 1, 4, 8, 1000], 4), "▁▁▁█");
        assert_eq!(bars(&[0, 1, 4, 8], 6), "  ·▁▄█");
        assert_eq!(bars(&[0, 0], 2), "··");
        assert_eq!(bars(&[u64::MAX], 1), "█");
    }
}
