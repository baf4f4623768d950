//! One submitted transaction: attempted until it has the lock, then carried out once.

use std::{
    any::Any,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::Error;

/// A submitted transaction with its types erased.
pub struct Job(Box<dyn Attempt>);

/// What an attempt came to.
#[derive(Debug)]
pub(crate) enum Progress {
    /// The job is over; its result waits to be delivered.
    Done,
    /// The job is over, and the connection must be opened anew.
    Reopen,
    /// Somebody else holds the lock; nothing has happened.
    Busy(rusqlite::Error),
}

/// How the closure is run.
pub(super) enum Closure<T, E> {
    Transaction(TransactionBehavior, TransactionClosure<T, E>),
    Connection(ConnectionClosure<T, E>),
}

type TransactionClosure<T, E> = Box<dyn FnOnce(&Transaction<'_>) -> Result<T, E> + Send>;
type ConnectionClosure<T, E> = Box<dyn FnOnce(&mut Connection) -> Result<T, E> + Send>;

/// What a closure came to: a result, or the panic to go on with in the caller.
pub(super) type Outcome<T, E> = Result<Result<T, E>, Box<dyn Any + Send>>;

trait Attempt: Send {
    fn name(&self) -> &'static str;
    fn attempt(&mut self, connection: &mut Connection) -> Progress;
    fn fail(&mut self, error: Error);
    fn deliver(&mut self);
}

impl Job {
    pub(super) fn new<T, E>(
        name: &'static str,
        closure: Closure<T, E>,
        sender: oneshot::Sender<Outcome<T, E>>,
    ) -> Job
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        Job(Box::new(Typed { name, closure: Some(closure), outcome: None, sender: Some(sender) }))
    }

    /// The transaction's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    pub(crate) fn attempt(&mut self, connection: &mut Connection) -> Progress {
        self.0.attempt(connection)
    }

    /// Ends the job with an error before its closure ran.
    pub(crate) fn fail(&mut self, error: Error) {
        self.0.fail(error);
    }

    /// Hands the result to the caller, if there still is one.
    pub(crate) fn deliver(mut self) {
        self.0.deliver();
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Job").field(&self.name()).finish()
    }
}

struct Typed<T, E> {
    name: &'static str,
    closure: Option<Closure<T, E>>,
    outcome: Option<Outcome<T, E>>,
    sender: Option<oneshot::Sender<Outcome<T, E>>>,
}

impl<T, E> Attempt for Typed<T, E>
where
    T: Send,
    E: From<Error> + Send,
{
    fn name(&self) -> &'static str {
        self.name
    }

    fn attempt(&mut self, connection: &mut Connection) -> Progress {
        match self.closure.take() {
            // An ended job that is attempted again has nothing left to do.
            None => Progress::Done,
            Some(Closure::Transaction(behavior, closure)) => {
                match self.transaction(connection, behavior, closure) {
                    Progress::Done => settle(connection),
                    progress => progress,
                }
            }
            Some(Closure::Connection(closure)) => {
                self.outcome = Some(catch_unwind(AssertUnwindSafe(|| closure(&mut *connection))));
                settle(connection)
            }
        }
    }

    fn fail(&mut self, error: Error) {
        self.closure = None;
        self.outcome = Some(Ok(Err(E::from(error))));
    }

    fn deliver(&mut self) {
        if let (Some(sender), Some(outcome)) = (self.sender.take(), self.outcome.take()) {
            // The caller may have gone; the transaction took place all the same.
            drop(sender.send(outcome));
        }
    }
}

impl<T, E: From<Error>> Typed<T, E> {
    fn transaction(
        &mut self,
        connection: &mut Connection,
        behavior: TransactionBehavior,
        closure: TransactionClosure<T, E>,
    ) -> Progress {
        let transaction = match connection.transaction_with_behavior(behavior) {
            Ok(transaction) => transaction,
            Err(error) if is_busy(&error) => {
                self.closure = Some(Closure::Transaction(behavior, closure));
                return Progress::Busy(error);
            }
            Err(error) => {
                self.outcome = Some(Ok(Err(E::from(Error::from(error)))));
                return Progress::Done;
            }
        };
        let result = match catch_unwind(AssertUnwindSafe(|| closure(&transaction))) {
            Ok(Ok(value)) if matches!(behavior, TransactionBehavior::Deferred) => Ok(value),
            Ok(Ok(value)) => match transaction.commit() {
                Ok(()) => Ok(value),
                // A deferred constraint is refused before anything is written.
                Err(source) if is_constraint(&source) => Err(E::from(Error::Sqlite { source })),
                Err(source) => {
                    let doubt = Error::InDoubt { transaction: self.name, source };
                    self.outcome = Some(Ok(Err(E::from(doubt))));
                    return Progress::Reopen;
                }
            },
            Ok(Err(error)) => {
                drop(transaction);
                Err(error)
            }
            Err(panic) => {
                drop(transaction);
                self.outcome = Some(Err(panic));
                return Progress::Done;
            }
        };
        self.outcome = Some(Ok(result));
        Progress::Done
    }
}

/// A connection that is still inside a transaction could not roll back and is given up.
fn settle(connection: &Connection) -> Progress {
    if connection.is_autocommit() { Progress::Done } else { Progress::Reopen }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn is_constraint(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}
