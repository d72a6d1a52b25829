//! What a form makes is made once, however often the form is sent: a reload of the answer, a double click.
//! The answer to the repetition says that it was made and where it is; the secret is not shown again.

use crate::{
    app::App,
    console::{Form, Visitor},
    failure::Failure,
};
use domain::id::KeyId;
use service::{
    Error,
    idempotency::{Answered, Call, Turn},
    keys::Created,
};
use std::future::Future;

/// The field that names one filling of the form.
const FIELD: &str = "once";
const MAX_CHARS: usize = 64;

/// What became of a form.
pub(in crate::console) enum Once {
    /// It was done, and this is what was made.
    Done(Box<Created>),
    /// It could not be done, and may be sent again.
    Refused(Error),
    /// It was done before, to this key.
    Repeated(Option<KeyId>),
    /// It is being done, or nobody knows how it ended.
    Underway,
}

/// What the form carries: nothing that was there before.
pub(in crate::console) fn fresh(app: &App) -> String {
    app.service().random_text().expose().to_owned()
}

/// Does it, unless it was done. `work` goes on when the browser goes away, so that its end is known.
pub(in crate::console) async fn once(
    app: &App,
    visitor: &Visitor,
    operation: &'static str,
    form: &Form,
    work: impl Future<Output = Result<Created, Error>> + Send + 'static,
) -> Result<Once, Failure> {
    let name = form.text(FIELD);
    let named =
        (16..=MAX_CHARS).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
    if !named {
        let detail = "the form is not whole: open it again".to_owned();
        return Err(Failure::BadForm { field: Some(FIELD.to_owned()), detail });
    }
    let call = Call { operation, key: name, path: operation, body: &[] };
    let begun = match app.service().begin_once(&visitor.caller, call).await? {
        Turn::First(begun) => begun,
        Turn::Repeated(before) => return Ok(Once::Repeated(KeyId::parse(&before.answer).ok())),
        Turn::AnotherBody | Turn::Unfinished => return Ok(Once::Underway),
    };
    let service = app.service().clone();
    let doing = tokio::spawn(async move {
        let done = work.await;
        let end = match &done {
            Ok(made) => Some(Answered { status: 201, etag: None, answer: made.key.id.to_string() }),
            // Nobody knows what was done: a repetition is told so.
            Err(Error::Internal(_) | Error::Unavailable { .. }) => return done,
            Err(_) => None,
        };
        if let Err(error) = service.end_once(begun, end).await {
            tracing::warn!(%error, "the end of a form could not be noted; its repetition will be refused");
        }
        done
    });
    Ok(match doing.await.map_err(|_| Failure::Panic)? {
        Ok(made) => Once::Done(Box::new(made)),
        Err(error) => Once::Refused(error),
    })
}
