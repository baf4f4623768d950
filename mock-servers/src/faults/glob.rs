//! Patterns: `*` stands for any text, `?` for one character.

/// Whether the whole text fits the pattern. Takes time proportional to the product of the lengths
/// at worst.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some('?') => {
                at += 1;
                from += 1;
            }
            Some(sign) if *sign == text[from] => {
                at += 1;
                from += 1;
            }
            _ => {
                // The last star takes one character more.
                let Some((star_at, star_from)) = star else { return false };
                star = Some((star_at, star_from + 1));
                at = star_at + 1;
                from = star_from + 1;
            }
        }
    }
    pattern[at..].iter().all(|sign| *sign == '*')
}
