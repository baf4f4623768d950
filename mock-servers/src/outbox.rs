//! What the server would have sent to people. "Nobody was told" is asserted here and nowhere else.

use calamity_evidence::Mail;

/// Every message so far, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    mails: Vec<Mail>,
}

impl Outbox {
    /// Queues a message.
    pub(crate) fn push(&mut self, mail: Mail) {
        self.mails.push(mail);
    }

    /// Messages from a place on.
    pub(crate) fn mails(&self, from: usize) -> &[Mail] {
        self.mails.get(from..).unwrap_or_default()
    }
}
