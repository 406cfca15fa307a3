//! The register, content/companies.yaml: what is known about companies.

use std::collections::BTreeMap;

use super::yaml::{self, Document, Fields, Node};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding::{Encode, encoded};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, slug};
use crate::ground::span::Span;
use crate::ground::text::{one_line, web_address};

/// The register's file.
pub const FILE: &str = "content/companies.yaml";

/// One company of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Company {
    /// The name, shown byte for byte as it is written.
    pub name: String,
    /// Its part of addresses.
    pub slug: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Products, which imply the company.
    pub products: Vec<String>,
    /// People, who imply the company.
    pub people: Vec<String>,
    /// `NASDAQ:MSFT`.
    pub tickers: Vec<String>,
    /// An absolute address.
    pub website: Option<String>,
    /// What it does.
    pub sector: Option<String>,
    /// Where it sits.
    pub country: Option<String>,
    /// The company it belongs to.
    pub parent: Option<String>,
    /// Its item on Wikidata, `Q2283`.
    pub wikidata: Option<String>,
    /// One line about it.
    pub about: Option<String>,
    /// How its name is looked for.
    pub matching: Matching,
    /// Words that support an ambiguous name.
    pub context: Vec<String>,
    /// Phrases that are never this company.
    pub not: Vec<String>,
}

/// `match:`, how a name is looked for in text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matching {
    /// As the tagger judges.
    #[default]
    Normal,
    /// In exactly this spelling.
    Exact,
    /// Not at all: only `companies:` tags it.
    Never,
}

/// All companies that the site knows facts about, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    companies: Vec<Company>,
    /// Folded names, aliases and slugs to the company's index.
    by_name: BTreeMap<String, usize>,
}

/// Slugs that the site needs itself.
const RESERVED_SLUGS: [&str; 2] = ["map", "index"];

encoded!(enum Matching { 0 => Normal, 1 => Exact, 2 => Never });
encoded!(struct Company {
    name, slug, aliases, products, people, tickers, website, sector, country, parent, wikidata, about, matching,
    context, not,
});

impl Register {
    /// Reads the register; what is wrong goes to `found`.
    pub fn parse(file: &SourcePath, text: &str, found: &mut Diagnostics) -> Register {
        let mut register = Register::default();
        let visible = text.trim_start_matches('\u{feff}');
        let Some(document) = yaml::parse(file, visible, text.len() - visible.len(), found) else {
            return register;
        };
        let mut claims = Claims {
            file,
            document: &document,
            taken: BTreeMap::new(),
        };
        if let Some(list) = entries(&document, found) {
            for node in list {
                if let Some(company) = read_company(&document, node, found) {
                    claims.check(node, &company, found);
                    register.add(company);
                }
            }
        }
        register
    }

    /// Adds what the front matter of a profile says: the same keys as in the register, which wins.
    /// A profile of a company outside the register adds it only if it gives a name.
    pub fn add_profile(&mut self, document: &Document, slug: &str, found: &mut Diagnostics) {
        let known = self.by_name.get(&slug_key(slug)).copied();
        let Some(profile) = read_facts(document, document.root(), found) else {
            return;
        };
        match known {
            Some(index) => self.companies[index].complete(profile),
            None if !profile.name.is_empty() => self.add(Company {
                slug: slug.to_owned(),
                ..profile
            }),
            None => {}
        }
    }

    /// The companies in the order of the file.
    pub fn companies(&self) -> &[Company] {
        &self.companies
    }

    /// What tells that articles are read alike: all but the facts that only pages show.
    pub fn reading_mark(&self) -> Fingerprint {
        Fingerprint::of_encoded(|encoder| {
            for company in &self.companies {
                let Company {
                    name,
                    slug,
                    aliases,
                    products,
                    people,
                    tickers,
                    matching,
                    context,
                    not,
                    website: _,
                    sector: _,
                    country: _,
                    parent: _,
                    wikidata: _,
                    about: _,
                } = company;
                name.encode(encoder);
                slug.encode(encoder);
                for names in [aliases, products, people, tickers, context, not] {
                    names.encode(encoder);
                }
                matching.encode(encoder);
            }
        })
    }

