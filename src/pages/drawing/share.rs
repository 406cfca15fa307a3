//! A share: a part of a whole as a bar beside its number.

use super::height_of;

/// How wide the whole is.
const WIDTH: u64 = 100;

/// A bar that fills its frame as far as a part fills the whole. It is decoration: the number stands
/// beside it.
pub fn share(part: u64, whole: u64) -> String {
    let width = height_of(part.min(whole), whole, WIDTH);
    format!(
        "<svg class=\"share\" aria-hidden=\"true\" viewBox=\"0 0 {WIDTH} 8\" preserveAspectRatio=\"none\" \
         fill=\"currentColor\"><path d=\"M0 0h{width}v8H0z\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_fills_its_part() {
        let width = |part, whole| {
            let svg = share(part, whole);
            let width = svg.split_once("M0 0h").and_then(|(_, rest)| rest.split_once('v'));
            width.and_then(|(width, _)| width.parse::<u64>().ok())
        };
        assert_eq!(width(1, 2), Some(50));
        assert_eq!(width(0, 2), Some(0));
        assert_eq!(width(1, 1000), Some(1));
        assert_eq!(width(9, 3), Some(100));
        assert_eq!(width(0, 0), Some(0));
    }
}
