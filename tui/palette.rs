//! The colours of each role, by theme and by how many colours the terminal has. Styles hold a role as an indexed colour,
//! which nothing else here uses; `degrade` looks it up. Each ink can be read on the paper and on the chosen row, which is
//! proved below by the ratio of WCAG 2.

use ratatui::style::Color;

use super::appearance::Theme;
use super::capabilities::Colors;
use crate::settings::color;

/// What a colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    Title,
    Section,
    Head,
    Muted,
    Accent,
    Good,
    Warning,
    Error,
    /// What all stands on.
    Paper,
    /// What the chosen row stands on.
    Chosen,
}

impl Role {
    pub(super) const ALL: [Self; 11] = [
        Self::Text,
        Self::Title,
        Self::Section,
        Self::Head,
        Self::Muted,
        Self::Accent,
        Self::Good,
        Self::Warning,
        Self::Error,
        Self::Paper,
        Self::Chosen,
    ];

    /// The colour that stands for it until the last look at the frame.
    pub(super) const fn color(self) -> Color {
        Color::Indexed(self as u8)
    }
}

/// A colour of each role, in the order of `Role::ALL`.
type Rgb = [(u8, u8, u8); Role::ALL.len()];

const DARK: Rgb = [
    (0xD5, 0xDA, 0xE3),
    // No presence is likely to have it: tests tell roles by their colours.
    (0xFD, 0xFE, 0xFF),
    (0x8C, 0xBB, 0xFF),
    (0xBC, 0xC8, 0xDC),
    (0xA3, 0xAD, 0xBD),
    (0x6F, 0xD0, 0xE8),
    (0x8F, 0xD6, 0x94),
    (0xF2, 0xC5, 0x5C),
    (0xFF, 0x8E, 0x8E),
    (0x15, 0x18, 0x1E),
    (0x26, 0x35, 0x4D),
];

const LIGHT: Rgb = [
    (0x22, 0x26, 0x2E),
    (0x00, 0x00, 0x00),
    (0x0B, 0x4F, 0xA8),
    (0x36, 0x40, 0x52),
    (0x52, 0x5B, 0x69),
    (0x00, 0x5A, 0x70),
    (0x1A, 0x63, 0x2A),
    (0x6B, 0x44, 0x00),
    (0xA8, 0x00, 0x1C),
    (0xFB, 0xFB, 0xFA),
    (0xCF, 0xE0, 0xF8),
];

/// Without a paper for the chosen row: it is reversed.
type Sixteen = [Color; Role::ALL.len() - 1];

const DARK_SIXTEEN: Sixteen = [
    Color::White,
    Color::White,
    Color::LightCyan,
    Color::White,
    Color::Gray,
    Color::LightCyan,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightRed,
    Color::Black,
];

/// Of the sixteen only these are dark enough on white, however a terminal paints them.
const LIGHT_SIXTEEN: Sixteen = [
    Color::Black,
    Color::Black,
    Color::Blue,
    Color::Black,
    Color::Black,
    Color::Blue,
    Color::Black,
    Color::Magenta,
    Color::Red,
    Color::White,
];

/// The colours of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Palette {
    colors: [Color; Role::ALL.len()],
    paper: color::Color,
}

impl Palette {
    /// None: the frame has no colours.
    pub(super) fn of(theme: Theme, colors: Colors) -> Option<Self> {
        let (rgb, sixteen) = match theme {
            Theme::Dark => (DARK, DARK_SIXTEEN),
            Theme::Light => (LIGHT, LIGHT_SIXTEEN),
            Theme::Mono => return None,
        };
        let (red, green, blue) = rgb[Role::Paper as usize];
        let own =
            |color: fn(color::Color) -> Color| rgb.map(|(red, green, blue)| color(color::Color(red, green, blue)));
        let colors = match colors {
            Colors::None => return None,
            Colors::True => own(|color| Color::Rgb(color.0, color.1, color.2)),
            Colors::Indexed => own(|color| Color::Indexed(cube_index(color))),
            Colors::Sixteen => {
                let mut colors = [Color::Reset; Role::ALL.len()];
                colors[..sixteen.len()].copy_from_slice(&sixteen);
                colors
            }
        };
        Some(Self { colors, paper: color::Color(red, green, blue) })
    }

