//! Figures: a picture, the words under it and whose it is, out of the many forms in which pages write them.

use dom_query::{Document, NodeRef};

use super::dom::{all, name, text, words};

/// Words in the names of elements that say whose a picture is.
const CREDITS: [&str; 8] = [
    "credit",
    "credits",
    "copyright",
    "photographer",
    "attribution",
    "source",
    "byline",
    "copy",
];

/// What stands before the name of whoever made a picture, where it is not marked.
const MARKS: [&str; 16] = [
    "Photo: ",
    "Photo by ",
    "Photograph: ",
    "Photo credit: ",
    "Picture: ",
    "Image: ",
    "Image credit: ",
    "Credit: ",
    "Foto: ",
    "Bild: ",
    "Grafik: ",
    "Graphic: ",
    "Source: ",
    "Quelle: ",
    "Crédit: ",
    "© ",
];

/// What a caption ends with.
const ENDS: [char; 8] = ['.', '!', '?', ')', '”', '"', ':', '…'];

/// The name of a full stop that was put between a caption and a credit.
const STOP: &str = "brief-stop";

/// The words under a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// What it shows.
    pub caption: Option<String>,
    /// Whose it is.
    pub credit: Option<String>,
}

/// Gives all figures one form: pictures, each with its caption, which ends with whose it is.
pub fn settle(document: &Document) {
    for image in all(document, "img") {
        // A picture and the words under it never lie further apart.
        let frame = image.ancestors(Some(4)).into_iter().find(|above| {
            let is_frame = matches!(name(above).as_str(), "div" | "dl" | "section" | "aside");
            is_frame && is_alone_in(&image, above) && caption_of(above).is_some() && !holds_text_beside(above)
        });
        if let Some(frame) = frame
            && !image
                .ancestors(Some(6))
                .into_iter()
                .any(|above| name(&above) == "figure")
        {
            frame.rename("figure");
        }
    }
    // From the innermost outwards: a gallery is a figure of figures.
    for figure in all(document, "figure").into_iter().rev() {
        let below: Vec<NodeRef<'_>> = figure
            .descendants()
            .into_iter()
            .filter(NodeRef::is_element)
            .collect();
        let has = |wanted: &[&str]| below.iter().any(|part| wanted.contains(&name(part).as_str()));
        if has(&["figure"]) {
            if let Some(caption) = figure
                .children()
                .into_iter()
                .find(|child| name(child) == "figcaption")
            {
                caption.rename("p");
            }
            figure.rename("div");
            continue;
        }
        if !has(&["img"]) || has(&["table", "blockquote", "pre", "iframe", "video", "ul", "ol"]) {
            continue;
        }
        let own = words_of(&figure);
        let images: Vec<String> = below
            .iter()
            .filter(|part| name(part) == "img")
            .map(|image| image.html().to_string())
            .collect();
        let line = own.markup();
        let mut html = String::new();
        for (at, image) in images.iter().enumerate() {
            let is_last = at + 1 == images.len();
            let caption = line.as_deref().filter(|_| is_last);
            let caption = caption.map_or(String::new(), |caption| {
                format!("<figcaption>{caption}</figcaption>")
            });
            html.push_str(&format!("<figure>{image}{caption}</figure>"));
        }
        figure.replace_with_html(html);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

impl Words {
    /// Both as they stand below a picture; the credit stays marked.
    fn markup(&self) -> Option<String> {
        self.line()?;
        let caption = self.caption.as_deref().map(escaped).unwrap_or_default();
        let Some(credit) = self.credit.as_deref().map(escaped) else {
            return Some(caption);
        };
        let is_ended = caption.is_empty() || caption.ends_with(ENDS);
        let stop = if is_ended {
            String::new()
        } else {
            format!("<span class=\"{STOP}\">.</span>")
        };
        Some(format!("{caption}{stop} <span class=\"credit\">{credit}</span>"))
    }

    /// Both in one line.
    pub fn line(&self) -> Option<String> {
        match (&self.caption, &self.credit) {
            (Some(caption), Some(credit)) => {
                let end = if caption.ends_with(ENDS) { "" } else { "." };
                Some(format!("{caption}{end} {credit}"))
            }
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        }
    }
}

/// The words of a figure.
pub fn words_of(figure: &NodeRef<'_>) -> Words {
    let caption = caption_of(figure);
    let is_in_caption = |node: &NodeRef<'_>| {
        caption.is_some_and(|caption| {
            caption.id == node.id
                || node
                    .ancestors(None)
                    .into_iter()
                    .any(|above| above.id == caption.id)
        })
    };
    let credit = figure.descendants().into_iter().find(|below| {
        below.is_element()
            && !below
                .descendants()
                .into_iter()
                .any(|inner| name(&inner) == "img" || name(&inner) == "figcaption")
            && name(below) != "img"
            && caption.is_none_or(|caption| caption.id != below.id)
            && words(below).iter().any(|word| CREDITS.contains(&word.as_str()))
            && !text(below).is_empty()
    });
    let said = credit.map(|credit| text(&credit));
    let line = caption.map(|caption| text(&caption)).unwrap_or_default();
    let rest = match (&said, credit) {
        (Some(said), Some(credit)) if is_in_caption(&credit) => match line.rfind(said.as_str()) {
            Some(at) => format!("{} {}", &line[..at], &line[at + said.len()..]),
            None => line,
        },
        _ => line,
    };
    let rest = crate::ground::text::one_line(&rest);
    let has_stop = figure.descendants().iter().any(|below| below.has_class(STOP));
    let rest = if has_stop {
        rest.trim_end().trim_end_matches('.').to_owned()
    } else {
        rest
    };
    let (rest, marked) = match said {
        Some(_) => (rest, None),
        None => divided(&rest),
    };
    let full = |text: &str| {
        let text = text.trim().trim_end_matches(['|', '(', '·']).trim();
        (!text.is_empty() && text != ")").then(|| text.to_owned())
    };
    Words {
        caption: full(&rest),
        credit: said.or(marked).as_deref().and_then(full),
    }
}

/// A line parted before the words that say whose a picture is.
fn divided(line: &str) -> (String, Option<String>) {
    let mut best: Option<usize> = None;
    for mark in MARKS {
        if let Some(at) = line.rfind(mark)
            && best.is_none_or(|known| at > known)
            && line.len() - at <= 100
            && (at == 0 || line[..at].ends_with([' ', '(', '[', '.', '/', '|']))
        {
            best = Some(at);
        }
    }
    match best {
        Some(at) => {
            let (caption, credit) = line.split_at(at);
            let is_in_brackets = caption.trim_end().ends_with(['(', '[']);
            let credit = if is_in_brackets {
                credit.trim_end_matches([')', ']', '.'])
            } else {
                credit
            };
            let caption = caption
                .trim_end()
                .trim_end_matches(['(', '[', '/', '|'])
                .trim_end();
            (caption.to_owned(), Some(credit.to_owned()))
        }
        None => (line.to_owned(), None),
    }
}

fn caption_of<'d>(figure: &NodeRef<'d>) -> Option<NodeRef<'d>> {
    let below = || figure.descendants().into_iter().filter(NodeRef::is_element);
    below().find(|part| name(part) == "figcaption").or_else(|| {
        below().find(|part| {
            words(part).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "caption" | "legend" | "bildunterschrift" | "imgcaption"
                )
            }) && !part.descendants().into_iter().any(|inner| name(&inner) == "img")
                && name(part) != "img"
        })
    })
}

