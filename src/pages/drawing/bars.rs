//! A chart of bars: one count after the other, each with its number above it.

use std::fmt::Write;

use super::{Words, height_of, open};
use crate::ground::text::escape_text;

/// From the left side of a bar to that of the next.
const PITCH: usize = 14;
/// How wide a bar is; what is left stands on both sides of it.
const BAR: usize = 10;
/// How high the highest bar is.
const PLOT: u64 = 80;
/// Where the bars stand, below the number of the highest.
const FLOOR: u64 = PLOT + 12;
/// The whole height, with the labels below the bars.
const HEIGHT: u64 = FLOOR + 14;
/// The size of letters and figures, and how wide one of them is at most.
const FONT: usize = 9;
const FIGURE: usize = 6;
/// Fewer bars than these are not drawn wider.
const LEAST: usize = 24;

/// One bar.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bar<'b> {
    /// What it counts.
    pub count: u64,
    /// What stands under it. Mostly empty: of two that would touch, the second is printed.
    pub label: &'b str,
    /// What it says of itself to who points at it. May be empty.
    pub title: &'b str,
}

/// A chart of bars.
pub fn bars(bars: &[Bar<'_>], words: &Words<'_>) -> String {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
    let width = PITCH * bars.len().max(LEAST);
    let (attributes, children) = words.parts();
    let mut svg = open("bars", &attributes, (width, HEIGHT as usize));
    svg.push_str(&children);
    let _ = write!(
        svg,
        "<path class=\"axis\" d=\"M0 {FLOOR}.5h{width}\" stroke=\"currentColor\" stroke-opacity=\".4\"/>"
    );
    draw(&mut svg, bars, most);
    let _ = write!(svg, "<g font-size=\"{FONT}\" text-anchor=\"middle\">");
    write_numbers(&mut svg, bars, most);
    svg.push_str("</g>");
    let labels = labels(bars);
    if !labels.is_empty() {
        let _ = write!(svg, "<g font-size=\"{FONT}\">");
        for (at, label) in labels {
            let (x, y) = (left(at), HEIGHT - 3);
            write_text(&mut svg, x, y, label);
        }
        svg.push_str("</g>");
    }
    svg.push_str("</svg>");
    svg
}

/// Bars that say nothing of themselves are one path.
fn draw(svg: &mut String, bars: &[Bar<'_>], most: u64) {
    let mut together = String::new();
    for (at, bar) in bars.iter().enumerate().filter(|(_, bar)| bar.count > 0) {
        let height = height_of(bar.count, most, PLOT);
        let shape = format!("M{} {FLOOR}v-{height}h{BAR}v{height}z", left(at));
        if bar.title.is_empty() {
            together.push_str(&shape);
        } else {
            let _ = write!(svg, "<path d=\"{shape}\"><title>");
            escape_text(svg, bar.title);
            svg.push_str("</title></path>");
        }
    }
    if !together.is_empty() {
        let _ = write!(svg, "<path d=\"{together}\"/>");
    }
}

/// Each bar has its number; where the numbers are too wide for that, the highest and the last have theirs.
fn write_numbers(svg: &mut String, bars: &[Bar<'_>], most: u64) {
    let digits = most.to_string().len();
    let fits = digits * FIGURE <= PITCH;
    let highest = bars.iter().position(|bar| bar.count == most);
    let last = bars.len().checked_sub(1);
    // Side by side they would touch.
    let apart = digits * FIGURE / PITCH + 1;
    let is_shown = |at: usize| {
        let is_last = Some(at) == last && highest.is_some_and(|highest| at >= highest + apart);
        fits || Some(at) == highest || is_last
    };
    for (at, bar) in bars.iter().enumerate() {
        if bar.count > 0 && is_shown(at) {
            let y = FLOOR - height_of(bar.count, most, PLOT) - 3;
            // A number wider than its bar stays inside at the right.
            let half = digits * FIGURE / 2;
            let x = (left(at) + BAR / 2).min((PITCH * bars.len().max(LEAST)).saturating_sub(half));
            write_text(svg, x.max(half), y, &bar.count.to_string());
        }
    }
}

/// The labels that have room, each with the number of its bar.
fn labels<'b>(bars: &[Bar<'b>]) -> Vec<(usize, &'b str)> {
    let mut shown: Vec<(usize, &str)> = Vec::new();
    let mut end = PITCH * bars.len().max(LEAST);
    for (at, bar) in bars.iter().enumerate().rev() {
        let own_end = left(at) + bar.label.chars().count() * FIGURE;
        if !bar.label.is_empty() && own_end <= end {
            shown.push((at, bar.label));
            end = left(at);
        }
    }
    shown.reverse();
    shown
}

fn left(at: usize) -> usize {
    PITCH * at + (PITCH - BAR) / 2
}

fn write_text(svg: &mut String, x: usize, y: u64, text: &str) {
    let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\">");
    escape_text(svg, text);
    svg.push_str("</text>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::drawing::tests::check_xml;

    fn chart(counts: &[u64]) -> String {
        let list: Vec<Bar> = counts
            .iter()
            .map(|&count| Bar {
                count,
                ..Bar::default()
            })
            .collect();
        let words = Words {
            title: "Articles",
            ..Words::default()
        };
        let chart = bars(&list, &words);
        check_xml(&chart);
        chart
    }

    #[test]
    fn a_chart_of_two() {
        let list = [
            Bar {
                count: 2,
                label: "2024",
                title: "December: 2",
            },
            Bar {
                count: 1,
                label: "2025",
                title: "",
            },
        ];
        let words = Words {
            id: "acme",
            title: "Articles a month",
            description: "Two, then one",
        };
        assert_eq!(
            bars(&list, &words),
            "<svg class=\"bars\" role=\"img\" aria-labelledby=\"chart-acme-title\" \
             aria-describedby=\"chart-acme-desc\" viewBox=\"0 0 336 106\" fill=\"currentColor\">\
             <title id=\"chart-acme-title\">Articles a month</title><desc id=\"chart-acme-desc\">Two, then one</desc>\
             <path class=\"axis\" d=\"M0 92.5h336\" stroke=\"currentColor\" stroke-opacity=\".4\"/>\
             <path d=\"M2 92v-80h10v80z\"><title>December: 2</title></path><path d=\"M16 92v-40h10v40z\"/>\
             <g font-size=\"9\" text-anchor=\"middle\"><text x=\"7\" y=\"9\">2</text><text x=\"21\" y=\"49\">1</text></g>\
             <g font-size=\"9\"><text x=\"16\" y=\"103\">2025</text></g></svg>"
        );
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        for counts in [&[][..], &[0, 0, 0]] {
            let chart = chart(counts);
            assert!(!chart.contains("<text"), "{chart}");
        }
    }

    #[test]
    fn wide_numbers_stand_over_the_highest_and_the_last() {
        let chart = chart(&[99, 1000, 99, 7, 250]);
        assert_eq!(chart.matches("<text").count(), 2, "{chart}");
        assert!(chart.contains(">1000<") && chart.contains(">250<"));
        // The highest beside the last keeps its own.
        let beside = self::chart(&[7, 1000, 999]);
        assert_eq!(beside.matches("<text").count(), 1, "{beside}");
    }

    #[test]
    fn hostile_words_stay_words() {
        let hostile = "</title><script>\"'&\u{1}]]>";
        let bar = Bar {
            count: u64::MAX,
            label: hostile,
            title: hostile,
        };
        let words = Words {
            id: "\"><script>",
            title: hostile,
            description: hostile,
        };
        let chart = bars(&[bar; 30], &words);
        check_xml(&chart);
        assert!(!chart.contains("<script"), "{chart}");
        assert!(!chart.contains('\u{1}'));
    }
}
