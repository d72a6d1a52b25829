//! `PostgreSQL`: statements on a connection of the pool, from a thread that may block.

use crate::{
    Error,
    error::Refused,
    value::{Row, Value},
};
use bytes::BytesMut;
use deadpool_postgres::Object;
use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
    time::Duration,
};
use tokio::{runtime::Handle, time::Sleep};
use tokio_postgres::{
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};

/// How long the audit log may take; then the change is refused.
pub(crate) const AUDIT_WAIT: Duration = Duration::from_secs(2);
/// Longer: whoever gives up on a commit does not know whether the change was made.
pub(crate) const COMMIT_WAIT: Duration = Duration::from_secs(15);

type Running<'a, T> = Pin<Box<dyn Future<Output = Result<T, tokio_postgres::Error>> + Send + 'a>>;

pub(crate) struct Connection {
    client: Object,
    runtime: Handle,
    pub(crate) failed: bool,
    /// The last failure was a serialisation failure or a deadlock: the operation may run again.
    pub(crate) retry: bool,
    /// A statement is still under way that nobody waits for any more.
    pub(crate) late: bool,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Connection {
    pub(crate) const fn new(client: Object, runtime: Handle) -> Self {
        Self { client, runtime, failed: false, retry: false, late: false, deadline: None }
    }

    pub(crate) fn query(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Error> {
        let result = block(&self.runtime, &mut self.deadline, async {
            let statement = self.client.prepare_cached(sql).await?;
            self.client.query(&statement, &parameters(args)).await
        });
        let rows = self.note(result)?;
        rows.iter().map(row).collect()
    }

    pub(crate) fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64, Error> {
        let result = block(&self.runtime, &mut self.deadline, async {
            let statement = self.client.prepare_cached(sql).await?;
            self.client.execute(&statement, &parameters(args)).await
        });
        self.note(result)
    }

    /// Sends all before it waits for the first answer.
    pub(crate) fn execute_all(&mut self, statements: &[(&str, Vec<Value>)]) -> Result<(), Error> {
        let result = block(&self.runtime, &mut self.deadline, async {
            let mut prepared = Vec::with_capacity(statements.len());
            for (sql, _) in statements {
                prepared.push(self.client.prepare_cached(sql).await?);
            }
            let client = &self.client;
            let running = prepared
                .iter()
                .zip(statements)
                .map(|(statement, (_, args))| -> Running<'_, u64> {
                    Box::pin(async move { client.execute(statement, &parameters(args)).await })
                })
                .collect();
            all(running).await
        });
        self.note(result)
    }

    #[cfg(test)]
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        // Savepoints, because a text that does not parse ends the transaction.
        self.runtime.block_on(async {
            self.client.batch_execute("SAVEPOINT p").await.map_err(failure_of)?;
            let prepared = self.client.prepare(sql).await.map(drop).map_err(failure_of);
            self.client.batch_execute("ROLLBACK TO p").await.map_err(failure_of)?;
            prepared
        })
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        let result = block(&self.runtime, &mut self.deadline, self.client.batch_execute(sql));
        self.note(result)
    }

    /// From here on the operation has a bounded time left.
    pub(crate) fn start_deadline(&mut self, after: Duration) {
        let _inside = self.runtime.enter();
        self.deadline = Some(Box::pin(tokio::time::sleep(after)));
    }

    pub(crate) fn clear_deadline(&mut self) {
        self.deadline = None;
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Closes the connection instead of giving it back: nobody knows what state it is in.
    pub(crate) fn discard(self) {
        drop(Object::take(self.client));
    }

    fn note<T>(&mut self, result: Result<T, Failure>) -> Result<T, Error> {
        result.map_err(|failure| {
            self.failed = true;
            match failure {
                Failure::TooSlow => {
                    self.late = true;
                    Error::unavailable("the audit log did not take the event in time")
                }
                Failure::Sql(error) => {
                    self.retry = error.code().is_some_and(|code| {
                        *code == SqlState::T_R_SERIALIZATION_FAILURE
                            || *code == SqlState::T_R_DEADLOCK_DETECTED
                    });
                    failure_of(error)
                }
            }
        })
    }
}

enum Failure {
    Sql(tokio_postgres::Error),
    TooSlow,
}

/// Waits for the statement, or for the deadline if there is one.
fn block<T>(
    runtime: &Handle,
    deadline: &mut Option<Pin<Box<Sleep>>>,
    statement: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, Failure> {
    runtime.block_on(async {
        let mut statement = std::pin::pin!(statement);
        poll_fn(|cx| {
            if let Poll::Ready(result) = statement.as_mut().poll(cx) {
                return Poll::Ready(result.map_err(Failure::Sql));
            }
            let over = deadline.as_mut().is_some_and(|sleep| sleep.as_mut().poll(cx).is_ready());
            if over { Poll::Ready(Err(Failure::TooSlow)) } else { Poll::Pending }
        })
        .await
    })
}

/// Polls all to their ends; the first failure is the one that counts.
async fn all(running: Vec<Running<'_, u64>>) -> Result<(), tokio_postgres::Error> {
    let mut running: Vec<Option<Running<'_, u64>>> = running.into_iter().map(Some).collect();
    let mut first = None;
    poll_fn(|cx| {
        let mut waiting = false;
        for slot in &mut running {
            let Some(one) = slot else { continue };
            match one.as_mut().poll(cx) {
                Poll::Pending => waiting = true,
                Poll::Ready(result) => {
                    *slot = None;
                    if let Err(error) = result {
                        first.get_or_insert(error);
                    }
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(first.take().map_or(Ok(()), Err)) }
    })
    .await
}

/// Keeps the state and the first line: a detail line can repeat a row's values.
pub(crate) fn failure_of(error: tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(db) => Error::unavailable(Refused {
            state: db.code().code().to_owned(),
            message: db.message().to_owned(),
        }),
        None => Error::unavailable(error),
    }
}

fn parameters(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|v| v as &(dyn ToSql + Sync)).collect()
}

fn row(row: &tokio_postgres::Row) -> Result<Row, Error> {
    (0..row.len())
        .map(|column| row.try_get(column).map_err(Error::unavailable))
        .collect::<Result<_, _>>()
        .map(Row)
}

type Boxed = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    /// The server says which type it wants; one kind of value serves them all.
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(b) if *ty == Type::BOOL => b.to_sql(ty, out),
            Self::Bool(b) => Self::Int((*b).into()).to_sql(ty, out),
            Self::Int(n) if *ty == Type::INT8 => n.to_sql(ty, out),
            Self::Int(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Self::Int(n) if *ty == Type::INT2 => i16::try_from(*n)?.to_sql(ty, out),
            Self::Text(text) if <&str as ToSql>::accepts(ty) => text.as_str().to_sql(ty, out),
            Self::Blob(bytes) if *ty == Type::BYTEA => bytes.as_slice().to_sql(ty, out),
            Self::Int(_) | Self::Text(_) | Self::Blob(_) => {
                Err(format!("{self:?} is not a value for {ty}").into())
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Boxed> {
        Ok(match *ty {
            Type::BOOL => Self::Bool(bool::from_sql(ty, raw)?),
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(ty, raw)?.into()),
            Type::BYTEA => Self::Blob(raw.to_vec()),
            Type::VOID => Self::Null,
            _ => Self::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Boxed> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::BOOL | Type::INT8 | Type::INT4 | Type::INT2 | Type::BYTEA | Type::VOID)
            || <String as FromSql<'_>>::accepts(ty)
    }
}