fn is_alone_in(image: &NodeRef<'_>, frame: &NodeRef<'_>) -> bool {
    !frame
        .descendants()
        .into_iter()
        .any(|below| name(&below) == "img" && below.id != image.id)
}

/// Whether more stands in an element than a picture and the words under it.
fn holds_text_beside(element: &NodeRef<'_>) -> bool {
    let all = text(element).chars().count();
    let own: usize = words_of(element).line().map_or(0, |line| line.chars().count());
    all > own + 12
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::import::foreign::html::to_markdown;

    fn check(html: &str, expected: &str) {
        let document = Document::from(html);
        settle(&document);
        let body = document.body().expect("a body");
        assert_eq!(to_markdown(&body.inner_html()).0.trim(), expected, "{html}");
    }

    #[test]
    fn all_forms_of_figures_are_one() {
        let expected = "![A](https://a.example/a.jpg \"The plant. Photo: Jane Doe\")";
        check(
            "<figure><div><img src=https://a.example/a.jpg alt=A></div><figcaption>The plant <span class=credit>Photo: Jane Doe</span></figcaption></figure>",
            expected,
        );
        check(
            "<figure><img src=https://a.example/a.jpg alt=A><span class=img-copyright>Photo: Jane Doe</span><figcaption>The plant</figcaption></figure>",
            expected,
        );
        check(
            "<div class=wp-caption><a href=x><img src=https://a.example/a.jpg alt=A></a><p class=wp-caption-text>The plant (Photo: Jane Doe)</p></div>",
            expected,
        );
    }

    #[test]
    fn galleries_are_figures_one_by_one() {
        check(
            "<figure><figure><img src=https://a.example/a.jpg alt=A></figure><figure><img src=https://a.example/b.jpg alt=B></figure><figcaption>Two</figcaption></figure>",
            "![A](https://a.example/a.jpg)\n\n![B](https://a.example/b.jpg)\n\nTwo",
        );
    }

    #[test]
    fn text_beside_a_picture_is_no_caption() {
        check(
            "<div><img src=https://a.example/a.jpg alt=A><p class=caption>The plant</p><p>And this is a text beside it.</p></div>",
            "![A](https://a.example/a.jpg)\n\nThe plant\n\nAnd this is a text beside it.",
        );
    }
}
