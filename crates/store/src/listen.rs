//! LISTEN on a connection of its own: a wake-up for the feed, nothing more.

use crate::postgres_pool::PostgresPool;
use std::{future::poll_fn, sync::Arc, task::Poll, time::Duration};
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, Config, NoTls, Socket, tls::MakeTlsConnect};

/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_secs(1);

/// Listens until the task is aborted, connecting again as often as it must.
pub(crate) async fn listen(pool: PostgresPool, wake: Arc<Notify>) {
    let (config, tls) = pool.listener_config();
    let mut failing = false;
    loop {
        let ended = match tls.clone() {
            Some(tls) => once(&config, tls, &wake).await,
            None => once(&config, NoTls, &wake).await,
        };
        // Polling goes on meanwhile; changes only arrive a little later.
        if let Err(error) = ended
            && !failing
        {
            tracing::warn!(%error, "the database sends no wake-ups; reading every 250 ms");
            failing = true;
        } else {
            failing = false;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn once<T>(config: &Config, tls: T, wake: &Notify) -> Result<(), tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send,
{
    let (client, mut connection) = config.connect(tls).await?;
    let mut listening = std::pin::pin!(client.batch_execute("LISTEN keyward_changes"));
    let mut ready = false;
    poll_fn(|cx| {
        loop {
            match connection.poll_message(cx) {
                Poll::Ready(Some(Ok(AsyncMessage::Notification(_)))) => wake.notify_one(),
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(error)),
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => break,
            }
        }
        if !ready && let Poll::Ready(result) = listening.as_mut().poll(cx) {
            ready = true;
            // What was written before the LISTEN took effect woke nobody.
            wake.notify_one();
            if let Err(error) = result {
                return Poll::Ready(Err(error));
            }
        }
        Poll::Pending
    })
    .await
}
