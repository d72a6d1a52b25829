//! An operation on its way through a driver: run, perhaps run again, then answered once.

use crate::{
    Error,
    tx::{Bookkeeping, Committed, Read, Tx, Writer},
};
use domain::audit::AuditEvent;
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};
use tokio::sync::oneshot;

/// What a driver sees of an operation.
pub(crate) trait Job: Send {
    /// Runs the operation up to, not including, the commit. The writer comes back whatever happens;
    /// whether the operation wants to be committed comes with it.
    fn run(&mut self, writer: Writer) -> (Writer, bool);

    /// Answers: with what the operation returned, or with why it was not committed.
    fn answer(self: Box<Self>, committed: Result<(), Error>);
}

/// What a panic carried. The caller panics with it in turn, as if the closure had run there.
type Panic = Box<dyn Any + Send>;
type Outcome<T, E> = Result<Result<T, E>, Panic>;

/// The caller's end.
pub(crate) struct Answer<T, E>(oneshot::Receiver<Outcome<T, E>>);

impl<T, E: From<Error>> Answer<T, E> {
    pub(crate) async fn wait(self) -> Result<T, E> {
        match self.0.await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => Err(Error::unavailable("the store is shutting down").into()),
        }
    }
}

struct Operation<F, T, E> {
    run: F,
    outcome: Option<Outcome<T, E>>,
    answer: oneshot::Sender<Outcome<T, E>>,
}

/// An audited write.
pub(crate) fn audited<T, E, F>(op: F) -> (Box<dyn Job>, Answer<T, E>)
where
    F: Fn(&mut Tx) -> Result<Committed<T>, E> + Send + 'static,
    E: From<Error> + Send + 'static,
    T: Send + 'static,
{
    new(move |writer: Writer| {
        let mut tx = Tx(writer);
        let result = catch_unwind(AssertUnwindSafe(|| op(&mut tx)));
        let done = result.map(|r| r.map(|committed| (committed.value, committed.events)));
        (tx.0, done)
    })
}

/// An unaudited write.
pub(crate) fn unaudited<T, E, F>(op: F) -> (Box<dyn Job>, Answer<T, E>)
where
    F: Fn(&mut Bookkeeping) -> Result<T, E> + Send + 'static,
    E: From<Error> + Send + 'static,
    T: Send + 'static,
{
    new(move |writer: Writer| {
        let mut books = Bookkeeping(writer);
        let result = catch_unwind(AssertUnwindSafe(|| op(&mut books)));
        (books.0, result.map(|r| r.map(|value| (value, Vec::new()))))
    })
}

/// What a closure left: its value with the events that end the write.
type Done<T, E> = Outcome<(T, Vec<AuditEvent>), E>;

fn new<T, E, F>(run: F) -> (Box<dyn Job>, Answer<T, E>)
where
    F: Fn(Writer) -> (Writer, Done<T, E>) + Send + 'static,
    E: From<Error> + Send + 'static,
    T: Send + 'static,
{
    let (answer, receiver) = oneshot::channel();
    let operation = Operation { run, outcome: None, answer };
    (Box::new(operation), Answer(receiver))
}

impl<F, T, E> Job for Operation<F, T, E>
where
    F: Fn(Writer) -> (Writer, Done<T, E>) + Send,
    E: From<Error> + Send,
    T: Send,
{
    fn run(&mut self, mut writer: Writer) -> (Writer, bool) {
        writer.applies.clear();
        writer.driver.forget_failure();
        let (mut writer, done) = (self.run)(writer);
        let outcome = match done {
            Ok(Ok((value, events))) => match end(&mut writer, &events) {
                Ok(()) => Ok(Ok(value)),
                Err(error) => Ok(Err(error.into())),
            },
            Ok(Err(error)) => Ok(Err(error)),
            Err(panic) => Err(panic),
        };
        let keep = matches!(outcome, Ok(Ok(_)));
        self.outcome = Some(outcome);
        (writer, keep)
    }

    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        let outcome = match (self.outcome, committed) {
            // An operation that failed by itself says why better than what came after it.
            (Some(outcome @ (Err(_) | Ok(Err(_)))), _) | (Some(outcome), Ok(())) => outcome,
            (_, Err(error)) => Ok(Err(error.into())),
            (None, Ok(())) => Ok(Err(Error::unavailable("the operation never ran").into())),
        };
        // Nobody waits any more: the client went away, the write stands.
        let _ = self.answer.send(outcome);
    }
}

fn end(writer: &mut Writer, events: &[AuditEvent]) -> Result<(), Error> {
    if writer.driver.has_failed() {
        return Err(Error::unavailable("a statement of the operation failed"));
    }
    writer.finish(events)
}

/// Runs a reading closure; a panic goes to the caller.
pub(crate) fn read<T, E>(
    mut r: Read,
    op: impl FnOnce(&mut Read) -> Result<T, E>,
) -> (Read, Result<Result<T, E>, Panic>) {
    let result = catch_unwind(AssertUnwindSafe(|| op(&mut r)));
    (r, result)
}
