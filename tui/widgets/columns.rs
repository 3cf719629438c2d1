//! How wide the columns of a table are: as wide as what stands in them where the terminal has the room, so that names are
//! whole; else as designed for 80 columns, with what is left going where the least is missing. A column in which nothing
//! stands is left out, and so is one that says the same in each row, where the table wants that; a narrow terminal has one
//! column less rather than none that can be read.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use unicode_width::UnicodeWidthStr as _;

/// A text column is never narrower than this; where even that has no room, the end of the row is cut.
const NARROWEST: usize = 4;

/// What tables show in the place of nothing.
const NOTHING: &str = "-";

/// The columns of one table, in their order.
pub(in crate::tui) trait TableColumn: Copy + PartialEq + 'static {
    const ALL: &'static [Self];

    fn design(self) -> ColumnDesign;
}

/// What a column is called, and what it gets of the terminal.
#[derive(Debug, Clone, Copy)]
pub(in crate::tui) struct ColumnDesign {
    pub(in crate::tui) head: &'static str,
    width: usize,
    pub(in crate::tui) need: Need,
    tells_rows_apart: bool,
}

impl ColumnDesign {
    /// Of so many columns of the terminal at the design size.
    pub(in crate::tui) fn new(head: &'static str, width: usize) -> Self {
        Self { head, width, need: Need::Always, tells_rows_apart: false }
    }

    pub(in crate::tui) fn need(mut self, need: Need) -> Self {
        self.need = need;
        self
    }

    /// What all rows say alike is not worth a column: the one context that there is.
    pub(in crate::tui) fn where_rows_differ(mut self) -> Self {
        self.tells_rows_apart = true;
        self
    }
}

/// One column: what it has at the design size, and its longest text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) struct Column {
    design: usize,
    head: usize,
    longest: usize,
    content: ColumnContent,
    /// Whether it is left out where all rows say the same.
    tells_rows_apart: bool,
    /// Whether a narrow terminal may do without it.
    is_spare: bool,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnContent {
    /// Nobody said.
    Unknown,
    Empty,
    /// Of one row, by its hash.
    One(u64),
    /// Of several rows, all alike.
    Same(u64),
    Different,
}

impl Column {
    /// The head is a text of the column too.
    pub(in crate::tui) fn new(design: usize, head: &str) -> Self {
        let (head, content) = (head.width(), ColumnContent::Unknown);
        Self { design, head, longest: head, content, tells_rows_apart: false, is_spare: false }
    }

    /// A narrow terminal does without it, without the last of them first.
    pub(in crate::tui) fn if_room(mut self) -> Self {
        self.is_spare = true;
        self
    }

    /// Of a table that can be sorted by it: the head has a sign then.
    fn sortable(ColumnDesign { head, width, tells_rows_apart, .. }: ColumnDesign) -> Self {
        let head = head.width() + 1;
        Self { head, longest: head, tells_rows_apart, ..Self::new(width, "") }
    }

    /// What it has before a column that is not there by design gets any.
    fn wanted(&self) -> usize {
        self.design.max(self.longest.min(self.design + self.design / 2))
    }

    pub(in crate::tui) fn holds(&mut self, text: &str) {
        // What stands for nothing is nothing.
        let text = if text == NOTHING { "" } else { text };
        self.longest = self.longest.max(text.width());
        self.content = match self.content {
            ColumnContent::Unknown if text.is_empty() => ColumnContent::Empty,
            ColumnContent::Unknown => ColumnContent::One(hash(text)),
            ColumnContent::Empty if text.is_empty() => ColumnContent::Empty,
            ColumnContent::One(known) | ColumnContent::Same(known) if known == hash(text) => ColumnContent::Same(known),
            ColumnContent::Empty | ColumnContent::One(_) | ColumnContent::Same(_) | ColumnContent::Different => {
                ColumnContent::Different
            }
        };
    }

