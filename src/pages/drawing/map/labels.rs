//! Names on a map. Those of the circles that count most are given room; the others take what is left,
//! or are read where one points at the circle.

use super::Spot;
use super::space::{Area, Point};

/// Up to so many circles all names are given room; of more circles those of so many.
const ALL: usize = 60;
const ROOM: usize = 40;
/// How often circles and names push each other aside.
const ROUNDS: usize = 300;
/// The space between them.
const GAP: f64 = 5.0;
/// Names are cut behind so many letters.
const LONGEST: usize = 28;
/// The sizes of letters: of names that count most, of those with room, and of others.
const LARGE: f64 = 18.0;
const MIDDLE: f64 = 15.0;
const SMALL: f64 = 13.0;
/// How wide the map should be for so many circles: the square root of their number times this, and
/// no wider than that.
const SPREAD: f64 = 130.0;
const WIDEST: f64 = 1200.0;
/// Some companies that have the map to themselves spread over most of it.
const SOME: usize = 8;
const ALONE: f64 = 700.0;
/// How far a part may be drawn out in one direction, to be wider than it is high.
const STRETCH: f64 = 1.4;

/// A name on the map.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    /// Where its base line begins, ends or has its middle.
    pub at: Point,
    /// The size of its letters.
    pub size: f64,
    /// On which side of its circle it stands.
    pub side: Side,
    /// What it covers.
    pub area: Area,
}

/// A side of a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Right of it.
    Right,
    /// Left of it.
    Left,
    /// Over or under it.
    Middle,
}

impl Side {
    /// The attribute that anchors a text, of which the middle is the usual place.
    pub fn anchor(self) -> &'static str {
        match self {
            Side::Right => " text-anchor=\"start\"",
            Side::Left => " text-anchor=\"end\"",
            Side::Middle => "",
        }
    }
}

/// A name as it stands on the map.
pub fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", name[..end].trim_end()),
        None => name.to_owned(),
    }
}

/// The circles of all parts on one map, with their names.
pub fn spots(names: &[String], radii: &[f64], parts: Vec<Vec<(usize, Point)>>) -> Vec<Spot> {
    let mut spots: Vec<Spot> = radii
        .iter()
        .map(|&radius| Spot {
            at: Point::default(),
            radius,
            label: None,
        })
        .collect();
    let room = if names.len() <= ALL { ALL } else { ROOM };
    let mut shelf = Shelf::default();
    let is_alone = parts.len() == 1;
    for part in parts {
        let least = if is_alone && part.len() >= SOME {
            ALONE
        } else {
            0.0
        };
        let part = spread(part, least);
        let mut bodies: Vec<Body> = part
            .iter()
            .map(|&(node, at)| {
                let name = Some(&names[node]).filter(|_| node < room);
                Body::new(node, at, radii[node], name.map_or("", |name| name))
            })
            .collect();
        push_apart(&mut bodies);
        shelf.add(&mut bodies);
        for body in bodies {
            spots[body.node].at = body.circle();
            spots[body.node].label = body.label();
        }
    }
    place_others(names, &mut spots);
    spots
}

/// Brings a part to the size that suits its number of circles.
fn spread(part: Vec<(usize, Point)>, least: f64) -> Vec<(usize, Point)> {
    let number = part.len() as f64;
    let width = (SPREAD * number.sqrt()).clamp(least, WIDEST);
    let height = width * 0.7;
    let areas = part.iter().map(|(_, at)| Area::around(*at, 1.0, 1.0));
    let Some(area) = areas.reduce(|all, next| all.with(next)) else {
        return part;
    };
    let (across, down) = (
        width / (area.right - area.left),
        height / (area.bottom - area.top),
    );
    let (across, down) = (across.min(down * STRETCH), down.min(across * STRETCH));
    let moved = |at: Point| Point {
        x: (at.x - area.left) * across,
        y: (at.y - area.top) * down,
    };
    part.into_iter().map(|(node, at)| (node, moved(at))).collect()
}

/// A circle, with its name under it if it has room.
struct Body {
    node: usize,
    /// The middle of both together.
    at: Point,
    /// How far they reach to the sides, and up and down.
    aside: f64,
    up: f64,
    radius: f64,
    /// The size of the letters; 0 where there is no room for a name.
    size: f64,
    /// How wide the name is.
    width: f64,
}

impl Body {
    fn new(node: usize, circle: Point, radius: f64, name: &str) -> Body {
        let size = match name {
            "" => 0.0,
            _ if radius > 14.0 => LARGE,
            _ => MIDDLE,
        };
        let width = width(name, size);
        let mut body = Body {
            node,
            at: circle,
            aside: radius.max(width / 2.0),
            up: radius + size * 0.6,
            radius,
            size,
            width,
        };
        body.at.y += size * 0.6;
        body
    }

    fn circle(&self) -> Point {
        Point {
            x: self.at.x,
            y: self.at.y - self.size * 0.6,
        }
    }

    fn weight(&self) -> f64 {
        self.radius * self.radius
    }

    fn area(&self) -> Area {
        Area::around(self.at, self.aside, self.up)
    }

    fn label(&self) -> Option<Label> {
        let circle = self.circle();
        let top = circle.y + self.radius;
        (self.size > 0.0).then_some(Label {
            at: Point {
                x: circle.x,
                y: top + self.size,
            },
            size: self.size,
            side: Side::Middle,
            area: Area {
                left: circle.x - self.width / 2.0,
                right: circle.x + self.width / 2.0,
                top,
                bottom: top + self.size * 1.3,
            },
        })
    }
}

