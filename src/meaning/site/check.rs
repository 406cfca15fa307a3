//! The check: what is wrong with the articles of a site taken together.

use std::collections::BTreeMap;

use super::taxonomy::{Taxonomy, Term};
use super::{ArticleIndex, COMPANIES, Site};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::SourcePath;
use crate::reading::company::Register;
use crate::reading::front_matter::{Spot, Spotted};

impl Site {
    /// Reports companies that the register does not hold, terms that are spelled in several ways,
    /// and ids that two articles have.
    ///
    /// `locate` gives a diagnostic that carries only the place of a front matter value.
    pub fn check(&self, locate: &dyn Fn(&SourcePath, Spot) -> Diagnostic, found: &mut Diagnostics) {
        let names = |index| {
            let article = self.entry(index);
            let is_told = !article.checks.silences(Code::UnknownCompany);
            let names = article.unknown_companies.iter().filter(move |_| is_told);
            names.map(|name| (&article.summary.path, name))
        };
        let unknown: Vec<(&SourcePath, &Spotted)> = self.all().flat_map(names).collect();
        report_unknown_companies(&self.register, &unknown, locate, found);
        for number in 0..self.taxonomies.len() {
            self.report_spellings(number, found);
        }
        self.report_duplicate_ids(locate, found);
    }

    /// All terms of a taxonomy that are spelled in several ways, in one warning; it shows an article
    /// with the rarest spelling of each.
    fn report_spellings(&self, number: usize, found: &mut Diagnostics) {
        let Taxonomy { name, .. } = &self.taxonomies[number];
        let code = if name == COMPANIES {
            Code::CompanySpelling
        } else {
            Code::TermSpelling
        };
        let terms = self.taxonomies[number].terms().iter();
        let rivals = terms.filter(|term| term.spellings.len() > 1).map(|term| {
            let spellings = term.spellings.iter();
            let rarest = spellings.min_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
            let article = rarest.and_then(|(spelling, _)| self.first_with_spelling(number, term, spelling));
            (term, article)
        });
        let is_told = |article: Option<ArticleIndex>| {
            article.is_none_or(|article| !self.entry(article).checks.silences(code))
        };
        let rivals: Vec<(&Term, Option<ArticleIndex>)> =
            rivals.filter(|(_, article)| is_told(*article)).collect();
        if rivals.is_empty() {
            return;
        }
        const SHOWN: usize = 20;
        let mut diagnostic = Diagnostic::new(code, format!("{name} are spelled in several ways"));
        for (term, article) in rivals.into_iter().take(SHOWN) {
            let spellings = &term.spellings;
            let list: Vec<String> = spellings
                .iter()
                .map(|(name, count)| format!("`{name}` ({count})"))
                .collect();
            if let Some(article) = article {
                diagnostic = diagnostic.in_file(&self.summary(article).path);
            }
            diagnostic = diagnostic.help(list.join(", "));
        }
        found.push(diagnostic.help("write each in one way; the commonest spelling is shown"));
    }

    /// The first article that spells a term in this way.
    fn first_with_spelling(&self, number: usize, term: &Term, spelling: &str) -> Option<ArticleIndex> {
        let is_spelled = |&index: &ArticleIndex| {
            let summary = self.summary(index);
            match number.checked_sub(1) {
                None => {
                    let mut tags = summary.companies.iter();
                    tags.any(|tag| tag.slug == term.slug && &*tag.name == spelling)
                }
                Some(number) => {
                    let names = Site::names(summary).nth(number).unwrap_or_default();
                    names.iter().any(|name| &**name == spelling)
                }
            }
        };
        let first = |list: &[ArticleIndex]| list.iter().copied().find(is_spelled);
        [first(&term.articles), first(&term.passing)]
            .into_iter()
            .flatten()
            .min()
    }

    fn report_duplicate_ids(
        &self,
        locate: &dyn Fn(&SourcePath, Spot) -> Diagnostic,
        found: &mut Diagnostics,
    ) {
        let mut by_id: BTreeMap<&str, ArticleIndex> = BTreeMap::new();
        for (index, article) in self.all().map(|index| (index, self.entry(index))) {
            let summary = &article.summary;
            let Some(other) = by_id.insert(&summary.id, index) else {
                continue;
            };
            let mut both = [other, index];
            both.sort_by_key(|&index| std::cmp::Reverse(&self.summary(index).path));
            let mut diagnostic = Diagnostic::new(
                Code::DuplicateId,
                format!("two articles have the id `{}`", summary.id),
            );
            for index in both {
                let article = self.entry(index);
                let path = &article.summary.path;
                match article.spots.id {
                    Some(spot) => diagnostic.labels.extend(locate(path, spot).labels),
                    None => diagnostic = diagnostic.in_file(path),
                }
            }
            let help = "feed readers tell articles apart by their id; give one of them another, or none";
            found.push(diagnostic.help(help));
        }
    }
}

/// All companies that articles name and the register does not hold, in one warning.
fn report_unknown_companies(
    register: &Register,
    unknown: &[(&SourcePath, &Spotted)],
    locate: &dyn Fn(&SourcePath, Spot) -> Diagnostic,
    found: &mut Diagnostics,
) {
    if register.is_empty() || unknown.is_empty() {
        return;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, name) in unknown {
        *counts.entry(name.text.as_str()).or_default() += 1;
    }
    // The commonest first; a name is compared with the whole register only if it is shown.
    const SHOWN: usize = 20;
    let mut names: Vec<(&str, usize)> = counts.iter().map(|(name, count)| (*name, *count)).collect();
    names.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
    let line = |&(name, count): &(&str, usize)| {
        let articles = if count == 1 {
            "1 article".to_owned()
        } else {
            format!("{count} articles")
        };
        match register.nearest(name)[..] {
            [] => format!("`{name}` in {articles}"),
            [nearest, ..] => format!("`{name}` in {articles}; did you mean `{nearest}`?"),
        }
    };
    let mut lines: Vec<String> = names.iter().take(SHOWN).map(line).collect();
    if names.len() > SHOWN {
        lines.push(format!("and {} more", names.len() - SHOWN));
    }
    let message = match counts.len() {
        1 => "the register does not hold a company that articles name".to_owned(),
        several => format!("the register does not hold {several} companies that articles name"),
    };
    let mut diagnostic = Diagnostic::new(Code::UnknownCompany, message);
    // The first place by path: the whole list stands in the help.
    let first = unknown.iter().min_by_key(|(path, name)| (*path, name.spot));
    if let Some((path, name)) = first {
        diagnostic.labels = locate(path, name.spot).labels;
    }
    for line in lines {
        diagnostic = diagnostic.help(line);
    }
    found.push(diagnostic.help("add them to content/companies.yaml, or write the name as the register does"));
}
