//! What speaks for and against a place being a mention, and how much.

macro_rules! evidence {
    ($($name:ident $weight:literal $meaning:literal)*) => {
        /// One thing that is true of a place.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Evidence { $(#[doc = $meaning] $name,)* }

        impl Evidence {
            /// All there is.
            pub const ALL: &'static [Evidence] = &[$(Evidence::$name,)*];

            /// What it is, in words.
            pub fn meaning(self) -> &'static str {
                match self { $(Evidence::$name => $meaning,)* }
            }

            /// Its name in the program.
            pub fn name(self) -> &'static str {
                match self { $(Evidence::$name => stringify!($name),)* }
            }
        }

        /// The weights in force: hundredths of a logit.
        pub const WEIGHTS: Weights = Weights([$($weight,)*]);
        const COUNT: usize = [$($weight,)*].len();
    };
}

evidence! {
    // What kind of name it is.
    Sure 415 "a name that is nothing else"
    Symbol 550 "a symbol that is marked as one"
    Phrase 105 "several common words"
    Word -75 "a common word"
    Place -120 "a place on the map"
    People -20 "a given name or a surname"
    Acronym 70 "up to four capitals"
    AlsoPeople -15 "a common word that is a name of people too"
    Product 5 "a product"
    Person -200 "somebody of the company"
    // Where it stands.
    Middle 150 "within a sentence, where a capital says something"
    Beginning -95 "at the start of a sentence"
    BehindColon -30 "behind a colon or an opening quotation mark"
    Headline 85 "in the headline"
    TitleLine -105 "in a line where all words have capitals"
    CapitalLine -110 "in a line of capitals"
    Alone 85 "alone in its line or cell"
    // What follows.
    ThenSpeech 195 "then a verb of saying"
    ThenAuxiliary 145 "then is, has, will"
    ThenVerb 215 "then a verb of business"
    ThenOtherVerb 50 "then another verb"
    ThenFollow 255 "then shares, chief executive, stores"
    ThenOwn 290 "then 's and such a word"
    ThenPossessive 145 "then 's and another word"
    ThenLegal 350 "then a legal form"
    ThenFirm -30 "then Technologies, Bank, Motors"
    ThenBody -520 "then Foundation, Park, River"
    ThenSurname -420 "a given name, then another name"
    ThenCapital -195 "then another word with a capital"
    ThenPlain -245 "then another small word"
    BeginningThenPlain -165 "at the start of a sentence, then another small word"
    ThenOf -215 "then of"
    ThenFunction -30 "then a preposition or conjunction"
    ThenDeterminer -250 "then an article or pronoun"
    ThenNumber 0 "then a number"
    ThenTicker 400 "then a symbol in brackets"
    ThenCompound 200 "then a hyphen and backed, owned, style"
    ThenHyphen -290 "then a hyphen and another word"
    ThenItself -500 "again: block by block"
    // What stands before.
    AfterDeterminer -155 "after an article or pronoun"
    AfterDeterminerButFollowed 135 "after an article, but before shares, stores, said"
    AfterPerson -485 "after a given name, an initial, a title"
    AfterDescriptor 200 "after chipmaker, rival, such as"
    AfterCapital -230 "after another word with a capital"
    AfterPreposition 15 "after a preposition"
    AfterPossessive 20 "after a possessive"
    AfterPrefix 120 "after ex, non, anti and a hyphen"
    AfterHyphen -200 "after another word and a hyphen"
    // What is near.
    Quoted -305 "a title in quotation marks"
    NearBusiness 30 "a word of business near"
    NearMoreBusiness 60 "three of them near"
    NearMoney 65 "money or a per cent near"
    NearTrade 115 "a word of its trade near"
    WithSure 280 "in a list with a company that is sure"
    WithLikely 170 "in a list with another company"
    Context 400 "words near by that the register asks for"
    NoContext -250 "none of the words that the register asks for"
    // How it is written.
    Capitals -60 "in capitals where the name has none"
    Small -70 "a sure name without capitals"
    SmallAlone -500 "the same, alone in its line: the word of a button"
    SmallBesideLarge -510 "the same, where the article writes the name with capitals too"
    // What the article says elsewhere.
    ElsewhereSure 165 "a name that is nothing else, elsewhere"
    ElsewhereLikely 90 "a likely mention elsewhere"
    ElsewherePerson -150 "somebody of that name, elsewhere"
    NoOther -95 "no other company in the article"
    ManyOthers -45 "three others at least"
    TradeOther 80 "another company of its trade"
    TradeArticle 60 "words of its trade throughout"
    Business 95 "an article with many words of business"
    NoBusiness -160 "an article with hardly any"
}

/// What is true of a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found(u128);

impl Found {
    /// Adds one thing.
    pub fn add(&mut self, evidence: Evidence) {
        self.0 |= 1 << evidence as u32;
    }

    /// Adds one thing if it is true.
    pub fn add_if(&mut self, is_true: bool, evidence: Evidence) {
        if is_true {
            self.add(evidence);
        }
    }

    /// Whether one thing is true.
    pub fn has(self, evidence: Evidence) -> bool {
        self.0 & (1 << evidence as u32) != 0
    }

    /// All that is true.
    pub fn iter(self) -> impl Iterator<Item = Evidence> {
        Evidence::ALL
            .iter()
            .copied()
            .filter(move |evidence| self.has(*evidence))
    }
}

/// How much each thing weighs, in hundredths of a logit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights(pub [i32; COUNT]);

impl Weights {
    /// The sum of all that is true: above zero it is rather a mention.
    pub fn sum(&self, found: Found) -> i32 {
        let mut sum = 0;
        let mut rest = found.0;
        while rest != 0 {
            let index = rest.trailing_zeros() as usize;
            sum += self.0.get(index).copied().unwrap_or_default();
            rest &= rest - 1;
        }
        sum
    }
}

const _: () = assert!(COUNT <= 128);