    /// Whether the site has no register at all.
    pub fn is_empty(&self) -> bool {
        self.companies.is_empty()
    }

    /// The company of a name, an alias or a slug, in any case.
    pub fn find(&self, name: &str) -> Option<&Company> {
        self.position(name).map(|index| &self.companies[index])
    }

    /// The index of the company of a name, an alias or a slug, in any case.
    pub fn position(&self, name: &str) -> Option<usize> {
        let folded = fold_name(name);
        let index = self
            .by_name
            .get(&folded)
            .or_else(|| self.by_name.get(&slug_key(&slug(name))));
        index.copied()
    }

    /// The company of a slug.
    pub fn find_slug(&self, slug: &str) -> Option<&Company> {
        self.by_name
            .get(&slug_key(slug))
            .map(|&index| &self.companies[index])
    }

    /// The nearest known names, best first, for "did you mean".
    pub fn nearest(&self, name: &str) -> Vec<&str> {
        let wanted = fold_name(name);
        let names = self.companies.iter().flat_map(|company| {
            std::iter::once(&company.name)
                .chain(&company.aliases)
                .map(|known| (known, &company.name))
        });
        let mut scored: Vec<(f64, &str)> = names
            .map(|(known, shown)| (strsim::jaro_winkler(&fold_name(known), &wanted), shown.as_str()))
            .filter(|&(score, _)| score > 0.88)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        scored.dedup_by(|a, b| a.1 == b.1);
        scored.into_iter().take(3).map(|(_, name)| name).collect()
    }

    fn add(&mut self, company: Company) {
        let index = self.companies.len();
        let names = std::iter::once(&company.name).chain(&company.aliases);
        let keys = names.map(|name| fold_name(name)).chain([slug_key(&company.slug)]);
        for key in keys {
            self.by_name.entry(key).or_insert(index);
        }
        self.companies.push(company);
    }
}

impl Company {
    /// All that texts may call it: its name, other names, products, people and the symbols of its shares.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        let symbols = self.tickers.iter().filter_map(|ticker| ticker.rsplit(':').next());
        std::iter::once(&self.name)
            .chain(&self.aliases)
            .chain(&self.products)
            .chain(&self.people)
            .map(String::as_str)
            .chain(symbols)
    }

    /// Takes over facts that are missing here.
    fn complete(&mut self, other: Company) {
        let fill = |own: &mut Option<String>, other: Option<String>| *own = own.take().or(other);
        fill(&mut self.website, other.website);
        fill(&mut self.sector, other.sector);
        fill(&mut self.country, other.country);
        fill(&mut self.parent, other.parent);
        fill(&mut self.wikidata, other.wikidata);
        fill(&mut self.about, other.about);
        if self.tickers.is_empty() {
            self.tickers = other.tickers;
        }
    }
}

/// The form in which names are compared: NFC, lower case, white space folded.
pub fn fold_name(name: &str) -> String {
    crate::ground::path::fold(&one_line(name))
}

/// Slugs and names are looked up in one table; a slug is marked so that it cannot be taken for a
/// name that looks like it.
fn slug_key(slug: &str) -> String {
    format!("/{slug}")
}

/// The list under `companies`, or the bare list.
fn entries<'d>(document: &'d Document, found: &mut Diagnostics) -> Option<&'d [Node]> {
    if let Some(list) = document.root().as_list() {
        return Some(list);
    }
    let mut fields = Fields::new(document, document.root(), "the register");
    let list = fields.list(&["companies"]);
    found.extend(fields.finish());
    list
}

