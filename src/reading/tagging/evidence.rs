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
    Sure 450 380 "a name that is nothing else"
    Symbol 550 560 "a symbol that is marked as one"
    Phrase 100 110 "several common words"
    Word -150 -35 "a common word"
    Place -50 -115 "a place on the map"
    People 0 -55 "a given name or a surname"
    Acronym 100 60 "up to four capitals"
    AlsoPeople -40 -45 "a common word that is a name of people too"
    FunctionWord -200 -205 "a word that sentences are made of: On, Next"
    Calendar -250 -275 "a month or a day"
    Product -30 10 "a product"
    Person -200 -200 "somebody of the company"
    // Where it stands.
    Middle 200 140 "within a sentence, where a capital says something"
    Beginning -100 20 "at the start of a sentence"
    BehindColon -30 10 "behind a colon or an opening quotation mark"
    Headline 30 75 "in the headline"
    TitleLine -100 -205 "in a line where all words have capitals"
    CapitalLine -120 -150 "in a line of capitals"
    Alone 80 140 "alone in its line or cell"
    // What follows.
    ThenSpeech 250 250 "then a verb of saying"
    ThenAuxiliary 120 140 "then is, has, will"
    ThenVerb 200 175 "then a verb of business"
    ThenOtherVerb 120 20 "then another verb"
    ThenEither 20 -40 "then a plural that could be a verb"
    ThenFollow 250 190 "then shares, chief executive, stores"
    ThenOwn 280 295 "then 's and such a word"
    ThenPossessive 120 185 "then 's and another word"
    ThenApposition 200 235 "then a comma and which, a, its"
    ThenOtherApposition -30 -35 "then a comma and a, the, with no word of business behind"
    ThenLegal 350 350 "then a legal form"
    ThenFirm -30 -110 "then Technologies, Bank, Motors"
    ThenBody -450 -565 "then Foundation, Park, River"
    ThenSurname -400 -425 "a given name, then another name"
    ThenCapital -220 -245 "then another word with a capital"
    ThenPlain -180 -145 "then another small word"
    BeginningThenPlain -100 -200 "at the start of a sentence, then another small word"
    ThenOf -200 -225 "then of"
    ThenFunction -30 0 "then a preposition or conjunction"
    BeginningThenFunction -60 -95 "at the start of a sentence, then a preposition or conjunction"
    ThenDeterminer -250 -210 "then an article or pronoun"
    ThenNumber 0 5 "then a number"
    ThenTicker 400 400 "then a symbol in brackets"
    ThenCompound 200 200 "then a hyphen and backed, owned, style"
    ThenHyphen -250 -280 "then a hyphen and another word"
    ThenItself -500 -500 "again: block by block"
    // What stands before.
    AfterDeterminer -200 -85 "after an article or pronoun"
    AfterThe -150 -125 "a place after the: the Amazon"
    AfterDeterminerButFollowed 180 100 "after an article, but before shares, stores, said"
    AfterPerson -450 -535 "after a given name, an initial, a title"
    AfterDescriptor 200 165 "after chipmaker, rival, such as"
    AfterCapital -220 -300 "after another word with a capital"
    AfterPreposition 30 30 "after a preposition"
    AfterPossessive 20 20 "after a possessive"
    AfterPrefix 120 120 "after ex, non, anti and a hyphen"
    AfterHyphen -200 -200 "after another word and a hyphen"
    // What is near.
    Quoted -300 -325 "a title in quotation marks"
    NearBusiness 80 20 "a word of business near"
    NearMoreBusiness 60 60 "three of them near"
    NearMoney 40 65 "money or a per cent near"
    NearTrade 80 100 "a word of its trade near"
    WithSure 250 280 "in a list with a company that is sure"
    ListOfNames 200 110 "one of three or more names in a row, or in lines of their own"
    WithLikely 120 110 "in a list with another company"
    Context 400 400 "words near by that the register asks for"
    NoContext -250 -250 "none of the words that the register asks for"
    // How it is written.
    Capitals -60 -85 "in capitals where the name has none"
    Small -60 -10 "a sure name without capitals"
    SmallAlone -500 -500 "the same, alone in its line or behind a colon: the label of a button"
    SmallBesideLarge -500 -485 "the same, where the article writes the name with capitals too"
    // What the article says elsewhere.
    ElsewhereSure 280 55 "a name that is nothing else, elsewhere"
    ElsewhereLikely 180 100 "a likely mention elsewhere"
    ElsewherePerson -200 -120 "somebody of that name, elsewhere"
    NoOther -60 -150 "no other company in the article"
    ManyOthers 20 35 "three others at least"
    TradeOther 60 20 "another company of its trade"
    TradeArticle 100 0 "words of its trade throughout"
    Business 40 85 "an article with many words of business"
    NoBusiness -80 -95 "an article with hardly any"
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