    pub(super) fn color(&self, role: Role) -> Color {
        self.colors[role as usize]
    }

    /// Of a style's ink or paper; None: it stands for no role.
    pub(super) fn lookup(&self, color: Color) -> Option<Color> {
        match color {
            Color::Indexed(index) => self.colors.get(usize::from(index)).copied(),
            _ => None,
        }
    }

    /// What the chosen row stands on; None: it is reversed.
    pub(super) fn chosen(&self) -> Option<Color> {
        Some(self.color(Role::Chosen)).filter(|color| *color != Color::Reset)
    }

    /// A presence's colour, which may be that of the paper: as much of the text's is added that it can be seen.
    pub(super) fn visible(&self, own: color::Color) -> color::Color {
        if contrast(own, self.paper) >= VISIBLE_FROM {
            return own;
        }
        let grey = if self.paper.0 < 0x80 { 0x80 } else { 0x90 };
        let mix = |part: u8| u8::try_from((u16::from(part) + grey) / 2).unwrap_or(u8::MAX);
        color::Color(mix(own.0), mix(own.1), mix(own.2))
    }
}

/// A dot with less contrast to what it stands on is none.
const VISIBLE_FROM: f64 = 1.25;

/// The six steps of the 256-colour cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest of the cube (16 to 231) or the grey ramp (232 to 255).
pub(super) fn cube_index(color: color::Color) -> u8 {
    let step = |part: u8| (0..6u8).min_by_key(|at| STEPS[usize::from(*at)].abs_diff(part)).unwrap_or(0);
    let (red, green, blue) = (step(color.0), step(color.1), step(color.2));
    let at = |step: u8| STEPS[usize::from(step)];
    let cube = (16 + 36 * red + 6 * green + blue, color::Color(at(red), at(green), at(blue)));
    let grey = (0..24u8).map(|level| (232 + level, color::Color(8 + 10 * level, 8 + 10 * level, 8 + 10 * level)));
    grey.chain([cube]).min_by_key(|(_, known)| distance(*known, color)).map_or(cube.0, |(index, _)| index)
}

/// How unlike two colours look: the weights of the eye for red, green and blue.
fn distance(a: color::Color, b: color::Color) -> u32 {
    let part = |a: u8, b: u8, weight: u32| weight * u32::from(a.abs_diff(b)).pow(2);
    part(a.0, b.0, 2) + part(a.1, b.1, 4) + part(a.2, b.2, 3)
}

