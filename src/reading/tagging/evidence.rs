//! What speaks for and against a place being a mention, and how much.

macro_rules! evidence {
    ($($name:ident $guess:literal $weight:literal $meaning:literal)*) => {
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

        /// The weights as they were guessed, before they were fitted to labelled articles.
        #[doc(hidden)]
        pub const GUESSES: Weights = Weights([$($guess,)*]);

        /// The weights in force: hundredths of a logit.
        pub const WEIGHTS: Weights = Weights([$($weight,)*]);
        const COUNT: usize = [$($weight,)*].len();
    };
}

// Each with its guess, its weight in force, and what it is. The weights come from examples/tagging_weights.rs,
// which starts from the guesses; what no labelled article shows keeps its guess.
evidence! {
    // What kind of name it is.
    Sure 450 410 "a name that is nothing else"
    Symbol 550 550 "a symbol that is marked as one"
    Phrase 100 90 "several common words"
    Word -150 -60 "a common word"
    Place -50 -115 "a place on the map"
    People 0 -25 "a given name or a surname"
    Acronym 100 75 "up to four capitals"
    AlsoPeople -40 -30 "a common word that is a name of people too"
    Product -30 10 "a product"
    Person -200 -200 "somebody of the company"
    // Where it stands.
    Middle 200 145 "within a sentence, where a capital says something"
    Beginning -100 -85 "at the start of a sentence"
    BehindColon -30 -30 "behind a colon or an opening quotation mark"
    Headline 30 115 "in the headline"
    TitleLine -100 -105 "in a line where all words have capitals"
    CapitalLine -120 -110 "in a line of capitals"
    Alone 80 85 "alone in its line or cell"
    // What follows.
    ThenSpeech 250 250 "then a verb of saying"
    ThenAuxiliary 120 185 "then is, has, will"
    ThenVerb 200 230 "then a verb of business"
    ThenOtherVerb 120 50 "then another verb"
    ThenEither 20 -35 "then a plural that could be a verb"
    ThenFollow 250 195 "then shares, chief executive, stores"
    ThenOwn 280 295 "then 's and such a word"
    ThenPossessive 120 150 "then 's and another word"
    ThenLegal 350 350 "then a legal form"
    ThenFirm -30 -30 "then Technologies, Bank, Motors"
    ThenBody -450 -520 "then Foundation, Park, River"
    ThenSurname -400 -415 "a given name, then another name"
    ThenCapital -220 -195 "then another word with a capital"
    ThenPlain -180 -215 "then another small word"
    BeginningThenPlain -100 -140 "at the start of a sentence, then another small word"
    ThenOf -200 -215 "then of"
    ThenFunction -30 -20 "then a preposition or conjunction"
    ThenDeterminer -250 -250 "then an article or pronoun"
    ThenNumber 0 0 "then a number"
    ThenTicker 400 400 "then a symbol in brackets"
    ThenCompound 200 200 "then a hyphen and backed, owned, style"
    ThenHyphen -250 -290 "then a hyphen and another word"
    ThenItself -500 -500 "again: block by block"
    // What stands before.
    AfterDeterminer -200 -145 "after an article or pronoun"
    AfterDeterminerButFollowed 180 130 "after an article, but before shares, stores, said"
    AfterPerson -450 -485 "after a given name, an initial, a title"
    AfterDescriptor 200 200 "after chipmaker, rival, such as"
    AfterCapital -220 -230 "after another word with a capital"
    AfterPreposition 30 5 "after a preposition"
    AfterPossessive 20 20 "after a possessive"
    AfterPrefix 120 120 "after ex, non, anti and a hyphen"
    AfterHyphen -200 -200 "after another word and a hyphen"
    // What is near.
    Quoted -300 -315 "a title in quotation marks"
    NearBusiness 80 25 "a word of business near"
    NearMoreBusiness 60 60 "three of them near"
    NearMoney 40 55 "money or a per cent near"
    NearTrade 80 115 "a word of its trade near"
    WithSure 250 280 "in a list with a company that is sure"
    WithLikely 120 165 "in a list with another company"
    Context 400 400 "words near by that the register asks for"
    NoContext -250 -250 "none of the words that the register asks for"
    // How it is written.
    Capitals -60 -60 "in capitals where the name has none"
    Small -60 -70 "a sure name without capitals"
    SmallAlone -500 -500 "the same, in a short line that is no sentence: the label of a button"
    SmallBesideLarge -500 -510 "the same, where the article writes the name with capitals too"
    // What the article says elsewhere.
    ElsewhereSure 280 170 "a name that is nothing else, elsewhere"
    ElsewhereLikely 180 80 "a likely mention elsewhere"
    ElsewherePerson -200 -160 "somebody of that name, elsewhere"
    NoOther -60 -50 "no other company in the article"
    ManyOthers 20 -45 "three others at least"
    TradeOther 60 75 "another company of its trade"
    TradeArticle 100 50 "words of its trade throughout"
    Business 40 70 "an article with many words of business"
    NoBusiness -80 -205 "an article with hardly any"
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
