//! Where circles stand: as far from each other as there are ties between them.
//!
//! What hangs together is laid out by itself, first as classical scaling places it, which knows the whole;
//! then ties pull and everything else pushes, which gives the many companies that are tied to one room around
//! it. Source: E. R. Gansner, Y. Hu and S. North, "A Maxent-Stress Model for Graph Layout", 2013.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Tie;
use super::space::Point;

/// What the length of a tie is counted in: that of one that could not be stronger. A weaker one is up to
/// twice as long.
const LENGTH: f64 = 100.0;
/// How often the axes of the whole are corrected, and how often all places.
const AXIS_ROUNDS: usize = 50;
const ROUNDS: usize = 120;
/// How much everything pushes everything else, at first and in the end.
const REPULSION: f64 = 0.5;
const LAST_REPULSION: f64 = 0.05;
/// How much the middle attracts everything.
const GRAVITY: f64 = 0.02;

/// The parts of a network that do not hang together, the largest first: the numbers of their circles
/// and the places of these.
pub fn layout(nodes: usize, ties: &[Tie]) -> Vec<Vec<(usize, Point)>> {
    let neighbours = neighbours(nodes, ties);
    let mut parts = parts(&neighbours);
    parts.sort_by_key(|part| (Reverse(part.len()), part.first().copied()));
    let place = |part: Vec<usize>| {
        let distances = distances(&part, &neighbours);
        let mut places = scaled(&distances);
        settle(&mut places, &own_ties(&part, &neighbours));
        part.into_iter().zip(places).collect()
    };
    parts.into_iter().map(place).collect()
}

/// For each circle those it is tied to, and how far they should be.
fn neighbours(nodes: usize, ties: &[Tie]) -> Vec<Vec<(usize, u32)>> {
    let mut neighbours = vec![Vec::new(); nodes];
    for tie in ties {
        let length = LENGTH + LENGTH / (tie.count.max(1) as f64).sqrt();
        let [one, other] = tie.ends;
        neighbours[one].push((other, length as u32));
        neighbours[other].push((one, length as u32));
    }
    neighbours
}

fn parts(neighbours: &[Vec<(usize, u32)>]) -> Vec<Vec<usize>> {
    let mut is_seen = vec![false; neighbours.len()];
    let mut parts = Vec::new();
    for start in 0..neighbours.len() {
        let mut part = Vec::new();
        let mut waiting = vec![start];
        while let Some(at) = waiting.pop() {
            if !std::mem::replace(&mut is_seen[at], true) {
                part.push(at);
                waiting.extend(neighbours[at].iter().map(|(other, _)| other));
            }
        }
        part.sort_unstable();
        parts.extend((!part.is_empty()).then_some(part));
    }
    parts
}

/// The ties of a part, its circles numbered by themselves.
fn own_ties(part: &[usize], neighbours: &[Vec<(usize, u32)>]) -> Vec<Vec<(usize, f64)>> {
    let mut own = vec![0; neighbours.len()];
    for (number, &node) in part.iter().enumerate() {
        own[node] = number;
    }
    let ties = |&node: &usize| {
        let ties = neighbours[node].iter();
        ties.map(|&(other, length)| (own[other], f64::from(length) / LENGTH))
            .collect()
    };
    part.iter().map(ties).collect()
}

/// The length of the shortest way from each circle of a part to each other one, in rows.
fn distances(part: &[usize], neighbours: &[Vec<(usize, u32)>]) -> Vec<Vec<f64>> {
    let mut own = vec![usize::MAX; neighbours.len()];
    for (number, &node) in part.iter().enumerate() {
        own[node] = number;
    }
    let row = |&start: &usize| {
        let mut row = vec![u32::MAX; part.len()];
        let mut waiting = BinaryHeap::from([(Reverse(0), start)]);
        while let Some((Reverse(far), at)) = waiting.pop() {
            if far < row[own[at]] {
                row[own[at]] = far;
                let next = neighbours[at].iter();
                waiting.extend(next.map(|&(other, length)| (Reverse(far.saturating_add(length)), other)));
            }
        }
        row.into_iter().map(|far| f64::from(far) / LENGTH).collect()
    };
    part.iter().map(row).collect()
}