/// The ratio of WCAG 2: 1 for two that are alike, 21 for black on white.
fn contrast(a: color::Color, b: color::Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(color: color::Color) -> f64 {
    let part = |part: u8| match f64::from(part) / 255.0 {
        low if low <= 0.04045 => low / 12.92,
        high => ((high + 0.055) / 1.055).powf(2.4),
    };
    0.2126 * part(color.0) + 0.7152 * part(color.1) + 0.0722 * part(color.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INKS: [Role; 9] = [
        Role::Text,
        Role::Title,
        Role::Section,
        Role::Head,
        Role::Muted,
        Role::Accent,
        Role::Good,
        Role::Warning,
        Role::Error,
    ];

    /// How xterm and the console of Linux paint the sixteen.
    const PAINTED: [[(Color, u32); 16]; 2] = [
        [
            (Color::Black, 0x00_0000),
            (Color::Red, 0xCD_0000),
            (Color::Green, 0x00_CD00),
            (Color::Yellow, 0xCD_CD00),
            (Color::Blue, 0x00_00EE),
            (Color::Magenta, 0xCD_00CD),
            (Color::Cyan, 0x00_CDCD),
            (Color::Gray, 0xE5_E5E5),
            (Color::DarkGray, 0x7F_7F7F),
            (Color::LightRed, 0xFF_0000),
            (Color::LightGreen, 0x00_FF00),
            (Color::LightYellow, 0xFF_FF00),
            (Color::LightBlue, 0x5C_5CFF),
            (Color::LightMagenta, 0xFF_00FF),
            (Color::LightCyan, 0x00_FFFF),
            (Color::White, 0xFF_FFFF),
        ],
        [
            (Color::Black, 0x00_0000),
            (Color::Red, 0xAA_0000),
            (Color::Green, 0x00_AA00),
            (Color::Yellow, 0xAA_5500),
            (Color::Blue, 0x00_00AA),
            (Color::Magenta, 0xAA_00AA),
            (Color::Cyan, 0x00_AAAA),
            (Color::Gray, 0xAA_AAAA),
            (Color::DarkGray, 0x55_5555),
            (Color::LightRed, 0xFF_5555),
            (Color::LightGreen, 0x55_FF55),
            (Color::LightYellow, 0xFF_FF55),
            (Color::LightBlue, 0x55_55FF),
            (Color::LightMagenta, 0xFF_55FF),
            (Color::LightCyan, 0x55_FFFF),
            (Color::White, 0xFF_FFFF),
        ],
    ];

    fn of_number(number: u32) -> color::Color {
        let [_, red, green, blue] = number.to_be_bytes();
        color::Color(red, green, blue)
    }

    /// What terminals make of a colour, each in its way.
    fn painted(color: Color) -> Vec<color::Color> {
        match color {
            Color::Rgb(red, green, blue) => vec![color::Color(red, green, blue)],
            Color::Indexed(index @ 232..) => {
                let level = 8 + 10 * (index - 232);
                vec![color::Color(level, level, level)]
            }
            Color::Indexed(index) => {
                let part = |weight: u8| STEPS[usize::from((index - 16) / weight % 6)];
                vec![color::Color(part(36), part(6), part(1))]
            }
            other => PAINTED
                .iter()
                .filter_map(|known| known.iter().find(|(name, _)| *name == other))
                .map(|(_, number)| of_number(*number))
                .collect(),
        }
    }

    #[test]
    fn every_ink_can_be_read_on_the_paper_and_on_the_chosen_row() {
        assert!((contrast(color::Color(0, 0, 0), color::Color(255, 255, 255)) - 21.0).abs() < 0.01);
        for theme in [Theme::Dark, Theme::Light] {
            for colors in [Colors::True, Colors::Indexed, Colors::Sixteen] {
                let palette = Palette::of(theme, colors).expect("it has colours");
                // Reversed, the ratio is the same.
                let papers = [Some(palette.color(Role::Paper)), palette.chosen()];
                for (paper, ink) in papers.into_iter().flatten().flat_map(|paper| INKS.map(|ink| (paper, ink))) {
                    for (a, b) in painted(palette.color(ink)).into_iter().zip(painted(paper)) {
                        let ratio = contrast(a, b);
                        assert!(ratio >= 4.5, "{theme:?} {colors:?} {ink:?}: {a} on {b} is {ratio:.2}");
                    }
                }
            }
        }
    }

    #[test]
    fn without_colors_there_is_no_palette() {
        for colors in [Colors::None, Colors::Sixteen, Colors::Indexed, Colors::True] {
            assert_eq!(Palette::of(Theme::Mono, colors), None);
        }
        assert_eq!(Palette::of(Theme::Dark, Colors::None), None);
    }

    #[test]
    fn a_dot_in_the_color_of_the_paper_is_seen_all_the_same() {
        for (theme, hex) in [(Theme::Dark, "#000000"), (Theme::Dark, "#15181E"), (Theme::Light, "#FFFFFF")] {
            let palette = Palette::of(theme, Colors::True).expect("it has colours");
            let own = color::Color::parse(hex).expect(hex);
            assert!(contrast(palette.visible(own), palette.paper) >= VISIBLE_FROM, "{theme:?} {hex}");
        }
        let palette = Palette::of(Theme::Dark, Colors::True).expect("it has colours");
        let orange = color::Color(0xFF, 0xA5, 0);
        assert_eq!(palette.visible(orange), orange);
    }
}
