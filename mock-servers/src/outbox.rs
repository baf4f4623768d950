//! What the server would have sent to people. "Nobody was told" is asserted here and nowhere else.

use calamity_evidence::Mail;

use crate::log::Log;

/// Every message so far, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    mails: Log<Mail>,
}

impl Outbox {
    /// An outbox with messages in it.
    pub(crate) fn holding(mails: Log<Mail>) -> Self {
        Self { mails }
    }

    /// Queues a message.
    pub(crate) fn push(&mut self, mail: Mail) {
        self.mails.push(mail);
    }

    /// The messages.
    pub(crate) fn mails(&self) -> &Log<Mail> {
        &self.mails
    }

    /// Keeps so many of them, the newest ones.
    pub(crate) fn bound(&mut self, most: Option<usize>) {
        self.mails.bound(most);
    }
}
