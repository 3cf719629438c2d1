//! How wide the columns of a table are: as wide as what stands in them where the terminal has the room, so that names are
//! whole; else as designed for 80 columns, with what is left going where the least is missing.

use unicode_width::UnicodeWidthStr as _;

/// One column: what it has at the design size, and its longest text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) struct Column {
    design: usize,
    longest: usize,
}

impl Column {
    /// The head is a text of the column too.
    pub(in crate::tui) fn new(design: usize, head: &str) -> Self {
        Self { design, longest: head.width() }
    }

    pub(in crate::tui) fn holds(&mut self, text: &str) {
        self.longest = self.longest.max(text.width());
    }

    pub(in crate::tui) fn holding<T: AsRef<str>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        texts.into_iter().for_each(|text| self.holds(text.as_ref()));
        self
    }
}

/// Their widths in so many columns of the terminal, each without the blank that `cell` puts behind it.
pub(in crate::tui) fn fit<const N: usize>(width: u16, columns: [Column; N]) -> [usize; N] {
    let mut widths = columns.map(|column| column.design);
    let mut room = usize::from(width).saturating_sub(N);
    let taken = |widths: &[usize; N]| widths.iter().sum::<usize>();
    if taken(&widths) > room {
        return widths;
    }
    // What a column has no use for serves those that lack something, but no more than that: tables keep their shape.
    let lacks: usize = columns.iter().map(|column| column.longest.saturating_sub(column.design)).sum();
    let mut wanted = lacks.saturating_sub(room - taken(&widths));
    for (width, column) in widths.iter_mut().zip(&columns) {
        let spared = wanted.min(width.saturating_sub(column.longest));
        *width -= spared;
        wanted -= spared;
    }
    room -= taken(&widths);
    let mut order: Vec<usize> = (0..N).collect();
    order.sort_by_key(|at| columns[*at].longest.saturating_sub(widths[*at]));
    for at in order {
        let more = columns[at].longest.saturating_sub(widths[at]).min(room);
        widths[at] += more;
        room -= more;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(design: usize, longest: usize) -> Column {
        Column { design, longest }
    }

    #[test]
    fn a_table_whose_texts_have_room_keeps_its_shape() {
        assert_eq!(fit(80, [column(20, 7), column(30, 30), column(10, 0)]), [20, 30, 10]);
    }

    #[test]
    fn a_longer_text_is_whole_where_the_terminal_has_room() {
        assert_eq!(fit(120, [column(20, 40), column(30, 50), column(10, 3)]), [40, 50, 10]);
    }

    #[test]
    fn what_one_column_has_no_use_for_another_gets() {
        assert_eq!(fit(63, [column(20, 30), column(30, 12), column(10, 10)]), [30, 20, 10]);
    }

    #[test]
    fn where_not_all_have_room_most_are_whole() {
        assert_eq!(fit(66, [column(20, 90), column(30, 33), column(10, 10)]), [20, 33, 10]);
    }

    #[test]
    fn a_narrow_terminal_gets_the_design() {
        assert_eq!(fit(10, [column(20, 90), column(30, 33)]), [20, 30]);
    }
}