/// Classical scaling: the two axes along which the distances differ most.
fn scaled(distances: &[Vec<f64>]) -> Vec<Point> {
    let number = distances.len();
    let square = |row: usize, column: usize| distances[row][column] * distances[row][column];
    let mean_of = |row: usize| (0..number).map(|column| square(row, column)).sum::<f64>() / number as f64;
    let means: Vec<f64> = (0..number).map(mean_of).collect();
    let mean = means.iter().sum::<f64>() / number as f64;
    let mut matrix: Vec<Vec<f64>> = (0..number)
        .map(|row| {
            let entry = |column: usize| (means[row] + means[column] - mean - square(row, column)) / 2.0;
            (0..number).map(entry).collect()
        })
        .collect();
    let x = axis(&mut matrix, 1);
    let y = axis(&mut matrix, 2);
    // Circles of the same distances from all others would stand in one place for good.
    let mut chance = Chance(7);
    let mut places = Vec::with_capacity(number);
    for (x, y) in x.into_iter().zip(y) {
        let (aside, up) = (chance.next() / 10.0, chance.next() / 10.0);
        places.push(Point {
            x: x + aside,
            y: y + up,
        });
    }
    places
}

/// The places along the longest axis of a matrix of inner products, which it is then without.
fn axis(matrix: &mut [Vec<f64>], seed: u32) -> Vec<f64> {
    let mut chance = Chance(seed);
    let mut axis: Vec<f64> = matrix.iter().map(|_| chance.next()).collect();
    normalise(&mut axis);
    let mut length = 0.0;
    for _ in 0..AXIS_ROUNDS {
        let product = |row: &Vec<f64>| row.iter().zip(&axis).map(|(a, b)| a * b).sum();
        let mut next: Vec<f64> = matrix.iter().map(product).collect();
        length = normalise(&mut next);
        axis = next;
    }
    for (row, own) in matrix.iter_mut().zip(&axis) {
        for (entry, other) in row.iter_mut().zip(&axis) {
            *entry -= length * own * other;
        }
    }
    let scale = length.sqrt();
    axis.iter_mut().for_each(|place| *place *= scale);
    axis
}

/// Makes a vector one long; gives its length before.
fn normalise(vector: &mut [f64]) -> f64 {
    let length = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
    length
}

/// Moves one after the other to where its ties want it and away from all others; from round to round
/// the ties count more.
fn settle(places: &mut [Point], ties: &[Vec<(usize, f64)>]) {
    for round in 0..ROUNDS {
        let left = 1.0 - round as f64 / ROUNDS as f64;
        let repulsion = REPULSION * left * left * left + LAST_REPULSION;
        for (at, ties) in ties.iter().enumerate() {
            let own = places[at];
            let mut push = Point::default();
            for other in places.iter() {
                let (x, y) = (own.x - other.x, own.y - other.y);
                let square = (x * x + y * y).max(0.0001);
                push.x += x / square;
                push.y += y / square;
            }
            // What is far out is held by the middle.
            let (mut pull, mut weights) = (Point::default(), GRAVITY);
            for &(other, wanted) in ties {
                let other = places[other];
                let (x, y) = (own.x - other.x, own.y - other.y);
                let far = (x * x + y * y).sqrt().max(0.0001);
                let weight = 1.0 / (wanted * wanted);
                pull.x += weight * (other.x + wanted * x / far);
                pull.y += weight * (other.y + wanted * y / far);
                weights += weight;
            }
            places[at] = Point {
                x: (pull.x + repulsion * push.x) / weights,
                y: (pull.y + repulsion * push.y) / weights,
            };
        }
    }
}

/// Numbers between -1 and 1 that are the same in every run. Source: D. H. Lehmer's generator with the
/// multiplier 48271.
struct Chance(u32);

impl Chance {
    fn next(&mut self) -> f64 {
        let next = u64::from(self.0) * 48_271 % 2_147_483_647;
        self.0 = u32::try_from(next).unwrap_or(1);
        f64::from(self.0) / 1_073_741_823.5 - 1.0
    }
}
