//! The register's own problems: entries that nobody names, names that are everyday words, and companies
//! that are written like another one.

use std::collections::{BTreeMap, BTreeSet};

use super::name::letters;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::{SourcePath, slug};
use crate::reading::company::{Company, Matching, Register, place_of_name};
use crate::reading::front_matter::Spotted;

/// How many names a message lists.
const SHOWN: usize = 10;

/// The register and its file.
pub struct Entries<'r> {
    /// The companies.
    pub register: &'r Register,
    /// The file and its text, unless there is none.
    pub file: Option<(SourcePath, String)>,
}

impl Entries<'_> {
    /// A diagnostic with the place of a name in the entry of a company.
    fn at(&self, diagnostic: Diagnostic, company: &Company, name: &str, note: &str) -> Diagnostic {
        let place = self
            .file
            .as_ref()
            .and_then(|(file, text)| Some((file, place_of_name(file, text, &company.name, name)?)));
        match (place, &self.file) {
            (Some((file, place)), _) => diagnostic.at_with(file, place, note),
            (None, Some((file, _))) => diagnostic.in_file(file),
            (None, None) => diagnostic,
        }
    }

    /// One warning for all companies that no article names or is tagged with. `used` are their slugs.
    pub fn report_unused(&self, used: &BTreeSet<&str>, found: &mut Diagnostics) {
        let companies = self.register.companies();
        let parents: BTreeSet<&str> = companies
            .iter()
            .filter_map(|company| self.register.find(company.parent.as_deref()?))
            .map(|company| company.slug.as_str())
            .collect();
        let is_unused = |company: &&Company| {
            !used.contains(company.slug.as_str()) && !parents.contains(company.slug.as_str())
        };
        let unused: Vec<&Company> = companies.iter().filter(is_unused).collect();
        let Some(first) = unused.first() else { return };
        let message = match unused.len() {
            1 => format!("no article names `{}`", first.name),
            count => format!("no article names {count} companies of the register"),
        };
        let mut diagnostic = self.at(
            Diagnostic::new(Code::UnusedCompany, message),
            first,
            &first.name,
            "",
        );
        if unused.len() > 1 {
            let mut names: Vec<String> = unused
                .iter()
                .take(SHOWN)
                .map(|company| format!("`{}`", company.name))
                .collect();
            if unused.len() > SHOWN {
                names.push(format!("and {} more", unused.len() - SHOWN));
            }
            diagnostic = diagnostic.help(names.join(", "));
        }
        found.push(diagnostic.help(
            "see whether they are spelled as in the articles; if they are there for later, write \
             `checks: {unused-company: off}` in brief.yaml",
        ));
    }

    /// One warning for all names that are everyday words while nothing tells when the company is meant.
    pub fn report_common_words(&self, found: &mut Diagnostics) {
        let is_open = |company: &&Company| {
            company.context.is_empty() && company.not.is_empty() && company.matching == Matching::Normal
        };
        let everyday = |company: &'_ Company| -> Vec<String> {
            let names = std::iter::once(&company.name)
                .chain(&company.aliases)
                .chain(&company.products);
            names.filter(|name| is_everyday(name)).cloned().collect()
        };
        let companies = self.register.companies().iter().filter(is_open);
        let names =
            companies.flat_map(|company| everyday(company).into_iter().map(move |name| (company, name)));
        let names: Vec<(&Company, String)> = names.collect();
        let Some((_, first)) = names.first() else { return };
        let message = match names.len() {
            1 => format!("`{first}` is an everyday word, and nothing tells when the company is meant"),
            2 => format!(
                "`{first}` and one more name are everyday words, and nothing tells when the companies are meant"
            ),
            count => format!(
                "`{first}` and {} more names are everyday words, and nothing tells when the companies are meant",
                count - 1
            ),
        };
        let mut diagnostic = Diagnostic::new(Code::CommonWordAlias, message);
        for (company, name) in names.iter().take(SHOWN) {
            diagnostic = self.at(diagnostic, company, name, "");
        }
        found.push(diagnostic.help(
            "add `context:` with words that stand near it when the company is meant, such as \
             `context: [shares, stores]`, or `not:` with phrases that never mean it",
        ));
    }

    /// Companies whose names have the same letters. `named` are the names in articles that the register
    /// does not hold.
    pub fn report_near_duplicates(
        &self,
        named: &[(&SourcePath, &Spotted)],
        locate: &dyn Fn(&SourcePath, &Spotted) -> Diagnostic,
        found: &mut Diagnostics,
    ) {
        let mut terms: BTreeMap<String, BTreeMap<String, Term<'_>>> = BTreeMap::new();
        for company in self.register.companies() {
            for name in std::iter::once(&company.name).chain(&company.aliases) {
                let group = terms.entry(letters(name)).or_default();
                group
                    .entry(company.slug.clone())
                    .or_insert_with(|| Term::registered(company, name));
            }
        }
        for (path, name) in named {
            let group = terms.entry(letters(&name.text)).or_default();
            let term = group
                .entry(slug(&name.text))
                .or_insert_with(|| Term::named(path, name));
            term.articles += 1;
        }
        // Two companies may have several names in common.
        let mut told = BTreeSet::new();
        for (_, group) in terms.into_iter().filter(|(letters, _)| !letters.is_empty()) {
            let slugs: Vec<String> = group.keys().cloned().collect();
            let mut terms: Vec<Term<'_>> = group.into_values().collect();
            let registered: Vec<&str> = terms
                .iter()
                .filter_map(|term| term.company)
                .map(|company| company.name.as_str())
                .collect();
            // "Did you mean" has said it.
            terms.retain(|term| {
                let nearest = || {
                    self.register
                        .nearest(term.name)
                        .first()
                        .is_some_and(|near| registered.contains(near))
                };
                term.company.is_some() || !nearest()
            });
            if terms.len() > 1 && told.insert(slugs) {
                found.push(self.near_duplicates(terms, locate));
            }
        }
    }

    fn near_duplicates(
        &self,
        mut terms: Vec<Term<'_>>,
        locate: &dyn Fn(&SourcePath, &Spotted) -> Diagnostic,
    ) -> Diagnostic {
        // Shown where it is rarest, and in the register last: there the other spellings end up.
        terms.sort_by_key(|term| {
            (
                term.company.is_some(),
                term.articles,
                std::cmp::Reverse(term.name),
            )
        });
        let names: Vec<String> = terms.iter().map(|term| format!("`{}`", term.name)).collect();
        let message = format!("{} look like one company", names.join(" and "));
        let mut diagnostic = Diagnostic::new(Code::CompanyNearDuplicate, message);
        for term in &terms {
            diagnostic = match (term.company, term.place) {
                (Some(company), _) => self.at(diagnostic, company, term.name, ""),
                (None, Some((path, name))) => {
                    diagnostic.labels.extend(locate(path, name).labels);
                    diagnostic
                }
                (None, None) => diagnostic,
            };
        }
        diagnostic.help(
            "write it in one way everywhere; other spellings go under `aliases` in content/companies.yaml",
        )
    }
}

