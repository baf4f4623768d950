//! Disks: where databases live.

mod file;
mod image;
mod locks;
mod ops;
mod seam;
mod sim;
mod store;
mod vfs;
mod vfs_file;

pub use file::FileDisk;
pub use image::{DiskImage, ImageError};
pub use ops::Mishap;
pub use seam::{Database, Disk};
pub use sim::{DatabaseLock, SimDisk};

pub(crate) use sim::ProcessDisk;

#[cfg(test)]
mod tests;
