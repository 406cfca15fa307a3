//! Which form of a word goes with a number.
//! Source: Unicode CLDR, plural rules for cardinal numbers, as far as they concern whole numbers.

/// A plural category of CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Nothing, in languages that have a form for it.
    Zero,
    /// One, and what is said like it.
    One,
    /// Two.
    Two,
    /// A few.
    Few,
    /// Many.
    Many,
    /// All other numbers.
    Other,
}

impl Category {
    /// All, by name.
    pub const NAMES: [(&'static str, Category); 6] = [
        ("zero", Category::Zero),
        ("one", Category::One),
        ("two", Category::Two),
        ("few", Category::Few),
        ("many", Category::Many),
        ("other", Category::Other),
    ];

    /// The category of a number in a language, given by its tag. A language that is not known here counts
    /// as English does.
    pub fn of(language: &str, number: u64) -> Category {
        let primary = language
            .split('-')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let (ten, hundred) = (number % 10, number % 100);
        let is_teen = (11..=14).contains(&hundred);
        match primary.as_str() {
            "ja" | "zh" | "ko" | "vi" | "th" | "id" | "ms" | "my" | "lo" | "km" | "yue" => Category::Other,
            "fr" | "pt" | "hi" | "bn" | "fa" | "am" | "gu" | "kn" | "zu" | "hy" if number < 2 => {
                Category::One
            }
            "fr" | "pt" | "hi" | "bn" | "fa" | "am" | "gu" | "kn" | "zu" | "hy" => Category::Other,
            "ru" | "uk" | "be" => match ten {
                1 if hundred != 11 => Category::One,
                2..=4 if !is_teen => Category::Few,
                _ => Category::Many,
            },
            "sr" | "hr" | "bs" => match ten {
                1 if hundred != 11 => Category::One,
                2..=4 if !is_teen => Category::Few,
                _ => Category::Other,
            },
            "pl" => match (number, ten) {
                (1, _) => Category::One,
                (_, 2..=4) if !is_teen => Category::Few,
                _ => Category::Many,
            },
            "cs" | "sk" => match number {
                1 => Category::One,
                2..=4 => Category::Few,
                _ => Category::Other,
            },
            "sl" => match hundred {
                1 => Category::One,
                2 => Category::Two,
                3..=4 => Category::Few,
                _ => Category::Other,
            },
            "lt" => match ten {
                1 if !(11..=19).contains(&hundred) => Category::One,
                2..=9 if !(11..=19).contains(&hundred) => Category::Few,
                _ => Category::Other,
            },
            "lv" => match ten {
                0 => Category::Zero,
                _ if (11..=19).contains(&hundred) => Category::Zero,
                1 => Category::One,
                _ => Category::Other,
            },
            "ro" => match number {
                1 => Category::One,
                0 => Category::Few,
                _ if (1..=19).contains(&hundred) => Category::Few,
                _ => Category::Other,
            },
            "ar" => match number {
                0 => Category::Zero,
                1 => Category::One,
                2 => Category::Two,
                _ => match hundred {
                    3..=10 => Category::Few,
                    11..=99 => Category::Many,
                    _ => Category::Other,
                },
            },
            "he" => match number {
                1 => Category::One,
                2 => Category::Two,
                _ => Category::Other,
            },
            "ga" => match number {
                1 => Category::One,
                2 => Category::Two,
                3..=6 => Category::Few,
                7..=10 => Category::Many,
                _ => Category::Other,
            },
            "cy" => match number {
                0 => Category::Zero,
                1 => Category::One,
                2 => Category::Two,
                3 => Category::Few,
                6 => Category::Many,
                _ => Category::Other,
            },
            _ if number == 1 => Category::One,
            _ => Category::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_categories_of_their_language() {
        let check = |language: &str, category: Category, numbers: &[u64]| {
            for number in numbers {
                assert_eq!(Category::of(language, *number), category, "{language} {number}");
            }
        };
        // Source: the samples of CLDR.
        check("en-GB", Category::One, &[1]);
        check("en", Category::Other, &[0, 2, 11, 101]);
        check("de", Category::Other, &[0, 21]);
        check("fr-CA", Category::One, &[0, 1]);
        check("fr", Category::Other, &[2, 17, 100]);
        check("ja", Category::Other, &[0, 1, 2]);
        check("ru", Category::One, &[1, 21, 101]);
        check("ru", Category::Few, &[2, 4, 22, 104]);
        check("ru", Category::Many, &[0, 5, 11, 12, 14, 111]);
        check("pl", Category::Many, &[0, 5, 21, 12]);
        check("pl", Category::Few, &[2, 34]);
        check("cs", Category::Few, &[2, 3, 4]);
        check("ar", Category::Zero, &[0]);
        check("ar", Category::Two, &[2]);
        check("ar", Category::Few, &[3, 10, 103]);
        check("ar", Category::Many, &[11, 99, 111]);
        check("ar", Category::Other, &[100, 102, 202]);
        check("he", Category::Two, &[2]);
        check("lv", Category::Zero, &[0, 10, 11, 19, 20]);
        check("lv", Category::One, &[1, 21]);
        check("lt", Category::Few, &[2, 9, 22]);
        check("lt", Category::Other, &[0, 10, 11, 19]);
        check("ro", Category::Few, &[0, 2, 19, 101]);
        check("sl", Category::Few, &[3, 104]);
        check("tlh", Category::One, &[1]);
    }
}
