//! E-mails: the lines at their head, and the signs in front of what is quoted as a whole.

use super::line::Line;
use super::phrase::fold;

/// What the head of an e-mail tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `Subject:`.
    pub subject: Option<String>,
    /// `Date:`, as it stands.
    pub date: Option<String>,
    /// The name in `From:`.
    pub sender: Option<String>,
    /// The lines it takes, by number and text.
    pub lines: Vec<(usize, String)>,
}

const KEYS: &[&str] = &[
    "from", "to", "cc", "bcc", "subject", "date", "sent", "reply-to", "von", "an", "betreff", "gesendet",
    "datum", "de", "objet", "à",
];

/// Takes the sign off the front of every line, as long as every line has one.
pub fn unquote(lines: &mut [Line]) {
    const DEEPEST: usize = 20;
    for _ in 0..DEEPEST {
        let full = || lines.iter().filter(|line| !line.is_blank());
        let says_something = full().filter(|line| line.text.len() > 1).count();
        let is_quoted = says_something >= 3 && full().all(|line| line.text.starts_with('>'));
        if !is_quoted {
            return;
        }
        for line in lines.iter_mut().filter(|line| !line.is_blank()) {
            let behind = line.text[1..].to_owned();
            let text = behind.trim_start();
            line.indent = (behind.len() - text.len()).saturating_sub(1);
            line.text = text.to_owned();
        }
    }
}

/// Takes the head off an e-mail, if the text begins with one: at least two of its lines, one of them the subject.
pub fn take_head(lines: &mut Vec<Line>) -> Option<Head> {
    const LONGEST: usize = 30;
    let start = lines.iter().position(|line| !line.is_blank())?;
    let mut head = Head::default();
    let mut end = start;
    for line in lines.iter().skip(start).take(LONGEST) {
        let key = line.text.split_once(':').map(|(key, value)| {
            (
                key.trim_matches('*').to_lowercase(),
                value.trim_matches(['*', ' ']),
            )
        });
        let Some((key, value)) = key.filter(|(key, _)| KEYS.contains(&key.as_str())) else {
            // A long value goes on below, indented.
            if line.indent > 0 && end > start && !line.is_blank() {
                if let Some(subject) = head.subject.as_mut().filter(|_| {
                    head.lines
                        .last()
                        .is_some_and(|last| fold(&last.1).starts_with("subject"))
                }) {
                    subject.push(' ');
                    subject.push_str(&line.text);
                }
                head.lines.push((line.number, line.text.clone()));
                end += 1;
                continue;
            }
            break;
        };
        let value = Some(value.to_owned()).filter(|value| !value.is_empty());
        match key.as_str() {
            "subject" | "betreff" | "objet" => head.subject = value,
            "date" | "sent" | "datum" | "gesendet" => head.date = value,
            "from" | "von" | "de" => head.sender = value.as_deref().and_then(sender),
            _ => {}
        }
        head.lines.push((line.number, line.text.clone()));
        end += 1;
    }
    if head.subject.is_none() || head.lines.len() < 2 {
        return None;
    }
    lines.drain(..end);
    Some(head)
}

/// The name in front of an address.
fn sender(value: &str) -> Option<String> {
    let name = value
        .split(['<', '[', '('])
        .next()
        .unwrap_or_default()
        .trim()
        .trim_matches('"')
        .trim();
    (!name.is_empty() && !name.contains('@') && name.len() <= 80).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::line::lines;
    use super::*;

    #[test]
    fn heads_of_e_mails() {
        let (mut text, _) = lines(
            "From: \"Acme Weekly\" <news@acme.example>\nTo: me\nSubject: Bolt is sold\nDate: Tue, 21 Jan 2025 10:00:00 +0000\n\nText.",
        );
        let head = take_head(&mut text).expect("a head");
        assert_eq!(
            (head.subject.as_deref(), head.sender.as_deref(), head.lines.len()),
            (Some("Bolt is sold"), Some("Acme Weekly"), 4)
        );
        assert_eq!(text.len(), 2);
        let (mut other, _) = lines("Date: tonight\nText.");
        assert_eq!(take_head(&mut other), None);
    }

    #[test]
    fn what_is_quoted_as_a_whole_is_the_text() {
        let (mut text, _) = lines("> > a\n>\n> b\n> > c");
        unquote(&mut text);
        let found: Vec<&str> = text.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(found, ["> a", "", "b", "> c"]);
    }
}
