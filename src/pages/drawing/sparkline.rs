//! A sparkline: counts as the outline of a row of bars, as high as a line of text.
//!
//! A list may hold dozens, so each is a few dozen bytes: one path, no ids.

use std::fmt::Write;

use super::{attribute, height_of};

/// How wide a count is drawn.
const STEP: usize = 4;
/// How high the highest is.
const HEIGHT: u64 = 12;

/// A sparkline. Without a title it is decoration: what it shows then stands beside it in words.
pub fn sparkline(counts: &[u64], title: &str) -> String {
    let most = counts.iter().copied().max().unwrap_or(0);
    let width = STEP * counts.len().max(1);
    let mut path = format!("M0 {HEIGHT}");
    let mut last = HEIGHT;
    let mut wide = 0;
    let go_on = |path: &mut String, wide: &mut usize| {
        if *wide > 0 {
            let _ = write!(path, "h{wide}");
            *wide = 0;
        }
    };
    for &count in counts {
        let top = HEIGHT - height_of(count, most, HEIGHT);
        if top != last {
            go_on(&mut path, &mut wide);
            let _ = write!(path, "V{top}");
            last = top;
        }
        wide += STEP;
    }
    // What lies on the floor at the end is no part of the outline.
    if last != HEIGHT {
        go_on(&mut path, &mut wide);
        let _ = write!(path, "V{HEIGHT}");
    }
    let name = match title {
        "" => " aria-hidden=\"true\"".to_owned(),
        _ => format!(" role=\"img\"{}", attribute("aria-label", title)),
    };
    format!(
        "<svg class=\"sparkline\"{name} viewBox=\"0 0 {width} {HEIGHT}\" width=\"{width}\" height=\"{HEIGHT}\" \
         fill=\"currentColor\"><path d=\"{path}z\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::drawing::tests::check_xml;

    #[test]
    fn the_outline_of_some_weeks() {
        assert_eq!(
            sparkline(&[0, 3, 3, 1, 0], "0 3 3 1 0"),
            "<svg class=\"sparkline\" role=\"img\" aria-label=\"0 3 3 1 0\" viewBox=\"0 0 20 12\" width=\"20\" \
             height=\"12\" fill=\"currentColor\"><path d=\"M0 12h4V0h8V8h4V12z\"/></svg>"
        );
        assert!(sparkline(&[0, 0], "").contains("<path d=\"M0 12z\"/>"));
        assert!(sparkline(&[], "").contains("viewBox=\"0 0 4 12\""));
    }

    #[test]
    fn twelve_weeks_with_their_numbers_are_small() {
        let counts = [1, 12, 2, 11, 3, 10, 4, 9, 5, 8, 6, 7];
        let words = counts.map(|count| count.to_string()).join(" ");
        let svg = sparkline(&counts, &words);
        assert!(svg.len() <= 250, "{} bytes: {svg}", svg.len());
    }

    #[test]
    fn hostile_words_stay_words() {
        let svg = sparkline(&[u64::MAX, 1], "\"><script>'&\u{2}");
        check_xml(&svg);
        assert!(!svg.contains("<script") && !svg.contains('\u{2}'), "{svg}");
    }
}
