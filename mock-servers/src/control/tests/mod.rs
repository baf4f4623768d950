//! Tests of stand-alone mock servers and their control API.

mod acting;
mod clock;
mod described;
mod faults;
mod followed;
mod journal;
mod rig;
mod seeded;
mod served;
mod states;
mod steered;
