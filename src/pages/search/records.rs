//! Records: what a result of the search shows of an article, a line each.

use super::is_listed;
use crate::ground::text::one_line;
use crate::meaning::segment::Segment;
use crate::meaning::site::{COMPANIES, Site};
use crate::reading::tagging::Salience;
use crate::reading::wording::Style;

/// A block: address, day, the day in words, companies, headline and summary, divided by tabulators. An article that the
/// search may not find has an empty line.
pub fn bytes(site: &Site, segment: Segment, block: u16) -> Vec<u8> {
    let mut out = String::new();
    for index in segment.block(site, block) {
        if is_listed(site, index) {
            let summary = site.summary(index);
            let companies = site.taxonomy(COMPANIES);
            let names: Vec<String> = summary
                .companies
                .iter()
                .filter(|tag| tag.salience != Salience::Passing || site.config.companies.count_passing)
                .map(|tag| {
                    let term = companies.and_then(|companies| companies.term(&tag.slug));
                    one_line(term.map_or(&tag.name, |term| &term.name))
                })
                .collect();
            let fields = [
                summary.url.as_str().trim_start_matches('/').to_owned(),
                summary.date.day.to_string(),
                one_line(&site.config.wording.date(summary.date.local(), Style::Long)),
                names.join(" · "),
                one_line(&summary.title),
                one_line(&summary.description),
            ];
            out.push_str(&fields.join("\t"));
        }
        out.push('\n');
    }
    out.into_bytes()
}
