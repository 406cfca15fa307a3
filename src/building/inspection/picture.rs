//! Pictures without a description. `alt=""` in HTML says of a picture that it is decoration; Markdown has
//! no way to say so, and leaves it to forgetfulness.

use crate::ground::span::Span;
use crate::reading::markdown::{Body, Fill};

/// The places of a text's pictures without a description. `body` is what became of the text, `place` tells
/// where a reference of it is written; `from` is where the text begins in its file.
pub fn without_alt(file: &str, from: usize, body: &Body, place: impl Fn(usize) -> Option<Span>) -> Vec<Span> {
    let mut found = Vec::new();
    for filled in &body.places {
        if let Fill::Image { reference, alt, .. } = &filled.fill
            && alt.trim().is_empty()
        {
            let place = usize::try_from(*reference).ok().and_then(&place);
            found.extend(place.filter(|place| !is_decoration(file, *place)));
        }
    }
    // Pictures of other hosts are written out already.
    let mut searched = from;
    for (at, start) in body.html.match_indices(IMAGE) {
        let tag = &body.html[at + start.len()..];
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        let Some((address, rest)) = tag.split_once('"') else {
            continue;
        };
        let address = address.replace("&amp;", "&");
        let Some(at) = file.get(searched..).and_then(|rest| rest.find(&address)) else {
            continue;
        };
        let place = Span::new(searched + at, searched + at + address.len());
        searched += at + address.len();
        if rest.contains(" alt=\"\"") && !is_decoration(file, place) {
            found.push(place);
        }
    }
    found
}

/// How the tag of a picture of another host begins.
const IMAGE: &str = "<img src=\"";

/// Whether the picture whose address stands here is an HTML tag with an `alt` of its own.
fn is_decoration(file: &str, place: Span) -> bool {
    let range = place.range_in(file);
    let start = match file[range.clone()].starts_with('<') {
        true => Some(range.start),
        false => file[..range.start].rfind('<'),
    };
    let Some(tag) = start.map(|start| &file[start..]) else {
        return false;
    };
    let end = tag.find('>').unwrap_or(tag.len());
    let is_around = file.len() - tag.len() + end + 1 >= range.end;
    let tag = tag[..end].to_ascii_lowercase();
    is_around && tag.starts_with("<img") && tag.contains("alt")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::markdown::{self, Options};

    fn found(text: &str) -> Vec<String> {
        let markdown = markdown::parse(text, 0, Options::default());
        let place = |number: usize| markdown.references.get(number).map(|reference| reference.span);
        let found = without_alt(text, 0, &markdown.body, place);
        found
            .into_iter()
            .map(|span| text[span.range_in(text)].to_owned())
            .collect()
    }

    #[test]
    fn pictures_without_a_description() {
        assert_eq!(
            found("Text ![](chart.png) and ![ ](b.png)."),
            ["chart.png", "b.png"]
        );
        assert_eq!(
            found("![](https://example.org/a.png?b&c)"),
            ["https://example.org/a.png?b&c"]
        );
        assert_eq!(found("<img src=\"chart.png\">"), ["chart.png"]);
        assert_eq!(found("![a](x.png)\n\n![](x.png)"), ["x.png"]);
        assert_eq!(
            found("![a](https://e.org/x.png)\n\n![](https://e.org/x.png)").len(),
            1
        );
    }

    #[test]
    fn pictures_with_one() {
        for text in [
            "![A chart](chart.png) ![A chart](https://example.org/a.png)",
            "<img src=\"line.png\" alt=\"\"> <img alt='' src=\"https://example.org/line.png\">",
            "`![](chart.png)` is how a picture is written.",
            "No picture <b>at all</b>.",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
