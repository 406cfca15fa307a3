//! `checks:`, how severe kinds of problems are: by the choice of a site, in brief.yaml, or of one
//! article, in its front matter.

use super::yaml::{Fields, nearest};
use crate::ground::diagnostic::{Code, Diagnostic, Severity};
use crate::ground::encoding::{Decode, Decoder, Encode, Encoder};

/// Choices, by kind of problem: `None` is off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checks(Box<[(Code, Option<Severity>)]>);

/// What can be chosen.
const CHOICES: [(&str, Option<Severity>); 3] = [
    ("off", None),
    ("warn", Some(Severity::Warning)),
    ("error", Some(Severity::Error)),
];

impl Checks {
    /// Reads the key `checks` of a mapping; `what` it describes is said in messages.
    pub fn read(fields: &mut Fields<'_>, what: &'static str) -> Checks {
        let Some(mut map) = fields.map(&["checks"], what) else {
            return Checks::default();
        };
        let mut chosen = Vec::new();
        map.accept_all();
        for (key, _) in map.entries() {
            match Code::named(&key.name) {
                Some(code) => chosen.extend(read_choice(&mut map, code).map(|choice| (code, choice))),
                None => report_unknown(&mut map, &key.name),
            }
        }
        fields.absorb(map);
        Checks(chosen.into())
    }

    /// What is chosen for a kind of problem: `None` where nothing is, an inner `None` for off.
    pub fn get(&self, code: Code) -> Option<Option<Severity>> {
        let choice = self.0.iter().find(|(chosen, _)| *chosen == code);
        choice.map(|&(_, severity)| severity)
    }

    /// Whether a kind of problem is switched off.
    pub fn silences(&self, code: Code) -> bool {
        self.get(code) == Some(None)
    }
}

fn read_choice(map: &mut Fields<'_>, code: Code) -> Option<Option<Severity>> {
    let choice = map.choice(&[code.name()], &CHOICES)?;
    let is_error = code.default_severity() == Severity::Error;
    if is_error && choice.value != Some(Severity::Error) {
        let message = format!("`{}` is an error and cannot be switched off", code.name());
        map.report(Code::BadValue, choice.node, message, "remove this line");
        return None;
    }
    Some(choice.value)
}

/// A mistyped name would leave what it was meant to silence, or silence what it was meant to raise.
fn report_unknown(map: &mut Fields<'_>, name: &str) {
    let message = format!("there is no check `{name}`");
    let help = match nearest(name, Code::ALL.iter().map(|code| code.name())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "docs/CHECKS.md lists them".to_owned(),
    };
    map.report_at_key(Code::BadValue, name, message, help);
}

/// The severity of a problem by the choices of its article, which win, and of its site; `None` where
/// it is switched off.
pub fn severity(problem: &Diagnostic, article: Option<&Checks>, site: &Checks) -> Option<Severity> {
    let chosen = article.and_then(|article| article.get(problem.code));
    let chosen = chosen.or_else(|| site.get(problem.code));
    chosen.unwrap_or(Some(problem.severity))
}

impl Encode for Checks {
    fn encode(&self, to: &mut Encoder) {
        self.0.encode(to);
    }
}

impl Decode for Checks {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Box::decode(from).map(Checks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::diagnostic::Diagnostics;
    use crate::ground::path::SourcePath;
    use crate::reading::yaml;

    fn read(text: &str) -> (Checks, Vec<String>) {
        let file = SourcePath::new("content/articles/a.md").expect("a path");
        let mut found = Diagnostics::new();
        let document = yaml::parse(&file, text, 0, &mut found).expect("YAML");
        let mut fields = Fields::new(&document, document.root(), "an article");
        let checks = Checks::read(&mut fields, "`checks`");
        found.extend(fields.finish());
        let said = |problem: &Diagnostic| format!("{}: {}", problem.message, problem.help.join("; "));
        (checks, found.iter().map(said).collect())
    }

    #[test]
    fn choices_are_read() {
        let (checks, said) = read("checks: {unknown-key: off, broken-anchor: error, stray-file: warn}");
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(checks.get(Code::UnknownKey), Some(None));
        assert!(checks.silences(Code::UnknownKey));
        assert_eq!(checks.get(Code::BrokenAnchor), Some(Some(Severity::Error)));
        assert_eq!(checks.get(Code::StrayFile), Some(Some(Severity::Warning)));
        assert_eq!(checks.get(Code::TermSpelling), None);
    }

    #[test]
    fn mistakes_are_told() {
        let expected = [
            "there is no check `unknown-kay`: did you mean `unknown-key`?",
            "there is no check `42`: docs/CHECKS.md lists them",
            "`broken-link` is an error and cannot be switched off: remove this line",
            "`broken-anchor` cannot be `quiet`: it can be `off`, `warn`, `error`",
        ];
        let (checks, mut said) =
            read("checks:\n  unknown-kay: off\n  42: off\n  broken-link: off\n  broken-anchor: quiet\n");
        let mut expected = expected.map(str::to_owned).to_vec();
        expected.sort();
        said.sort();
        assert_eq!(said, expected);
        assert_eq!(checks, Checks::default());
    }

    #[test]
    fn an_article_wins_over_its_site() {
        let problem = Diagnostic::new(Code::UnknownKey, "unknown key");
        let (article, _) = read("checks: {unknown-key: error}");
        let (site, _) = read("checks: {unknown-key: off}");
        let none = Checks::default();
        assert_eq!(severity(&problem, Some(&article), &site), Some(Severity::Error));
        assert_eq!(severity(&problem, Some(&none), &site), None);
        assert_eq!(severity(&problem, None, &none), Some(Severity::Warning));
    }
}
