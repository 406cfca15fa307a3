//! Paragraphs: the visible text of an article by blocks, words and quotations, as all checks of a text
//! want it.

use std::ops::Range;

use crate::reading::markdown::{Context, Visible};

/// A block of visible text.
#[derive(Clone, Debug)]
pub struct Paragraph<'v> {
    /// What its first words stand in.
    pub context: Context,
    /// Its words, in order.
    pub words: Vec<Word<'v>>,
    /// What stands in quotation marks, in bytes of the visible text, the marks included.
    pub quotations: Vec<Range<usize>>,
    /// Whether the last of them is never closed here.
    pub is_open: bool,
}

/// A word: what white space and dashes divide, without the signs around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'v> {
    /// The word, with the apostrophes and hyphens in it.
    pub text: &'v str,
    /// The same without a possessive ending.
    stem: &'v str,
    /// Where it starts in the visible text.
    pub start: usize,
    /// The signs in front of it, dashes among them.
    pub before: &'v str,
    /// The signs behind it.
    pub after: &'v str,
}

impl<'v> Word<'v> {
    /// Where it ends in the visible text.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The word without a possessive ending.
    pub fn stem(&self) -> &'v str {
        self.stem
    }

    /// Whether it is this word, in any case, or its possessive.
    pub fn is(&self, word: &str) -> bool {
        self.stem().eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these words, in any case, or the possessive of one.
    pub fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Whether it begins with a capital.
    pub fn is_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// Whether a sentence ends behind it.
    pub fn ends_sentence(&self) -> bool {
        self.after.contains(['.', '!', '?', '…', ':', ';'])
    }

    /// Whether it is a year of the last or of this century.
    pub fn is_year(&self) -> bool {
        let text = self.stem();
        let century = text.starts_with("19") || text.starts_with("20");
        century && text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether it begins with a digit.
    pub fn is_number(&self) -> bool {
        self.text.starts_with(|first: char| first.is_ascii_digit())
    }
}

impl<'v> Paragraph<'v> {
    /// The paragraphs of a text.
    pub fn all(visible: &'v Visible) -> Vec<Paragraph<'v>> {
        let mut paragraphs = Vec::new();
        let mut start = 0;
        for line in visible.text.split('\n') {
            if !line.trim().is_empty() {
                paragraphs.push(Paragraph::new(visible, line, start));
            }
            start += line.len() + 1;
        }
        paragraphs
    }

    fn new(visible: &'v Visible, line: &'v str, start: usize) -> Paragraph<'v> {
        let first = visible.runs.partition_point(|run| run.text.end as usize <= start);
        let context = visible
            .runs
            .get(first)
            .map_or(Context::default(), |run| run.context);
        let (quotations, is_open) = quotations(line, start);
        Paragraph {
            context,
            words: words(line, start),
            quotations,
            is_open,
        }
    }

    /// Whether it is running text in the article's own words.
    pub fn is_prose(&self) -> bool {
        self.context.heading == 0 && !self.context.in_quote && !self.context.in_table
    }

    /// Whether a word stands in quotation marks.
    pub fn is_quoted(&self, word: &Word<'_>) -> bool {
        self.quotations
            .iter()
            .any(|quotation| quotation.contains(&word.start))
    }

    /// Whether a word is the first one of its sentence.
    pub fn begins_sentence(&self, index: usize) -> bool {
        match index.checked_sub(1).and_then(|index| self.words.get(index)) {
            None => true,
            Some(last) => last.ends_sentence() || self.words[index].before.contains(['•', '“', '"']),
        }
    }

    /// The words of the sentence around a word.
    pub fn sentence(&self, index: usize) -> &[Word<'v>] {
        let ends = |word: &Word<'_>| word.after.contains(['.', '!', '?']);
        let from = self.words[..index]
            .iter()
            .rposition(ends)
            .map_or(0, |end| end + 1);
        let to = self.words[index..].iter().position(ends);
        let to = to.map_or(self.words.len(), |end| index + end + 1);
        &self.words[from..to]
    }
}

fn stem(word: &str) -> &str {
    let endings = ["’s", "'s", "’", "'"];
    endings
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word)
}