/// Moves bodies that cover each other apart, the shortest way, until none does or they have had their
/// time.
fn push_apart(bodies: &mut [Body]) {
    for _ in 0..ROUNDS {
        let mut is_still = true;
        for one in 0..bodies.len() {
            for other in one + 1..bodies.len() {
                let (a, b) = (&bodies[one], &bodies[other]);
                let (x, y) = (b.at.x - a.at.x, b.at.y - a.at.y);
                if a.size == 0.0 && b.size == 0.0 {
                    // Circles without names go straight away from each other.
                    let far = (x * x + y * y).sqrt().max(0.01);
                    let near = (a.radius + b.radius + GAP - far) / 2.0;
                    if near > 0.01 {
                        is_still = false;
                        let (x, y) = (near * x / far, near * y / far);
                        bodies[one].at.x -= x;
                        bodies[one].at.y -= y;
                        bodies[other].at.x += x;
                        bodies[other].at.y += y;
                    }
                    continue;
                }
                let across = a.aside + b.aside + GAP - x.abs();
                let down = a.up + b.up + GAP - y.abs();
                if across <= 0.01 || down <= 0.01 {
                    continue;
                }
                is_still = false;
                // The heavier one hardly moves; who stands in the same place goes to the right.
                let towards = |distance: f64| if distance < 0.0 { -1.0 } else { 1.0 };
                let (x, y) = match across < down {
                    true => (across * towards(x), 0.0),
                    false => (0.0, down * towards(y)),
                };
                let share = b.weight() / (a.weight() + b.weight());
                bodies[one].at.x -= x * share;
                bodies[one].at.y -= y * share;
                bodies[other].at.x += x * (1.0 - share);
                bodies[other].at.y += y * (1.0 - share);
            }
        }
        if is_still {
            break;
        }
    }
}

/// Puts parts beside and under each other: the first at the top, the others in rows under it.
#[derive(Default)]
struct Shelf {
    /// How wide the rows may be.
    width: f64,
    /// Where the next part of the row begins, the row, and the one after it.
    x: f64,
    y: f64,
    next: f64,
}

impl Shelf {
    fn add(&mut self, bodies: &mut [Body]) {
        const SPACE: f64 = 24.0;
        let areas = bodies.iter().map(Body::area);
        let Some(area) = areas.reduce(|all, next| all.with(next)) else {
            return;
        };
        let (width, height) = (area.right - area.left, area.bottom - area.top);
        if self.x > 0.0 && self.x + width > self.width {
            (self.x, self.y) = (0.0, self.next);
        }
        for body in bodies {
            body.at.x += self.x - area.left;
            body.at.y += self.y - area.top;
        }
        self.width = self.width.max(width).max(super::LEAST_WIDTH);
        self.x += width + SPACE;
        self.next = self.next.max(self.y + height + SPACE);
    }
}

/// Gives the names that have no room yet what is left, on the first side where they cover nothing.
fn place_others(names: &[String], spots: &mut [Spot]) {
    let mut taken: Vec<Area> = spots
        .iter()
        .flat_map(|spot| {
            [
                Some(Area::around(spot.at, spot.radius, spot.radius)),
                spot.label.map(|label| label.area),
            ]
        })
        .flatten()
        .collect();
    for (name, spot) in names.iter().zip(spots) {
        if spot.label.is_some() {
            continue;
        }
        let free = sides(spot, width(name, SMALL)).into_iter().find(|label| {
            let area = label.area.grown(1.0);
            !taken.iter().any(|other| other.meets(&area))
        });
        if let Some(label) = free {
            taken.push(label.area);
            spot.label = Some(label);
        }
    }
}

/// A name at each side of its circle.
fn sides(spot: &Spot, width: f64) -> [Label; 4] {
    let Spot { at, radius, .. } = *spot;
    let far = radius + 2.0;
    let label = |side: Side, x: f64, base: f64| {
        let left = match side {
            Side::Right => x,
            Side::Left => x - width,
            Side::Middle => x - width / 2.0,
        };
        Label {
            at: Point { x, y: base },
            size: SMALL,
            side,
            area: Area {
                left,
                right: left + width,
                top: base - SMALL * 0.9,
                bottom: base + SMALL * 0.3,
            },
        }
    };
    [
        label(Side::Right, at.x + far, at.y + SMALL * 0.35),
        label(Side::Left, at.x - far, at.y + SMALL * 0.35),
        label(Side::Middle, at.x, at.y + far + SMALL * 0.9),
        label(Side::Middle, at.x, at.y - far - SMALL * 0.3),
    ]
}

/// How wide a text will be at most, in a font that nobody knows here.
fn width(text: &str, size: f64) -> f64 {
    let of_letter = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | '’' | ' ' | '-' => 0.34,
        'm' | 'w' | 'M' | 'W' | '&' | '@' | '…' => 0.95,
        letter if letter.is_ascii_uppercase() => 0.7,
        letter if letter.is_ascii() || letter < '\u{250}' => 0.58,
        letter if letter < '\u{1100}' => 0.66,
        // As wide as they are high.
        _ => 1.0,
    };
    text.chars().map(of_letter).sum::<f64>() * size
}
