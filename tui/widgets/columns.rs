//! How wide the columns of a table are: as wide as what stands in them where the terminal has the room, so that names are
//! whole; else as designed for 80 columns, with what is left going where the least is missing.

use unicode_width::UnicodeWidthStr as _;

/// One column: what it has at the design size, and its longest text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) struct Column {
    design: usize,
    longest: usize,
}

/// No column is narrower than this for want of room.
const LEAST: usize = 4;

impl Column {
    /// What it has before a column that is not there by design gets any.
    fn wanted(&self) -> usize {
        self.design.max(self.longest.min(self.design + self.design / 2))
    }

    /// The head is a text of the column too.
    pub(in crate::tui) fn new(design: usize, head: &str) -> Self {
        Self { design, longest: head.width() }
    }

    /// Of a table that can be sorted by it: the head has a sign then.
    pub(in crate::tui) fn sortable(design: usize, head: &str) -> Self {
        Self { design, longest: head.width() + 1 }
    }

    pub(in crate::tui) fn holds(&mut self, text: &str) {
        self.longest = self.longest.max(text.width());
    }

    pub(in crate::tui) fn holding<T: AsRef<str>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        texts.into_iter().for_each(|text| self.holds(text.as_ref()));
        self
    }
}

/// A column of a table that can do without some of them.
#[derive(Debug, Clone, Copy)]
pub(in crate::tui) struct Candidate<C> {
    pub(in crate::tui) column: C,
    pub(in crate::tui) width: Column,
    pub(in crate::tui) need: Need,
}

/// How soon a column goes where there is no room for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::tui) enum Need {
    /// It never does.
    Always,
    /// It is there at 80 columns; of several the one with the higher number goes first.
    ByDesign(u8),
    /// It comes where those by design have all the room that they want, the one with the lowest number first.
    WithRoom(u8),
    /// It says nothing in any row.
    Never,
}

/// Which of them have room in so many columns of the terminal, in their order, and how wide each is, without the blank
/// behind it.
pub(in crate::tui) fn share<C: Copy>(width: u16, candidates: &[Candidate<C>]) -> Vec<(C, usize)> {
    let room = usize::from(width);
    let mut order: Vec<usize> = (0..candidates.len()).filter(|at| candidates[*at].need != Need::Never).collect();
    order.sort_by_key(|at| candidates[*at].need);
    let (mut taken, mut chosen) = (0, Vec::<usize>::new());
    for at in order {
        let Candidate { width: Column { design, longest }, need, .. } = candidates[at];
        let least = design.min(longest) + 1;
        let wanted = || chosen.iter().map(|at| candidates[*at].width.wanted() + 1).sum::<usize>();
        let is_there = match need {
            Need::Always => true,
            Need::ByDesign(_) => taken + least <= room,
            Need::WithRoom(_) => wanted() + design < room,
            Need::Never => false,
        };
        if is_there {
            chosen.push(at);
            taken += least;
        }
    }
    chosen.sort_unstable();
    let columns: Vec<Column> = chosen.iter().map(|at| candidates[*at].width).collect();
    let widths = fit_all(width, &columns);
    chosen.into_iter().map(|at| candidates[at].column).zip(widths).collect()
}

/// Their widths in so many columns of the terminal, each without the blank that `cell` puts behind it.
pub(in crate::tui) fn fit<const N: usize>(width: u16, columns: [Column; N]) -> [usize; N] {
    let widths = fit_all(width, &columns);
    std::array::from_fn(|at| widths[at])
}

fn fit_all(width: u16, columns: &[Column]) -> Vec<usize> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.design).collect();
    let mut room = usize::from(width).saturating_sub(columns.len());
    let taken = |widths: &[usize]| widths.iter().sum::<usize>();
    if taken(&widths) > room {
        return narrowed(columns, room);
    }
    // What a column has no use for serves those that lack something, but no more than that: tables keep their shape.
    let lacks: usize = columns.iter().map(|column| column.longest.saturating_sub(column.design)).sum();
    let mut wanted = lacks.saturating_sub(room - taken(&widths));
    for (width, column) in widths.iter_mut().zip(columns) {
        let spared = wanted.min(width.saturating_sub(column.longest));
        *width -= spared;
        wanted -= spared;
    }
    room -= taken(&widths);
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|at| columns[*at].longest.saturating_sub(widths[*at]));
    for at in order {
        let more = columns[at].longest.saturating_sub(widths[at]).min(room);
        widths[at] += more;
        room -= more;
    }
    widths
}

/// Where not even the design has room: what no text needs is given up first, then the widest give.
fn narrowed(columns: &[Column], room: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.design.min(column.longest)).collect();
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max_by_key(|width| **width).filter(|width| **width > LEAST) else { break };
        *widest -= 1;
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
    fn a_narrow_terminal_takes_from_the_widest() {
        assert_eq!(fit(40, [column(20, 90), column(30, 33)]), [19, 19]);
        assert_eq!(fit(40, [column(20, 6), column(30, 33)]), [6, 30]);
        assert_eq!(fit(3, [column(20, 90), column(30, 33)]), [LEAST, LEAST]);
    }

    fn shared(width: u16) -> Vec<(&'static str, usize)> {
        let candidate = |name, width, need| Candidate { column: name, width, need };
        share(
            width,
            &[
                candidate("login", column(10, 20), Need::Always),
                candidate("agent", column(6, 4), Need::ByDesign(2)),
                candidate("line", column(10, 10), Need::ByDesign(1)),
                candidate("mobile", column(10, 12), Need::WithRoom(2)),
                candidate("e-mail", column(20, 25), Need::WithRoom(1)),
                candidate("empty", column(10, 0), Need::Never),
            ],
        )
    }

    #[test]
    fn columns_go_where_there_is_no_room_and_come_where_there_is() {
        assert_eq!(shared(15), [("login", 14)]);
        assert_eq!(shared(22), [("login", 10), ("line", 10)]);
        assert_eq!(shared(27), [("login", 10), ("agent", 4), ("line", 10)]);
        assert_eq!(shared(40), [("login", 20), ("agent", 6), ("line", 10)]);
        let names = |width| shared(width).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(55), ["login", "agent", "line", "e-mail"]);
        assert_eq!(names(71), ["login", "agent", "line", "mobile", "e-mail"]);
    }
}