    pub(in crate::tui) fn holding<T: AsRef<str>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        texts.into_iter().for_each(|text| self.holds(text.as_ref()));
        self
    }

    fn is_worth_it(&self) -> bool {
        match self.content {
            ColumnContent::Empty => false,
            ColumnContent::Same(_) => !self.tells_rows_apart,
            ColumnContent::Unknown | ColumnContent::One(_) | ColumnContent::Different => true,
        }
    }

    /// The longest text in it; as designed, where nobody said what stands in it.
    fn longest(&self) -> usize {
        match self.content {
            ColumnContent::Unknown => self.design.max(self.head),
            ColumnContent::Empty | ColumnContent::One(_) | ColumnContent::Same(_) | ColumnContent::Different => {
                self.longest
            }
        }
    }

    /// What it needs at the least so that nothing is cut that the design has room for.
    fn needs(&self) -> usize {
        self.design.min(self.longest())
    }
}

/// A column of a table that can do without some of them.
#[derive(Debug, Clone, Copy)]
pub(in crate::tui) struct Candidate<C> {
    pub(in crate::tui) column: C,
    pub(in crate::tui) width: Column,
    pub(in crate::tui) need: Need,
}

impl<C: TableColumn> Candidate<C> {
    pub(in crate::tui) fn of(column: C) -> Self {
        let design = column.design();
        Self { column, width: Column::sortable(design), need: design.need }
    }

    pub(in crate::tui) fn holding<T: AsRef<str>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        self.width = self.width.holding(texts);
        self
    }
}

impl<C: Copy> Candidate<C> {
    /// As it is where all about the row stands beside the list.
    pub(in crate::tui) fn where_beside(self) -> Self {
        let need = if self.need == Need::Beside { Need::Always } else { self.need };
        Self { need, ..self }
    }
}

impl<C> Candidate<C> {
    /// Whether it is worth a place of the terminal, if that has one.
    pub(in crate::tui) fn says_something(&self) -> bool {
        self.need != Need::Never && self.width.is_worth_it()
    }
}

/// How soon a column goes where there is no room for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::tui) enum Need {
    /// It never does.
    Always,
    /// The same from where all about the row stands beside the list; a narrower terminal tells it below, or not at all.
    Beside,
    /// It is there at 80 columns; of several the one with the higher number goes first.
    ByDesign(u8),
    /// It comes where those by design have all the room that they want, the one with the lowest number first.
    WithRoom(u8),
    /// It is never there: another one shows what stands in it, and the rows are sorted by it all the same.
    SortedBy,
    /// It says nothing in any row.
    Never,
}

