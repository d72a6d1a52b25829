//! How commands reach the driver: by the HTTP client that the other tests have. The crate that speaks WebDriver
//! would bring another one.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{pin::Pin, sync::Arc, time::Duration};
use thirtyfour::{
    error::{WebDriverError, WebDriverResult},
    session::http::{Body, HttpClient},
};

/// How long the driver may take: it gives up a page or a script sooner by itself.
const PATIENCE: Duration = Duration::from_secs(90);

/// What an `async fn` of a trait is for those who keep it behind a pointer.
type Pending<'c, T> = Pin<Box<dyn Future<Output = T> + Send + 'c>>;

/// The client.
pub(super) struct Transport(Client<HttpConnector, Full<Bytes>>);

impl Transport {
    /// A client without connections.
    pub(super) fn fresh() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    async fn answer(&self, request: Request<Full<Bytes>>) -> WebDriverResult<Response<Bytes>> {
        let failed = |error: String| WebDriverError::RequestFailed(error);
        let whole = async {
            let response = self.0.request(request).await.map_err(|e| failed(e.to_string()))?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|e| failed(e.to_string()))?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        let answer = tokio::time::timeout(PATIENCE, whole).await;
        answer.unwrap_or_else(|_| Err(WebDriverError::Timeout("the driver is silent".to_owned())))
    }
}

impl HttpClient for Transport {
    fn send<'a, 'b, 'c>(
        &'a self,
        request: Request<Body<'b>>,
    ) -> Pending<'c, WebDriverResult<Response<Bytes>>>
    where
        'a: 'c,
        'b: 'c,
        Self: 'c,
    {
        let request = request.map(|body| match body {
            Body::Empty => Full::default(),
            Body::Json(json) => Full::from(json.to_string()),
        });
        Box::pin(self.answer(request))
    }

    fn new<'a, 'c>(&'a self) -> Pending<'c, Arc<dyn HttpClient>>
    where
        'a: 'c,
        Self: 'c,
    {
        Box::pin(async { Arc::new(Self::fresh()) as Arc<dyn HttpClient> })
    }
}
