//! Points and boxes on a map. Down is where y grows.

/// A place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Where it begins.
    pub left: f64,
    /// Its upper side.
    pub top: f64,
    /// Where it ends.
    pub right: f64,
    /// Its lower side.
    pub bottom: f64,
}

impl Area {
    /// The rectangle that reaches so far to both sides of a point, and so far up and down.
    pub fn around(point: Point, aside: f64, up: f64) -> Area {
        Area {
            left: point.x - aside,
            top: point.y - up,
            right: point.x + aside,
            bottom: point.y + up,
        }
    }

    /// The rectangle that holds both.
    pub fn with(self, other: Area) -> Area {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The same with so much more on every side.
    pub fn grown(self, by: f64) -> Area {
        Area {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    /// Whether both cover some place.
    pub fn meets(&self, other: &Area) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}
