//! What criterion measured, read back as ratios of the floor to the mock: 1 is as fast as the
//! floor, 0.5 takes twice as long.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// One operation.
#[derive(Clone, Debug)]
pub struct Ratio {
    /// The operation.
    pub name: String,
    /// The median of the floor, in microseconds.
    pub floor_us: f64,
    /// The median of the mock, in microseconds.
    pub mock_us: f64,
}

impl Ratio {
    /// How much of the floor's speed is left.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.floor_us / self.mock_us
    }
}

/// The ratios of all groups below criterion's folder that measured both, by name.
#[must_use]
pub fn ratios(folder: &Path) -> Vec<Ratio> {
    let Ok(groups) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<Ratio> = groups
        .flatten()
        .filter_map(|group| {
            let floor_us = median(&group.path().join("floor"))?;
            let mock_us = median(&group.path().join("mock"))?;
            Some(Ratio {
                name: group.file_name().to_string_lossy().into_owned(),
                floor_us,
                mock_us,
            })
        })
        .collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// Criterion's median in microseconds.
fn median(bench: &Path) -> Option<f64> {
    let text = fs::read_to_string(bench.join("new/estimates.json")).ok()?;
    let estimates: Value = serde_json::from_str(&text).ok()?;
    Some(estimates["median"]["point_estimate"].as_f64()? / 1_000.0)
}
