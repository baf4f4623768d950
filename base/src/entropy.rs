//! Randomness as independent named streams.
//!
//! The seeded form derives one ChaCha8 stream for each (component, key) from the seed, so that a
//! draw added in one place changes nothing in another. The same name gives the same stream from the
//! start: hold on to a stream whose values must not repeat. Not for cryptographic keys.

use std::{convert::Infallible, sync::Arc};

use rand::{SeedableRng, TryRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use crate::digest::Emitter;

/// The source of the streams of a process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Entropy {
    root: Root,
    emitter: Option<Emitter>,
}

#[derive(Clone, Debug)]
enum Root {
    Os,
    Seeded(Arc<[u8; 32]>),
}

impl Entropy {
    /// The operating system's randomness: every stream is seeded anew, whatever its name.
    #[must_use]
    pub fn os() -> Entropy {
        Entropy { root: Root::Os, emitter: None }
    }

    /// Streams that depend on `seed` and their name alone.
    #[must_use]
    pub fn seeded(seed: u64) -> Entropy {
        let root = blake3::derive_key("calamity entropy seed 1", &seed.to_le_bytes());
        Entropy { root: Root::Seeded(Arc::new(root)), emitter: None }
    }

    /// Streams of one process of a simulation: those of a restarted process differ from those
    /// before, as an operating system's would. Draws are emitted to the digest.
    pub(crate) fn of_process(seed: u64, name: &str, life: u64, emitter: Emitter) -> Entropy {
        let mut entropy = Entropy::seeded(seed);
        if let Root::Seeded(root) = &entropy.root {
            let derived = derive(root, &format!("process {life}"), name);
            entropy.root = Root::Seeded(Arc::new(derived));
        }
        entropy.emitter = Some(emitter);
        entropy
    }

    /// The stream of this name, from its beginning.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the production form of the entropy seam")]
    pub fn stream(&self, component: &str, key: &str) -> Stream {
        let seed = match &self.root {
            Root::Os => {
                let mut seed = [0; 32];
                getrandom::fill(&mut seed).expect("the operating system has randomness");
                seed
            }
            Root::Seeded(root) => derive(root, component, key),
        };
        let emitter = self.emitter.clone().map(|emitter| (emitter, format!("{component}/{key}")));
        Stream { generator: ChaCha8Rng::from_seed(seed), emitter }
    }
}

/// One stream of random values.
#[derive(Debug)]
pub struct Stream {
    generator: ChaCha8Rng,
    emitter: Option<(Emitter, String)>,
}

impl Stream {
    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        let Ok(value) = self.generator.try_next_u64();
        if let Some((emitter, name)) = &self.emitter {
            emitter.emit("entropy", &[name.as_bytes(), &value.to_le_bytes()]);
        }
        value
    }

    /// A value from 0 to `n - 1`, each equally likely; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // Lemire's multiplication with rejection: unbiased, and nearly always one draw.
        let threshold = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            let [high, low] = [(product >> 64) as u64, product as u64];
            if low >= threshold {
                return high;
            }
        }
    }

    /// A value from `lo` to `hi`, both included; `lo` when the range is empty.
    pub fn range(&mut self, lo: u64, hi: u64) -> u64 {
        if hi <= lo {
            return lo;
        }
        match (hi - lo).checked_add(1) {
            Some(span) => lo + self.below(span),
            None => self.next_u64(),
        }
    }

    /// True with this probability; outside 0 to 1 it is never or always.
    pub fn chance(&mut self, probability: f64) -> bool {
        // The upper 53 bits are exact in an f64 and lie in 0.0 .. 1.0.
        let unit = (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        unit < probability
    }

    /// A random UUID of version 4 (RFC 9562, section 5.4).
    pub fn uuid(&mut self) -> Uuid {
        let value = (u128::from(self.next_u64()) << 64) | u128::from(self.next_u64());
        uuid::Builder::from_random_bytes(value.to_be_bytes()).into_uuid()
    }

    /// This many random hexadecimal digits, lowercase.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.next_u64()));
        }
        text.truncate(digits);
        text
    }
}

/// Makes a stream a `rand::Rng` (named `RngCore` before rand 0.10) that cannot fail.
impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_u64() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let value = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&value[..chunk.len()]);
        }
        Ok(())
    }
}

/// The seed of a stream. The lengths keep ("ab", "c") and ("a", "bc") apart.
fn derive(root: &[u8; 32], component: &str, key: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(root);
    for part in [component, key] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests;
