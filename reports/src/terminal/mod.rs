//! Outcomes as text for a terminal, or for a file when nobody looks.
//!
//! Every function returns text without a newline at its end, and without colours unless asked.
//! Titles, names and addresses are escaped first: none of them can move the cursor, change a
//! colour or reverse a line.

mod evidence;
mod line;
mod mails;
mod page;
mod refused;
mod story;
mod style;
mod text;
mod totals;
mod writes;

#[cfg(test)]
mod tests;

pub use evidence::evidence;
pub use line::line;
pub use refused::refused;
pub use style::Terminal;
pub use totals::totals;
