//! A map of a network: circles, lines between them, and names that do not cover each other.
//!
//! Every circle is a link, so the map is no picture but a group of links to those who have it read to
//! them. Places are worked out with + - * / and the square root alone, whose results are the same on
//! every machine, and drawn in whole units.

mod labels;
mod layout;
mod space;

use std::fmt::Write;

use super::{Words, attribute, element_of};
use crate::ground::text::escape_text;
use labels::Label;
use space::{Area, Point};

/// Space around everything.
const MARGIN: f64 = 12.0;
/// The map is at least so wide, and a few companies stand in its middle.
const LEAST_WIDTH: f64 = 1000.0;
/// The radius of the circle that counts most, and of one that counts nothing.
const LARGEST: f64 = 20.0;
const SMALLEST: f64 = 4.0;
/// What counts less than this is not the largest, though it count most.
const LARGE: u64 = 12;
/// From so many circles on they are smaller, so that all of them take the same space.
const MANY: f64 = 150.0;

/// One circle.
#[derive(Clone, Copy, Debug)]
pub struct Node<'n> {
    /// What stands at it.
    pub name: &'n str,
    /// Where it leads.
    pub url: Option<&'n str>,
    /// How much it counts.
    pub count: u64,
}

/// A line between two circles.
#[derive(Clone, Copy, Debug)]
pub struct Tie {
    /// The numbers of the circles.
    pub ends: [usize; 2],
    /// How much it counts.
    pub count: u64,
}

/// A circle on the map.
#[derive(Clone, Copy, Debug)]
struct Spot {
    /// The middle.
    at: Point,
    radius: f64,
    label: Option<Label>,
}