fn read_company(document: &Document, node: &Node, found: &mut Diagnostics) -> Option<Company> {
    if let Some(read) = node.as_text() {
        // A name alone is the short form.
        let name = one_line(read);
        return Some(Company {
            slug: slug(&name),
            name,
            ..Company::default()
        })
        .filter(|company| !company.slug.is_empty());
    }
    let company = read_facts(document, node, found)?;
    if company.name.is_empty() {
        found.push(
            Diagnostic::new(Code::BadValue, "this company has no `name`")
                .at(document.file(), document.place(node))
                .help("add a line such as `name: Oracle`"),
        );
        return None;
    }
    Some(company).filter(|company| !company.slug.is_empty())
}

/// The keys of a company; its slug is empty where it has none that can be used.
fn read_facts(document: &Document, node: &Node, found: &mut Diagnostics) -> Option<Company> {
    let mut fields = Fields::new(document, node, "a company");
    let name = fields.text(&["name"]);
    let given_slug = fields.text(&["slug"]);
    let mut list = |names: &[&'static str]| -> Vec<String> {
        fields
            .texts(names)
            .unwrap_or_default()
            .into_iter()
            .map(|item| one_line(&item.value))
            .collect()
    };
    let mut company = Company {
        aliases: list(&["aliases"]),
        products: list(&["products"]),
        people: list(&["people"]),
        tickers: list(&["tickers", "ticker"]),
        context: list(&["context"]),
        not: list(&["not"]),
        ..Company::default()
    };
    let mut line = |name: &'static str| fields.text(&[name]).map(|text| one_line(&text.value));
    company.sector = line("sector");
    company.country = line("country");
    company.parent = line("parent");
    company.wikidata = line("wikidata");
    company.about = line("about");
    let matchings = [("exact", Matching::Exact), ("never", Matching::Never)];
    company.matching = fields
        .choice(&["match"], &matchings)
        .map_or(Matching::Normal, |matching| matching.value);
    if let Some(website) = fields.text(&["website"]) {
        if website.value.starts_with("https://") || website.value.starts_with("http://") {
            company.website = Some(web_address(&website.value).into_owned());
        } else if is_host(&website.value) {
            company.website = Some(format!("https://{}", website.value));
        } else {
            let message = "the address of a company's site must start with `https://`";
            fields.report(Code::BadValue, website.node, message, "give the full address");
        }
    }
    company.name = name.map(|name| one_line(&name.value)).unwrap_or_default();
    let raw_slug = given_slug
        .as_ref()
        .map_or(company.name.as_str(), |slug| slug.value.as_str());
    company.slug = slug(raw_slug);
    let place = given_slug.as_ref().map_or(node, |slug| slug.node);
    if company.slug.is_empty() && !company.name.is_empty() {
        let message = format!("`{}` gives no slug", company.name);
        fields.report(
            Code::BadSlug,
            place,
            message,
            "add a line such as `slug: the-company`",
        );
    }
    if RESERVED_SLUGS.contains(&company.slug.as_str()) || (given_slug.is_some() && raw_slug.contains("--")) {
        let message = format!(
            "the slug `{}` is needed for the site's own pages",
            one_line(raw_slug)
        );
        let help = format!("add a line such as `slug: {}-company`", company.slug);
        fields.report(Code::BadSlug, place, message, help);
        company.slug.clear();
    }
    found.extend(fields.finish());
    Some(company)
}

/// Whether an address is only short of its scheme: `oracle.com/news`.
fn is_host(address: &str) -> bool {
    let host = address.split('/').next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let is_label =
        |label: &&str| !label.is_empty() && label.chars().all(|sign| sign.is_alphanumeric() || sign == '-');
    let has_domain = labels
        .last()
        .is_some_and(|last| last.len() > 1 && last.chars().all(char::is_alphabetic));
    labels.len() > 1 && labels.iter().all(is_label) && has_domain && !address.contains(char::is_whitespace)
}

/// Which company claims which name, to find two that claim the same.
struct Claims<'d> {
    file: &'d SourcePath,
    document: &'d Document,
    /// Folded names and slugs to the company's name, its entry, and the name as it is written.
    taken: BTreeMap<String, (String, &'d Node, String)>,
}

