//! Tests of the streams.

use super::{Entropy, Stream};
use crate::Sim;

fn draws(mut stream: Stream) -> Vec<u64> {
    (0..4).map(|_| stream.next_u64()).collect()
}

#[test]
fn a_stream_depends_on_seed_component_and_key_alone() {
    let entropy = Entropy::seeded(7);
    let first = draws(entropy.stream("engine", "jitter"));
    // Drawing from others, before or between, changes nothing.
    let mut other = entropy.stream("engine", "ids");
    other.next_u64();
    assert_eq!(draws(Entropy::seeded(7).stream("engine", "jitter")), first);
    assert_ne!(draws(entropy.stream("engine", "ids")), first);
    assert_ne!(draws(entropy.stream("engin", "ejitter")), first);
    assert_ne!(draws(Entropy::seeded(8).stream("engine", "jitter")), first);
    let os = Entropy::os();
    assert_ne!(draws(os.stream("engine", "jitter")), draws(os.stream("engine", "jitter")));
}

#[test]
fn the_derivation_is_part_of_the_format() {
    // Scripts carry seeds: when this changes, every stored script means something else.
    let mut stream = Entropy::seeded(20_260_416).stream("scenarios", "titles");
    assert_eq!(stream.hex(32), "4b7803ce0fee8a5362920a4f2b7201f5");
    assert_eq!(stream.uuid().to_string(), "4578522a-8d9f-4820-b7ce-080f2341f906");
}

#[test]
fn values_stay_in_their_ranges_and_reach_both_ends() {
    let mut stream = Entropy::seeded(1).stream("test", "ranges");
    let mut seen = [0_u32; 6];
    for _ in 0..600 {
        let value = usize::try_from(stream.range(3, 8)).unwrap();
        seen[value - 3] += 1;
    }
    assert!(seen.iter().all(|count| (60..=140).contains(count)), "{seen:?}");
    assert_eq!((stream.below(0), stream.below(1), stream.range(9, 2)), (0, 0, 9));
    assert_eq!(stream.range(5, 5), 5);
    assert!((0..100).all(|_| !stream.chance(0.0) && stream.chance(1.0)));
    let heads = (0..1000).filter(|_| stream.chance(0.25)).count();
    assert!((200..=300).contains(&heads), "{heads}");
    assert_eq!(stream.uuid().get_version_num(), 4);
    assert_eq!([0, 1, 16, 17].map(|digits| stream.hex(digits).len()), [0, 1, 16, 17]);
}

#[test]
fn a_stream_is_a_generator_of_the_rand_crates() {
    use rand::RngExt;
    let mut stream = Entropy::seeded(1).stream("test", "rand");
    let mut same = Entropy::seeded(1).stream("test", "rand");
    assert_eq!(stream.random::<u64>(), same.next_u64());
    let die = stream.random_range(1..=6);
    assert!((1..=6).contains(&die));
}

#[test]
fn a_restarted_process_draws_what_its_former_life_did_not() {
    let lives = |seed| {
        Sim::run(seed, async |sim| {
            [(); 2].map(|()| draws(sim.process("engine").entropy.stream("engine", "ids")))
        })
    };
    let [first, second] = lives(1);
    assert_ne!(first, second);
    assert_eq!(lives(1), [first.clone(), second]);
    assert_ne!(lives(2)[0], first);
}
