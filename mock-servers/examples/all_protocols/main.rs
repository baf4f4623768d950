//! Every mock server in one simulation, in a storm of faults; prints one digest of all that came of it:
//! `cargo run -p calamity-mock-servers --example all_protocols -- SEED`
//!
//! Equal seeds print equal digests, on every machine and in every process.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]

mod asks;
mod client;
mod faults;
mod hook;
mod storm;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seed = std::env::args().nth(1).map_or(Ok(1), |seed| seed.parse())?;
    let found = storm::storm(seed);
    println!(
        "{{\"seed\": {seed}, \"requests\": {}, \"hits\": {}, \"digest\": \"{}\"}}",
        found.requests, found.hits, found.digest
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::storm::storm;

    #[test]
    fn equal_seeds_give_equal_storms_and_others_others() {
        let first = storm(1);
        assert_eq!(storm(1), first);
        assert!(first.requests > 400 && first.hits > 100, "{first:?}");
        assert_ne!(storm(2).digest, first.digest);
    }

    #[test]
    fn every_kind_of_fault_fires() {
        let kinds = super::faults::kinds();
        let mut fired = std::collections::BTreeSet::new();
        for seed in 1..4 {
            fired.extend(storm(seed).kinds);
        }
        let silent: Vec<&str> =
            kinds.iter().filter(|kind| !fired.contains(**kind)).copied().collect();
        assert_eq!(silent, Vec::<&str>::new());
    }
}