/// A map. Those who count most come first; ties lead to circles that there are.
pub fn map(nodes: &[Node<'_>], ties: &[Tie], words: &Words<'_>) -> String {
    let ties: Vec<Tie> = ties
        .iter()
        .copied()
        .filter(|tie| is_sound(tie, nodes.len()))
        .collect();
    let radii: Vec<f64> = radii(nodes);
    let names: Vec<String> = nodes.iter().map(|node| labels::shortened(node.name)).collect();
    let spots = labels::spots(&names, &radii, layout::layout(nodes.len(), &ties));
    draw(nodes, &names, &ties, &spots, words)
}

fn is_sound(tie: &Tie, nodes: usize) -> bool {
    tie.ends[0] != tie.ends[1] && tie.ends.iter().all(|&end| end < nodes)
}

/// The area of a circle grows with what it counts.
fn radii(nodes: &[Node<'_>]) -> Vec<f64> {
    let most = nodes.iter().map(|node| node.count).max().unwrap_or(0).max(LARGE);
    let scale = (MANY / nodes.len().max(1) as f64).sqrt().min(1.0);
    let radius = |node: &Node<'_>| {
        let part = (node.count as f64 / most as f64).sqrt();
        (SMALLEST + (LARGEST - SMALLEST) * part) * scale
    };
    nodes.iter().map(radius).collect()
}

fn draw(nodes: &[Node<'_>], names: &[String], ties: &[Tie], spots: &[Spot], words: &Words<'_>) -> String {
    let frame = frame(spots);
    let place = |point: Point| (whole(point.x - frame.left), whole(point.y - frame.top));
    let (attributes, children) = words.parts();
    let (width, height) = (whole(frame.right - frame.left), whole(frame.bottom - frame.top));
    let mut svg = format!(
        "<svg class=\"network\" role=\"group\"{attributes} viewBox=\"0 0 {width} {height}\" fill=\"currentColor\" \
         text-anchor=\"middle\" paint-order=\"stroke\">{children}"
    );
    draw_ties(&mut svg, ties, spots, place);
    for ((node, name), spot) in nodes.iter().zip(names).zip(spots) {
        let href = node.url.map(|url| attribute("href", url));
        let tag = if href.is_some() { "a" } else { "g" };
        let _ = write!(svg, "<{tag}{}>", href.unwrap_or_default());
        svg.push_str(&element_of("title", &format!("{} ({})", node.name, node.count)));
        let (x, y) = place(spot.at);
        let _ = write!(
            svg,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>",
            whole(spot.radius)
        );
        if let Some(label) = spot.label {
            let (x, y) = place(label.at);
            let size = whole(label.size);
            let anchor = label.side.anchor();
            let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{anchor}>");
            escape_text(&mut svg, name);
            svg.push_str("</text>");
        }
        let _ = write!(svg, "</{tag}>");
    }
    svg.push_str("</svg>");
    svg
}

/// Lines in three widths, each one path.
fn draw_ties(svg: &mut String, ties: &[Tie], spots: &[Spot], place: impl Fn(Point) -> (i64, i64)) {
    let most = ties.iter().map(|tie| tie.count).max().unwrap_or(1);
    let mut paths = [String::new(), String::new(), String::new()];
    for tie in ties {
        // Of few articles one more or less is no news.
        let is_middle = tie.count >= 2 && tie.count > most / 10;
        let is_wide = tie.count >= 4 && tie.count > most / 3;
        let width = usize::from(is_middle) + usize::from(is_middle && is_wide);
        let [(x, y), (to_x, to_y)] = tie.ends.map(|end| place(spots[end].at));
        let _ = write!(paths[width], "M{x} {y}L{to_x} {to_y}");
    }
    svg.push_str("<g stroke=\"currentColor\" stroke-opacity=\".3\">");
    for (path, width) in paths.iter().zip([1, 2, 4]).filter(|(path, _)| !path.is_empty()) {
        let _ = write!(svg, "<path stroke-width=\"{width}\" d=\"{path}\"/>");
    }
    svg.push_str("</g>");
}

/// What everything fits into.
fn frame(spots: &[Spot]) -> Area {
    let boxes = spots.iter().flat_map(|spot| {
        let label = spot.label.as_ref().map(|label| label.area);
        [Some(Area::around(spot.at, spot.radius, spot.radius)), label]
    });
    let all = boxes.flatten().reduce(|all, next| all.with(next));
    let all = all
        .unwrap_or(Area::around(Point::default(), 0.0, 0.0))
        .grown(MARGIN);
    let missing = (LEAST_WIDTH - (all.right - all.left)).max(0.0) / 2.0;
    Area {
        left: all.left - missing,
        right: all.right + missing,
        ..all
    }
}

fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::drawing::tests::check_xml;

    const WORDS: Words<'static> = Words {
        id: "",
        title: "Map",
        description: "",
    };

    fn tie(one: usize, other: usize, count: u64) -> Tie {
        let ends = [one, other];
        Tie { ends, count }
    }

    /// Hubs with companies around them, as companies are: each is tied to a hub, and hubs to each other.
    fn network(nodes: usize) -> (Vec<String>, Vec<u64>, Vec<Tie>) {
        let names = (0..nodes)
            .map(|number| format!("Company No {}", number * number))
            .collect();
        let counts = (0..nodes as u64).map(|number| 1 + 600 / (number + 1)).collect();
        let hubs = 1 + nodes / 20;
        let hub = |number: usize| tie(number % hubs, number, counts_of(number));
        let mut ties: Vec<Tie> = (hubs..nodes).map(hub).collect();
        ties.extend((1..hubs).map(|number| tie(number / 2, number, 9)));
        (names, counts, ties)
    }

    fn counts_of(number: usize) -> u64 {
        1 + (number as u64 * 7) % 11
    }

    fn nodes<'n>(names: &'n [String], counts: &[u64]) -> Vec<Node<'n>> {
        let node = |(name, &count): (&'n String, &u64)| Node {
            name,
            url: Some("/x/"),
            count,
        };
        names.iter().zip(counts).map(node).collect()
    }

    fn spots_of(nodes: &[Node<'_>], ties: &[Tie]) -> Vec<Spot> {
        let names: Vec<String> = nodes.iter().map(|node| labels::shortened(node.name)).collect();
        labels::spots(&names, &radii(nodes), layout::layout(nodes.len(), ties))
    }

    #[test]
    fn a_map_of_two() {
        let list = [
            Node {
                name: "A",
                url: Some("/a/"),
                count: 12,
            },
            Node {
                name: "B & C",
                url: None,
                count: 3,
            },
        ];
        let svg = map(&list, &[tie(0, 1, 3)], &WORDS);
        check_xml(&svg);
        assert!(svg.starts_with(
            "<svg class=\"network\" role=\"group\" aria-labelledby=\"chart-map-title\" viewBox=\"0 0 1000 "
        ));
        assert!(
            svg.contains("<a href=\"/a/\"><title>A (12)</title><circle cx="),
            "{svg}"
        );
        assert!(
            svg.contains("<g><title>B &amp; C (3)</title><circle cx="),
            "{svg}"
        );
        assert_eq!(svg.matches("<path").count(), 1);
    }

    #[test]
    fn there_are_maps_of_nothing_of_one_and_of_circles_that_nothing_ties() {
        let (names, counts, _) = network(3);
        for number in 0..=3 {
            let svg = map(&nodes(&names[..number], &counts), &[], &WORDS);
            check_xml(&svg);
            assert_eq!(svg.matches("<circle").count(), number);
        }
        // Ties of a circle with itself and with none are no ties.
        let svg = map(&nodes(&names, &counts), &[tie(1, 1, 5), tie(0, 9, 5)], &WORDS);
        assert_eq!(svg.matches("<path").count(), 0, "{svg}");
    }

    #[test]
    fn names_of_forty_companies_all_stand_and_cover_nothing() {
        let (names, counts, ties) = network(40);
        let spots = spots_of(&nodes(&names, &counts), &ties);
        assert!(spots.iter().all(|spot| spot.label.is_some()));
        assert_eq!(covered(&spots), Vec::<(usize, usize)>::new());
    }

    #[test]
    fn five_hundred_companies_have_a_circle_and_many_a_name() {
        let (names, counts, ties) = network(500);
        let list = nodes(&names, &counts);
        let spots = spots_of(&list, &ties);
        let named = spots.iter().filter(|spot| spot.label.is_some()).count();
        assert!(named >= 100, "{named}");
        assert_eq!(covered(&spots), Vec::<(usize, usize)>::new());
        let svg = map(&list, &ties, &WORDS);
        check_xml(&svg);
        assert_eq!(svg.matches("<a href").count(), 500);
        assert_eq!(svg, map(&list, &ties, &WORDS));
    }

    /// The labels that cover a label or a circle.
    fn covered(spots: &[Spot]) -> Vec<(usize, usize)> {
        let mut covered = Vec::new();
        for (one, spot) in spots.iter().enumerate() {
            let Some(label) = &spot.label else {
                continue;
            };
            for (other, spot) in spots.iter().enumerate().filter(|(other, _)| *other != one) {
                let circle = Area::around(spot.at, spot.radius, spot.radius);
                let meets = |area: &Area| label.area.meets(area);
                if meets(&circle) || spot.label.is_some_and(|label| meets(&label.area)) {
                    covered.push((one, other));
                }
            }
        }
        covered
    }

    #[test]
    fn companies_that_appear_together_stand_near_each_other() {
        // Two groups of five, of which each holds together, and one tie between them.
        let mut ties = vec![tie(0, 5, 1)];
        for group in [0, 5] {
            for one in group..group + 5 {
                ties.extend((one + 1..group + 5).map(|other| tie(one, other, 4)));
            }
        }
        let (names, counts, _) = network(10);
        let spots = spots_of(&nodes(&names, &counts), &ties);
        let far = |one: usize, other: usize| {
            let (x, y) = (
                spots[one].at.x - spots[other].at.x,
                spots[one].at.y - spots[other].at.y,
            );
            (x * x + y * y).sqrt()
        };
        let within = far(1, 2).max(far(3, 4)).max(far(6, 7)).max(far(8, 9));
        let between = far(1, 6).min(far(2, 7)).min(far(3, 8)).min(far(4, 9));
        assert!(within < between, "{within} {between}");
    }

    #[test]
    fn hostile_names_stay_names() {
        let hostile = "</title><script>\"'&\u{1}]]> and a name that is much longer than it should be";
        let node = Node {
            name: hostile,
            url: Some("\"><script>"),
            count: u64::MAX,
        };
        let words = Words {
            id: hostile,
            title: hostile,
            description: hostile,
        };
        let svg = map(&[node; 3], &[tie(0, 1, u64::MAX), tie(1, 2, 0)], &words);
        check_xml(&svg);
        assert!(!svg.contains("<script") && !svg.contains('\u{1}'), "{svg}");
        assert!(svg.contains('…'), "{svg}");
    }
}