/// Which of them have room in so many columns of the terminal, in their order, and how wide each is, without the blank
/// behind it.
pub(in crate::tui) fn share<C: Copy>(width: u16, candidates: &[Candidate<C>]) -> Vec<(C, usize)> {
    let room = usize::from(width);
    let mut order: Vec<usize> = (0..candidates.len()).filter(|at| candidates[*at].says_something()).collect();
    order.sort_by_key(|at| candidates[*at].need);
    let (mut taken, mut chosen) = (0, Vec::<usize>::new());
    for at in order {
        let Candidate { width: Column { design, longest, .. }, need, .. } = candidates[at];
        let least = design.min(longest) + 1;
        let wanted = || chosen.iter().map(|at| candidates[*at].width.wanted() + 1).sum::<usize>();
        let is_there = match need {
            Need::Always => true,
            Need::ByDesign(_) => taken + least <= room,
            Need::WithRoom(_) => wanted() + design < room,
            Need::Beside | Need::SortedBy | Need::Never => false,
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

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Their widths in so many columns of the terminal, each without the blank that `cell` puts behind it; nought where the
/// column is left out, of which `cell` makes nothing at all.
pub(in crate::tui) fn fit<const N: usize>(width: u16, columns: [Column; N]) -> [usize; N] {
    let widths = fit_all(width, &columns);
    std::array::from_fn(|at| widths[at])
}

fn fit_all(width: u16, columns: &[Column]) -> Vec<usize> {
    let width = usize::from(width);
    let mut is_shown: Vec<bool> = columns.iter().map(Column::is_worth_it).collect();
    let taken = |is_shown: &[bool], of: &dyn Fn(&Column) -> usize| -> usize {
        columns.iter().zip(is_shown).filter(|(_, is_shown)| **is_shown).map(|(column, _)| of(column) + 1).sum()
    };
    for at in (0..columns.len()).rev().filter(|at| columns[*at].is_spare) {
        if taken(&is_shown, &Column::needs) > width {
            is_shown[at] = false;
        }
    }
    let shown = |at: usize| if is_shown[at] { columns[at].design } else { 0 };
    let mut widths: Vec<usize> = (0..columns.len()).map(shown).collect();
    let room = width.saturating_sub(is_shown.iter().filter(|is_shown| **is_shown).count());
    match taken(&is_shown, &|column| column.design) > width {
        true => shrink(&mut widths, columns, room),
        false => widen(&mut widths, columns, room),
    }
    widths
}

/// There is more room than the design has.
fn widen(widths: &mut [usize], columns: &[Column], mut room: usize) {
    let shown: Vec<usize> = (0..widths.len()).filter(|at| widths[*at] > 0).collect();
    // What a column has no use for serves those that lack something, but no more than that: tables keep their shape.
    let lacks: usize = shown.iter().map(|at| columns[*at].longest().saturating_sub(columns[*at].design)).sum();
    let mut wanted = lacks.saturating_sub(room - widths.iter().sum::<usize>());
    for at in &shown {
        let spared = wanted.min(widths[*at].saturating_sub(columns[*at].longest()));
        widths[*at] -= spared;
        wanted -= spared;
    }
    room -= widths.iter().sum::<usize>();
    let mut order = shown;
    order.sort_by_key(|at| columns[*at].longest().saturating_sub(widths[*at]));
    for at in order {
        let more = columns[at].longest().saturating_sub(widths[at]).min(room);
        widths[at] += more;
        room -= more;
    }
}

/// There is less: first goes what no text has a use for, then the widest lose most.
fn shrink(widths: &mut [usize], columns: &[Column], room: usize) {
    let number = widths.len();
    let excess = |widths: &[usize]| widths.iter().sum::<usize>().saturating_sub(room);
    for at in (0..number).rev() {
        let spared = widths[at].saturating_sub(columns[at].needs()).min(excess(widths));
        widths[at] -= spared;
    }
    while excess(widths) > 0 {
        let widest =
            (0..number).max_by_key(|at| widths[*at]).filter(|at| widths[*at] > NARROWEST.max(columns[*at].head));
        let widest = widest.or_else(|| (0..number).max_by_key(|at| widths[*at]).filter(|at| widths[*at] > NARROWEST));
        match widest {
            Some(at) => widths[at] -= 1,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(design: usize, longest: usize) -> Column {
        Column { longest, content: ColumnContent::Different, ..Column::new(design, "") }
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
    fn a_narrow_terminal_takes_from_the_widest_what_it_lacks() {
        assert_eq!(fit(40, [column(20, 90), column(30, 33)]), [19, 19]);
        assert_eq!(fit(40, [column(20, 90), column(30, 12)]), [20, 18]);
        assert_eq!(fit(8, [column(20, 90), column(30, 33)]), [4, 4]);
    }

    #[test]
    fn a_narrow_terminal_has_one_column_less() {
        let columns = [column(20, 20), column(10, 10).if_room(), column(10, 10).if_room()];
        assert_eq!(fit(43, columns), [20, 10, 10]);
        assert_eq!(fit(42, columns), [20, 10, 0]);
        assert_eq!(fit(30, columns), [20, 0, 0]);
    }

    #[test]
    fn a_column_in_which_nothing_stands_is_left_out() {
        let of = |texts: &[&str]| fit(40, [column(10, 10), Column::new(8, "agent").holding(texts)])[1];
        assert_eq!((of(&["", ""]), of(&["", "7"]), of(&[])), (0, 8, 8));
        // What only stands for nothing does not keep it; the first thing brings it back.
        assert_eq!((of(&["-", "-"]), of(&["-", "7"]), of(&["-", "", "-"])), (0, 8, 0));
    }

    #[test]
    fn what_all_rows_say_alike_is_left_out_where_the_table_wants_that() {
        let of = |texts: &[&str]| {
            let design = ColumnDesign::new("context", 8).where_rows_differ();
            fit(40, [column(10, 10), Column::sortable(design).holding(texts)])[1]
        };
        assert_eq!((of(&["default", "default"]), of(&["default", "sales"]), of(&["default"])), (0, 8, 8));
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