/// A company under one of its names.
struct Term<'t> {
    name: &'t str,
    company: Option<&'t Company>,
    /// The first article that names it, if the register does not hold it.
    place: Option<(&'t SourcePath, &'t Spotted)>,
    articles: usize,
}

impl<'t> Term<'t> {
    fn registered(company: &'t Company, name: &'t str) -> Term<'t> {
        Term {
            name,
            company: Some(company),
            place: None,
            articles: 0,
        }
    }

    fn named(path: &'t SourcePath, name: &'t Spotted) -> Term<'t> {
        Term {
            name: &name.text,
            company: None,
            place: Some((path, name)),
            articles: 0,
        }
    }
}

/// Whether a name is a word of every day: "Gap", "Target". Oracle, apple and ampere stand in dictionaries
/// too; yet they are rare in the news, and who reads them with a capital thinks of the company. So this
/// is a short list, and not all that is a word.
fn is_everyday(name: &str) -> bool {
    // In capitals alone it is an abbreviation, and found only as such.
    let is_written_like_a_word = name.chars().skip(1).all(char::is_lowercase);
    is_written_like_a_word && EVERYDAY.contains(&name.to_lowercase().as_str())
}

/// Everyday words that are names of companies, or might be.
const EVERYDAY: &[&str] = &[
    "access",
    "action",
    "active",
    "advance",
    "alliance",
    "ally",
    "anchor",
    "arm",
    "arrival",
    "aspect",
    "base",
    "beacon",
    "bell",
    "best",
    "beyond",
    "bill",
    "block",
    "blend",
    "bolt",
    "book",
    "box",
    "brave",
    "bridge",
    "bright",
    "broad",
    "bumble",
    "cable",
    "canvas",
    "capital",
    "carbon",
    "care",
    "carrier",
    "chase",
    "chime",
    "circle",
    "citizens",
    "clear",
    "cloud",
    "coach",
    "compass",
    "core",
    "crane",
    "credit",
    "cross",
    "current",
    "dash",
    "data",
    "delta",
    "digital",
    "discover",
    "dominion",
    "edge",
    "energy",
    "epic",
    "equity",
    "everest",
    "express",
    "figure",
    "first",
    "flex",
    "focus",
    "fox",
    "frontier",
    "gap",
    "gas",
    "gen",
    "global",
    "gold",
    "green",
    "grab",
    "guess",
    "harmony",
    "here",
    "hinge",
    "home",
    "hood",
    "host",
    "hub",
    "ideal",
    "impact",
    "indeed",
    "insider",
    "key",
    "launch",
    "liberty",
    "life",
    "light",
    "limit",
    "link",
    "live",
    "loop",
    "lucid",
    "match",
    "max",
    "mercury",
    "metro",
    "monday",
    "motion",
    "next",
    "north",
    "notion",
    "nothing",
    "open",
    "orange",
    "origin",
    "people",
    "pool",
    "post",
    "power",
    "progressive",
    "public",
    "pure",
    "range",
    "reach",
    "root",
    "rocket",
    "saint",
    "scale",
    "shell",
    "sight",
    "signal",
    "slack",
    "snap",
    "sonic",
    "spark",
    "spirit",
    "spring",
    "sprint",
    "square",
    "stem",
    "stripe",
    "summit",
    "sun",
    "target",
    "time",
    "toast",
    "total",
    "travelers",
    "trip",
    "unity",
    "united",
    "universal",
    "upwork",
    "visa",
    "visible",
    "wave",
    "wise",
    "word",
    "zoom",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, report: impl Fn(&Entries<'_>, &mut Diagnostics), expected: &[&str]) {
        let file = SourcePath::new("content/companies.yaml").expect("a path");
        let mut found = Diagnostics::new();
        let register = Register::parse(&file, text, &mut found);
        let entries = Entries {
            register: &register,
            file: Some((file, text.to_owned())),
        };
        report(&entries, &mut found);
        let said = |problem: &Diagnostic| {
            let span = problem
                .labels
                .first()
                .and_then(|label| label.span)
                .unwrap_or_default();
            format!("{}: {}", &text[span.range_in(text)], problem.message)
        };
        assert_eq!(found.iter().map(said).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn everyday_words() {
        let report = |entries: &Entries<'_>, found: &mut Diagnostics| entries.report_common_words(found);
        check(
            "- name: Target\n- {name: Alphabet, products: [Home, Maps]}\n",
            report,
            &[
                "Target: `Target` and one more name are everyday words, and nothing tells when the companies are meant",
            ],
        );
        check(
            "- {name: Alphabet, products: [Home]}",
            report,
            &["Home: `Home` is an everyday word, and nothing tells when the company is meant"],
        );
        for text in [
            "- {name: Target, context: [stores]}",
            "- {name: Target, not: [target of]}",
            "- {name: Target, match: never}",
            "- {name: Oracle}\n- {name: GAP}\n- {name: Target Hospitality}",
        ] {
            check(text, report, &[]);
        }
    }

    #[test]
    fn unused_entries() {
        let text =
            "- name: Oracle\n- {name: Arm, parent: SoftBank}\n- name: SoftBank\n- name: IBM\n- name: Intel\n";
        check(
            text,
            |entries, found| entries.report_unused(&BTreeSet::from(["oracle", "arm"]), found),
            &["IBM: no article names 2 companies of the register"],
        );
        check(
            text,
            |entries, found| entries.report_unused(&BTreeSet::from(["oracle", "arm", "ibm", "intel"]), found),
            &[],
        );
    }

    #[test]
    fn companies_of_the_same_letters() {
        let report = |entries: &Entries<'_>, found: &mut Diagnostics| {
            entries.report_near_duplicates(&[], &|_, _| Diagnostic::new(Code::BrokenLink, ""), found);
        };
        check(
            "- name: Hugging Face\n- name: Nvidia\n- name: huggingface\n- name: Nvidia Corp\n",
            report,
            &[
                "huggingface: `huggingface` and `Hugging Face` look like one company",
                "Nvidia Corp: `Nvidia Corp` and `Nvidia` look like one company",
            ],
        );
        check(
            "- {name: Hugging Face, aliases: [HF Inc]}\n- {name: huggingface, aliases: [HF]}\n",
            report,
            &["HF Inc: `HF Inc` and `HF` look like one company"],
        );
        check(
            "- {name: Hugging Face, aliases: [huggingface]}\n- name: Meta Platforms\n- name: Meta Materials\n",
            report,
            &[],
        );
    }
}
