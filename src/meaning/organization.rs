//! Organizations: who a company is, beyond its name, for machines that know it elsewhere.

use tera::{Map, Value};

use super::site::{COMPANIES, Site};
use super::target::has_company_page;

/// What tells a machine which company is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization<'s> {
    /// Its name as readers see it.
    pub name: &'s str,
    /// Whether the site has a page about it.
    pub has_page: bool,
    /// Its own website.
    pub website: Option<&'s str>,
    /// Its item on Wikidata, `Q2283`.
    pub wikidata: Option<&'s str>,
    /// Its symbols with their exchanges, `NASDAQ:MSFT`.
    pub tickers: &'s [String],
}

impl Site {
    /// Who a company is; `None` for one that nobody names.
    pub fn organization(&self, slug: &str) -> Option<Organization<'_>> {
        let term = self.taxonomy(COMPANIES)?.term(slug)?;
        let known = self.register.find_slug(slug);
        Some(Organization {
            name: &term.name,
            has_page: has_company_page(self, slug),
            website: known.and_then(|company| company.website.as_deref()),
            wikidata: known.and_then(|company| company.wikidata.as_deref()),
            tickers: known.map_or(&[], |company| &company.tickers),
        })
    }
}

impl Organization<'_> {
    /// The answer to the question who a company is.
    pub fn value(&self) -> Value {
        let tickers: Vec<Value> = self
            .tickers
            .iter()
            .map(|ticker| Value::normal_string(ticker))
            .collect();
        let mut map = Map::default();
        map.insert("name".into(), Value::normal_string(self.name));
        map.insert("has_page".into(), self.has_page.into());
        map.insert("website".into(), self.website.map(str::to_owned).into());
        map.insert("wikidata".into(), self.wikidata.map(str::to_owned).into());
        map.insert("tickers".into(), tickers.into());
        Value::from(map)
    }
}