impl<'d> Claims<'d> {
    fn check(&mut self, node: &'d Node, company: &Company, found: &mut Diagnostics) {
        let mut own = vec![(fold_name(&company.name), "name", company.name.clone())];
        own.extend(
            company
                .aliases
                .iter()
                .map(|alias| (fold_name(alias), "alias", alias.clone())),
        );
        own.push((slug_key(&company.slug), "slug", company.slug.clone()));
        own.sort();
        own.dedup_by(|a, b| a.0 == b.0);
        let mut conflict = false;
        for (key, what, shown) in own {
            match self.taken.get(&key) {
                // One diagnostic a pair is enough: a shared name is a shared slug too.
                Some(other) if !conflict => {
                    conflict = true;
                    found.push(self.conflict(node, company, what, &shown, other));
                }
                Some(_) => {}
                None => {
                    self.taken.insert(key, (company.name.clone(), node, shown));
                }
            }
        }
    }

    fn conflict(
        &self,
        node: &Node,
        company: &Company,
        what: &str,
        shown: &str,
        (other, other_node, other_shown): &(String, &Node, String),
    ) -> Diagnostic {
        let name = &company.name;
        let place = place_of_text(self.document, node, shown);
        let other_place = place_of_text(self.document, other_node, other_shown);
        Diagnostic::new(
            Code::RegisterConflict,
            format!("`{other}` and `{name}` both claim the {what} `{shown}`"),
        )
        .at_with(self.file, place, format!("claimed by `{name}`"))
        .at_with(self.file, other_place, format!("claimed by `{other}` already"))
        .help(if what == "slug" {
            "give one of them another `slug`"
        } else {
            "keep it with the one company that readers mean by it"
        })
    }
}

/// Where the register's file says a name of a company; `None` where it does not hold the company.
pub fn place_of_name(file: &SourcePath, text: &str, company: &str, name: &str) -> Option<Span> {
    let mut ignored = Diagnostics::new();
    let visible = text.trim_start_matches('\u{feff}');
    let document = yaml::parse(file, visible, text.len() - visible.len(), &mut ignored)?;
    let is_it = |node: &&Node| {
        let named = node
            .as_map()
            .into_iter()
            .flatten()
            .find(|(key, _)| key.name == "name");
        let own = named.map_or(*node, |(_, name)| name).as_text();
        own.is_some_and(|own| one_line(own) == company)
    };
    let entry = entries(&document, &mut ignored)?.iter().find(is_it)?;
    Some(place_of_text(&document, entry, name))
}

/// The place of a name within a company's entry; the entry as a whole for a slug made from a name.
fn place_of_text(document: &Document, node: &Node, text: &str) -> Span {
    fn search<'n>(node: &'n Node, text: &str) -> Option<&'n Node> {
        if node.as_text().is_some_and(|own| one_line(own) == text) {
            return Some(node);
        }
        let in_list = node
            .as_list()
            .into_iter()
            .flatten()
            .find_map(|item| search(item, text));
        in_list.or_else(|| {
            node.as_map()
                .into_iter()
                .flatten()
                .find_map(|(_, value)| search(value, text))
        })
    }
    document.place(search(node, text).unwrap_or(node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_short_of_its_scheme() {
        let check = |written: &str, expected: Option<&str>| {
            let file = SourcePath::new(FILE).expect("a path");
            let text = format!("- {{name: A, website: {written}}}\n");
            let mut found = Diagnostics::new();
            let register = Register::parse(&file, &text, &mut found);
            let website = register.companies()[0].website.as_deref();
            assert_eq!(website, expected, "{written}");
            assert_eq!(found.has_errors(), expected.is_none(), "{written}");
        };
        check("https://a.example/", Some("https://a.example/"));
        check("http://a.example", Some("http://a.example"));
        check("a.example", Some("https://a.example"));
        check("www.a-b.example/über", Some("https://www.a-b.example/über"));
        check("\"javascript:alert(1)\"", None);
        check("A", None);
        check("\"a.example b\"", None);
        check("1.5", None);
        check("mailto.x:y.example", None);
    }
}
