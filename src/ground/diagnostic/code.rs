//! The kinds of problems, each with its name, its usual severity and one line that explains it.
//!
//! The table is the only list: the names in messages, the `checks:` setting and the test that asks
//! for one bad site per code all read it.

use super::Severity;
use crate::ground::encoding::{Decode, Decoder, Encode, Encoder};

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $meaning:literal)*) => {
        /// The kind of a problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The code of a name.
            pub fn named(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The name printed in brackets and used in settings.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// How severe it is unless the site says otherwise.
            pub fn default_severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// What it means, in one line.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning,)* }
            }
        }
    };
}

codes! {
    // Reading files
    UnreadableFile "unreadable-file" Error "a file or folder could not be read"
    FileTooLarge "file-too-large" Error "a source file is larger than the limit"
    InvalidUtf8 "invalid-utf8" Error "a source file is not valid UTF-8"
    NulByte "nul-byte" Error "a source file contains a NUL byte"
    UnportableName "unportable-name" Error "a file name that Windows or macOS cannot hold"
    StrayFile "stray-file" Warning "a Markdown file that brief does not read"
    LinkOutside "link-outside" Warning "a symbolic link leads out of the site folder and is left out"
    // YAML
    YamlSyntax "yaml-syntax" Error "YAML that cannot be read"
    YamlDuplicateKey "yaml-duplicate-key" Error "a key is given twice"
    UnknownKey "unknown-key" Warning "a key that means nothing here"
    WrongType "wrong-type" Error "a value of the wrong type"
    BadValue "bad-value" Error "a value that is not among those allowed"
    UnclosedFrontMatter "unclosed-front-matter" Error "front matter that is opened and never closed"
    NotEdited "not-edited" Error "front matter that the program cannot change without harm"
    // Articles
    MissingTitle "missing-title" Error "an article without a headline"
    MissingDate "missing-date" Error "an article without a date"
    BadDate "bad-date" Error "a date that does not exist or cannot be read"
    BadSlug "bad-slug" Error "a slug that cannot be part of an address"
    BadAlias "bad-alias" Error "an alias that leaves the site or cannot be an address"
    DuplicateId "duplicate-id" Error "two articles with the same id"
    // Companies
    UnknownCompany "unknown-company" Warning "companies that the register does not hold"
    CompanySpelling "company-spelling" Warning "one company spelled in several ways"
    TermSpelling "term-spelling" Warning "one topic or author spelled in several ways"
    RegisterConflict "register-conflict" Error "two companies of the register claim one name"
    EmptyRegister "empty-register" Error "a question about companies where none are known"
    MentionedNotTagged "mentioned-not-tagged" Warning "a company the text speaks of that `companies` leaves out"
    TaggedNotMentioned "tagged-not-mentioned" Warning "a company in `companies` that the text never names"
    UnregisteredCompany "unregistered-company" Warning "a name like a company's that the register does not hold"
    UnusedCompany "unused-company" Warning "companies of the register that no article names"
    CommonWordAlias "common-word-alias" Warning "a name in the register that is an everyday word"
    CompanyNearDuplicate "company-near-duplicate" Warning "two companies whose names differ by signs alone"
    // What readers see
    LowContrast "low-contrast" Warning "an accent colour that is hard to read"
    LongHeadline "long-headline" Warning "a headline too long to be shown whole elsewhere"
    BrokenExternalLink "broken-external-link" Warning "a link out of the site where nobody answers"
    VanishedAddress "vanished-address" Error "an address that readers have and nothing answers any more"
    MovedAddress "moved-address" Warning "an article whose old address leads nowhere"
    BrokenPicture "broken-picture" Warning "a picture that cannot be decoded"
    HugePicture "huge-picture" Warning "a picture with too many pixels to be offered in other sizes"
    MissingAlt "missing-alt" Warning "a picture without a description"
    RelativeDate "relative-date" Warning "a date that depends on the day it is read"
    MissingSource "missing-source" Warning "news that name no source on a site whose other news do"
    UnattributedQuote "unattributed-quote" Warning "a quotation that nobody seems to say"
    NearDuplicate "near-duplicate" Warning "two articles with nearly the same text"
    HeldArticle "held-article" Warning "an article that is held until later"
    UnstableId "unstable-id" Warning "articles without an `id`, whose identity is their file name"
    // Editions
    UnknownArticle "unknown-article" Error "an edition names an article that does not exist"
    // Links
    BrokenLink "broken-link" Error "a link or an image that leads nowhere"
    BrokenAnchor "broken-anchor" Warning "a link to a heading that does not exist"
    // Addresses and output
    UrlCollision "url-collision" Error "two pages at one address"
    MissingBaseUrl "missing-base-url" Warning "no base_url, so nothing that needs absolute addresses is written"
    OutputPlace "output-place" Error "an output folder that is, holds or lies in the sources"
    OutputNotOurs "output-not-ours" Error "an output folder or file that another program filled"
    OutputBusy "output-busy" Error "another build is writing to the same output"
    OutputUnwritable "output-unwritable" Error "the output could not be written"
    NotClean "not-clean" Error "an output that is not what a clean build makes"
    // Templates
    TemplateSyntax "template-syntax" Error "a template that cannot be read"
    TemplateReference "template-reference" Error "a template that uses something that does not exist"
    TemplateRender "template-render" Error "a template that fails while a page is made"
    // Newsletters
    EmptyEdition "empty-edition" Error "a newsletter of an edition without articles"
    EmailSize "email-size" Warning "an e-mail so large that programs cut it off"
    EmailLeftOut "email-left-out" Warning "something that programs for e-mail do not show"
    // Wrong use
    NoSite "no-site" Error "a folder that is not a briefing site"
    ServerAddress "server-address" Error "an address that brief cannot listen on"
    UnknownPage "unknown-page" Error "a question about a page that is not there"
    // Publishing
    PublishRefused "publish-refused" Error "something that publishing does not do unasked"
    PublishFailed "publish-failed" Error "a place where the site could not be published"
    NotTold "not-told" Warning "somebody who could not be told of what was published"
}

impl Code {
    /// Whether only `brief check` looks for it.
    pub fn is_of_check(self) -> bool {
        use Code::{
            BrokenExternalLink, CommonWordAlias, CompanyNearDuplicate, HeldArticle, LongHeadline,
            MentionedNotTagged, MissingAlt, MissingSource, NearDuplicate, RelativeDate, TaggedNotMentioned,
            UnattributedQuote, UnregisteredCompany, UnstableId, UnusedCompany, VanishedAddress,
        };
        matches!(
            self,
            BrokenExternalLink
                | CommonWordAlias
                | CompanyNearDuplicate
                | HeldArticle
                | LongHeadline
                | MentionedNotTagged
                | MissingAlt
                | MissingSource
                | NearDuplicate
                | RelativeDate
                | TaggedNotMentioned
                | UnattributedQuote
                | UnregisteredCompany
                | UnstableId
                | UnusedCompany
                | VanishedAddress
        )
    }
}

impl Encode for Code {
    fn encode(&self, to: &mut Encoder) {
        self.name().encode(to);
    }
}

impl Decode for Code {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Code::named(from.text()?)
    }
}
