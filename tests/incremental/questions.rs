//! Questions: all that is worth asking of a site.

use std::collections::BTreeSet;
use std::sync::Arc;

use brief::meaning::edition::Cadence;
use brief::meaning::question::{Question, TermOrder};
use brief::meaning::site::Site;
use brief::pages::page::Renderer;
use brief::pages::plan::Plan;
use brief::pages::templates::Engine;

/// Everything that the pages of a site ask, and what only templates of a site's own would ask.
pub fn questions(site: &Arc<Site>, plan: &Plan, engine: &Engine, asked: &mut BTreeSet<Question>) {
    let renderer = Renderer { site, engine, plan };
    for planned in plan.pages() {
        if let Some(Ok(page)) = renderer.render(planned) {
            asked.extend(page.trace.questions);
        }
    }
    for index in site.all() {
        let path = &site.summary(index).path;
        asked.insert(Question::Url(path.clone()));
        asked.insert(Question::Related(path.clone(), 1));
    }
    asked.extend(site.assets.keys().cloned().map(Question::Asset));
    asked.extend(
        site.hand_made
            .values()
            .map(|edition| Question::Url(edition.path.clone())),
    );
    for taxonomy in site.taxonomies() {
        for order in [TermOrder::Name, TermOrder::Count, TermOrder::Recent] {
            asked.insert(Question::Terms {
                taxonomy: taxonomy.name.clone(),
                order,
                limit: 3,
            });
        }
        for term in taxonomy.terms() {
            for other in taxonomy.terms() {
                asked.insert(Question::Pair(term.slug.to_string(), other.slug.to_string()));
            }
            let (taxonomy, slug) = (taxonomy.name.clone(), term.slug.to_string());
            asked.insert(Question::CoMentions(slug.clone(), 2));
            asked.insert(Question::Coverage(slug.clone(), 2));
            asked.insert(Question::Weeks(slug.clone(), 2));
            asked.insert(Question::Months {
                taxonomy: taxonomy.clone(),
                slug: slug.clone(),
            });
            asked.insert(Question::Term { taxonomy, slug });
        }
    }
    asked.insert(Question::Editions(Cadence::Weekly, 1));
    asked.extend([2, 500].map(Question::Network));
    asked.extend([1, 28].map(|days| Question::InTheNews { days, limit: 2 }));
}
