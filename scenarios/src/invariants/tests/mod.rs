//! Every invariant, green and red, on small stories told in a fixture (see `story`).

mod deletes;
mod ends;
mod reports;
mod store;
mod story;
mod writes;