fn words(line: &str, start: usize) -> Vec<Word<'_>> {
    let is_gap = |character: char| character.is_whitespace() || matches!(character, '—' | '–');
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '$' | '%');
    let mut words: Vec<Word<'_>> = Vec::with_capacity(line.len() / 5);
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let first = rest.find(is_part);
        // The signs between two words: those that touch the last one are its own.
        let signs = &rest[..first.unwrap_or(rest.len())];
        let (after, before) = match signs.find(char::is_whitespace) {
            Some(gap) => (&signs[..gap], signs[gap..].trim()),
            None => (signs, signs),
        };
        if let Some(last) = words.last_mut() {
            last.after = after;
        }
        let Some(first) = first else { return words };
        let piece = &rest[first..];
        let piece = &piece[..piece.find(is_gap).unwrap_or(piece.len())];
        let text = piece.trim_end_matches(|character: char| !is_part(character));
        words.push(Word {
            text,
            stem: stem(text),
            start: start + at + first,
            before,
            after: "",
        });
        at += first + text.len();
    }
}

/// What stands in quotation marks. A mark that is never closed quotes the rest: a quotation that goes on
/// in the next paragraph is closed only there.
fn quotations(line: &str, start: usize) -> (Vec<Range<usize>>, bool) {
    let mut quotations = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, character) in line.char_indices() {
        match (open, character) {
            (None, '“') => open = Some((at, '”')),
            (None, '„') => open = Some((at, '“')),
            (None, '«') => open = Some((at, '»')),
            // Inches stand behind a number.
            (None, '"') if !line[..at].ends_with(char::is_alphanumeric) => open = Some((at, '"')),
            (Some((from, close)), character) if character == close => {
                quotations.push(start + from..start + at + character.len_utf8());
                open = None;
            }
            _ => {}
        }
    }
    // A straight mark alone is hardly a quotation.
    let open = open.filter(|(_, close)| *close != '"');
    quotations.extend(open.map(|(from, _)| start + from..start + line.len()));
    (quotations, open.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_the_signs_around_them() {
        let visible = Visible {
            text: "“Yes”, said Oracle’s chair—twice.\n(Acme, Inc.)".to_owned(),
            runs: Vec::new(),
        };
        let paragraphs = Paragraph::all(&visible);
        let shown: Vec<(&str, &str, &str)> = paragraphs
            .iter()
            .flat_map(|paragraph| &paragraph.words)
            .map(|word| (word.before, word.text, word.after))
            .collect();
        let expected = [
            ("“", "Yes", "”,"),
            ("", "said", ""),
            ("", "Oracle’s", ""),
            ("", "chair", "—"),
            ("—", "twice", "."),
            ("(", "Acme", ","),
            ("", "Inc", ".)"),
        ];
        assert_eq!(shown, expected);
        for word in paragraphs.iter().flat_map(|paragraph| &paragraph.words) {
            assert_eq!(&visible.text[word.start..word.end()], word.text);
        }
        assert_eq!(paragraphs[0].words[2].stem(), "Oracle");
        assert!(paragraphs[0].is_quoted(&paragraphs[0].words[0]));
        assert!(!paragraphs[0].is_quoted(&paragraphs[0].words[1]));
        assert_eq!(paragraphs[0].sentence(0).len(), 5);
    }

    #[test]
    fn an_open_quotation_runs_to_the_end() {
        let quoted = |line: &str| -> Vec<String> {
            let (found, _) = quotations(line, 0);
            found.into_iter().map(|range| line[range].to_owned()).collect()
        };
        assert_eq!(quoted("a “b c” d “e"), ["“b c”", "“e"]);
        assert_eq!(quoted("„b“ «c» \"d\""), ["„b“", "«c»", "\"d\""]);
        assert!(quoted("it’s 5 o’clock on a 5\" disk or \"another").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_words(text in "[A-Za-z0-9 “”\"’'—–.,$%()é日\\n\\PC]{0,80}") {
            let visible = Visible { text, runs: Vec::new() };
            for paragraph in Paragraph::all(&visible) {
                for word in &paragraph.words {
                    proptest::prop_assert_eq!(&visible.text[word.start..word.end()], word.text);
                    proptest::prop_assert!(!word.text.is_empty());
                }
            }
        }
    }
}
