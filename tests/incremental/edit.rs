//! What may happen between two builds.

use crate::model::{Edition, Model, SETTINGS};

/// One thing that happens. The bytes choose to what and how, 0 being the plainest.
#[derive(Clone, Debug)]
pub struct Edit {
    pub kind: Kind,
    pub bytes: [u8; 24],
}

macro_rules! kinds {
    ($($kind:ident),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($kind),* }

        impl Kind {
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];
        }
    };
}

kinds! {
    // The sources.
    Touch,
    Body,
    Title,
    Date,
    Slug,
    Summary,
    Mention,
    Link,
    Piece,
    Companies,
    Topics,
    Authors,
    Correction,
    Draft,
    Noindex,
    Publish,
    Expires,
    Importance,
    Image,
    Extra,
    OldAddress,
    Models,
    Create,
    Delete,
    Rename,
    Move,
    Alias,
    Register,
    RenameCompany,
    Sector,
    Ticker,
    Parent,
    Never,
    Profile,
    PageThere,
    PageTitle,
    PageNav,
    PageText,
    PageNoindex,
    PageSlug,
    EditionThere,
    EditionTitle,
    EditionStories,
    Probe,
    Template,
    Setting,
    Data,
    Picture,
    Static,
    SameSizeAndTime,
    // An article is written while a build is under way.
    Meanwhile,
    Break,
    Mend,
    // What the command is asked for.
    Clock,
    Drafts,
    Future,
    BaseUrl,
    // The output.
    OutputDeleted,
    OutputTruncated,
    OutputOverwritten,
    OutputReplacedByFolder,
    OutputTouched,
    OutputEmptied,
    OlderOutput,
    // What brief keeps.
    CacheDeleted,
    CacheTruncated,
    CacheFlipped,
    CacheGarbage,
    OlderCache,
    OlderState,
    ManifestOfStateDeleted,
    ManifestOfOutputDeleted,
    StateDeleted,
    Leftovers,
    // The last build was killed while it put its files into place.
    Killed,
}

impl Edit {
    /// Changes the model; `false` where the edit is about something else.
    pub fn change(&self, model: &mut Model) -> bool {
        let [which, how, more, ..] = self.bytes;
        match self.kind {
            Kind::Create => model.create(&self.bytes),
            Kind::Delete => {
                if model.articles.len() > 1 {
                    let index = usize::from(which) % model.articles.len();
                    model.articles.remove(index);
                }
            }
            Kind::Alias => model.company(which).alias = how,
            Kind::Register => flip(&mut model.company(which).is_registered),
            Kind::RenameCompany => model.company(which).renamed = how,
            Kind::Sector => model.company(which).sector = how,
            Kind::Ticker => flip(&mut model.company(which).ticker),
            Kind::Parent => model.company(which).parent = how,
            Kind::Never => flip(&mut model.company(which).never),
            Kind::Profile => model.company(which).profile = how,
            Kind::Probe => {
                let index = usize::from(which) % model.probes.len();
                flip(&mut model.probes[index]);
            }
            Kind::Template => {
                let index = usize::from(which) % model.templates.len();
                model.templates[index] = how;
            }
            Kind::Setting => model.settings.0[usize::from(which) % SETTINGS] = how,
            Kind::Data => model.data[usize::from(which) % 2] = how,
            Kind::Picture => model.pictures[usize::from(which) % 3][usize::from(how) % 2] = more % 8,
            Kind::Static => model.statics[usize::from(which) % 4] = how % 8,
            Kind::Break => model.broken = Some(which),
            Kind::Mend => model.broken = None,
            _ => return self.change_article(model) || self.change_page(model),
        }
        true
    }

    fn change_article(&self, model: &mut Model) -> bool {
        let [which, how, more, piece, ..] = self.bytes;
        let Some(article) = model.article(which) else {
            return false;
        };
        match self.kind {
            Kind::Body | Kind::SameSizeAndTime | Kind::Meanwhile => {
                article.version = (article.version + 1) % 10
            }
            Kind::Title => article.title = how,
            Kind::Date => article.day = how,
            Kind::Slug => article.slug = how,
            Kind::Summary => article.summary = how,
            Kind::Mention => article.pieces.push((1, how)),
            Kind::Link => article.pieces.push((6 + more % 2, how)),
            Kind::Piece => {
                let index = usize::from(piece) % (article.pieces.len() + 1);
                match article.pieces.get_mut(index) {
                    Some(piece) => *piece = (how, more),
                    None => article.pieces.push((how, more)),
                }
            }
            Kind::Companies => article.companies = (how, more),
            Kind::Topics => article.topics = how,
            Kind::Authors => article.authors = how,
            Kind::Correction => article.correction = how,
            Kind::Draft => flip(&mut article.draft),
            Kind::Noindex => flip(&mut article.noindex),
            Kind::Publish => article.publish = how,
            Kind::Expires => article.expires = how,
            Kind::Importance => article.importance = how,
            Kind::Image => article.image = how,
            Kind::Extra => article.extra = how,
            Kind::OldAddress => article.alias = how,
            Kind::Models => article.models = how,
            Kind::Rename => article.name = how,
            Kind::Move => article.folder = how,
            _ => return false,
        }
        true
    }

    fn change_page(&self, model: &mut Model) -> bool {
        let [which, how, more, ..] = self.bytes;
        let page = &mut model.pages[usize::from(which) % 3];
        let edition = &mut model.editions[usize::from(which) % 3];
        match self.kind {
            Kind::PageThere => flip(&mut page.is_there),
            Kind::PageTitle => page.title = how,
            Kind::PageNav => (page.nav, page.order) = (how, more),
            Kind::PageText => page.text = how,
            Kind::PageNoindex => flip(&mut page.noindex),
            Kind::PageSlug => flip(&mut page.slug),
            Kind::EditionThere => {
                *edition = match edition {
                    Some(_) => None,
                    None => Some(Edition::default()),
                }
            }
            Kind::EditionTitle => {
                let edition = edition.get_or_insert_default();
                (edition.title, edition.summary, edition.text) = (how, more, self.bytes[3]);
            }
            Kind::EditionStories => {
                let edition = edition.get_or_insert_default();
                (edition.lead, edition.entry, edition.exclude) = (how % 4, more % 4, self.bytes[3] % 2);
            }
            _ => return false,
        }
        true
    }
}

fn flip(value: &mut bool) {
    *value = !*value;
}
