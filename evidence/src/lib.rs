//! What happened in a run, as plain data: writes, mails, intents, fault hits, violations, outcomes.
//!
//! The mock servers produce it, the invariants judge it, the reports show it. Nothing here decides
//! anything, and nothing here knows a protocol.

#![forbid(unsafe_code)]

mod fault;
mod intent;
mod lineage;
mod mail;
mod outcome;
mod request;
mod side;
mod summary;
mod violation;
mod write;

pub use fault::FaultHit;
pub use intent::{Intent, IntentKind};
pub use lineage::Lineage;
pub use mail::{Mail, Method};
pub use outcome::{Catalogue, FORMAT, Outcome, Refused, Step, Verdict};
pub use request::{Request, RequestId};
pub use side::Side;
pub use summary::Summary;
pub use violation::Violation;
pub use write::{Actor, Refusal, Write, WriteOp, WriteResult, WriteSeq};
