//! Names behind dots in the colours of presences, as clients show them, in texts that are cut and wrapped: each dot keeps its
//! colour wherever it comes to stand.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::settings::color::Color;
use crate::tui::theme;

/// As it stands in a text, before a blank and the name.
pub(in crate::tui) const DOT: &str = "●";

/// Stands between a dot and its name as long as the text may still be broken.
const GLUE: &str = "\u{a0}";

/// `● Away, ● Lunch`, to be wrapped or cut, and then coloured.
pub(in crate::tui) fn dotted(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let names = names.into_iter().map(|name| format!("{DOT}{GLUE}{}", name.as_ref()));
    names.collect::<Vec<_>>().join(", ")
}

/// The text with each of its dots in the next of these colours; what is no dot has the style.
pub(in crate::tui) fn colored(text: &str, style: Style, colors: &mut impl Iterator<Item = Color>) -> Line<'static> {
    with_dots(&Line::styled(text.to_owned(), style), &mut colors.map(theme::dot))
}

/// The same of a line, with the dots themselves.
pub(in crate::tui) fn with_dots(line: &Line<'_>, dots: &mut impl Iterator<Item = Span<'static>>) -> Line<'static> {
    let mut spans = Vec::new();
    for span in &line.spans {
        for (at, part) in span.content.split(DOT).enumerate() {
            spans.extend((at > 0).then(|| dots.next().unwrap_or_else(|| Span::raw(DOT))));
            spans.push(Span::styled(part.replace(GLUE, " "), span.style));
        }
    }
    Line::from(spans).style(line.style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dot_keeps_its_colour_where_the_text_is_broken() {
        let mut colors = [Color(1, 2, 3), Color(4, 5, 6)].into_iter();
        let [first, second] = ["● one, ●", "two"].map(|text| colored(text, Style::new(), &mut colors));
        let dots: Vec<Option<ratatui::style::Color>> =
            first.spans.iter().filter(|span| span.content == DOT).map(|span| span.style.fg).collect();
        let rgb = |color: Color| Some(ratatui::style::Color::Rgb(color.0, color.1, color.2));
        assert_eq!((dots, second.to_string()), (vec![rgb(Color(1, 2, 3)), rgb(Color(4, 5, 6))], "two".to_owned()));
        let whole = colored(&dotted(["Away", "Lunch"]), Style::new(), &mut std::iter::empty());
        assert_eq!(whole.to_string(), "● Away, ● Lunch");
    }
}
