#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::extract::client::{self, Client, Method};

fn parse(text: &str) -> Result<Parameters, BadParameter> {
    Parameters::parse(text.as_bytes())
}

#[test]
fn oa_04_repeated_is_refused_unknown_is_left_and_empty_is_absent() {
    let mut form = parse("grant_type=password&scope=&extra=1&&name=a+b%2Bc").unwrap();
    assert_eq!(form.take_text("grant_type").as_deref(), Some("password"));
    assert_eq!(form.take_text("grant_type"), None);
    assert_eq!(form.take_text("name").as_deref(), Some("a b+c"));
    assert!(form.has("scope") && form.get("scope").is_none());
    let (field, detail) = parse("a=1&b=2&a=1").unwrap_err();
    assert_eq!((field.as_deref(), detail.as_str()), (Some("a"), "the parameter is repeated"));
    assert_eq!(parse("a=%ff").unwrap_err().0.as_deref(), Some("a"));
    assert_eq!(parse("a=%00").unwrap_err().0.as_deref(), Some("a"));
    assert_eq!(parse("%ff=a").unwrap_err().0, None);
    let many: Vec<String> = (0..101).map(|n| format!("p{n}=1")).collect();
    assert!(parse(&many.join("&")).is_err());
}

#[test]
fn parameters_show_their_names_alone() {
    assert_eq!(format!("{:?}", parse("password=s3cret").unwrap()), "{\"password\"}");
}

#[test]
fn a_query_of_our_own_api_knows_all_its_parameters() {
    let query = |text: &str| Query(parse(text).unwrap());
    let mut known = query("limit=20");
    assert_eq!(known.parse::<u32>("limit", "a number").unwrap(), Some(20));
    assert!(known.finish().is_ok());
    assert!(query("limit=x").parse::<u32>("limit", "a number").is_err());
    let Err(Failure::BadQuery { field, .. }) = query("limt=20").finish() else {
        panic!("accepted")
    };
    assert_eq!(field.as_deref(), Some("limt"));
}

fn token_request(authorization: Option<&str>, media_type: &str, body: &'static str) -> Request {
    let mut builder = Request::builder().method("POST").header("content-type", media_type);
    if let Some(value) = authorization {
        builder = builder.header("authorization", value);
    }
    builder.body(axum::body::Body::from(body)).unwrap()
}

/// The client that was found, `id/secret/method`, or the code of the failure.
async fn found(authorization: Option<&str>, body: &'static str) -> String {
    let mut request = token_request(authorization, FORM, body);
    if let Err(failure) = client::establish(&mut request).await {
        return failure.code().to_owned();
    }
    let (mut parts, body) = request.into_parts();
    let client = Client::from_request_parts(&mut parts, &()).await.unwrap();
    // The form that was read for the credentials is still there for the handler.
    Form::from_request(Request::from_parts(parts, body), &()).await.unwrap();
    let secret = client.secret.as_ref().map_or("-", |s| s.expose());
    let method = if client.method == Method::Basic { "basic" } else { "form" };
    format!("{}/{secret}/{method}", client.id)
}

#[tokio::test]
async fn oa_06_a_client_presents_itself_by_one_method() {
    let basic = Some("Basic bmV4dXNfY2xpZW50Og==");
    assert_eq!(found(basic, "grant_type=password").await, "nexus_client//basic");
    assert_eq!(found(basic, "client_id=nexus_client").await, "nexus_client//basic");
    assert_eq!(found(None, "client_id=a&client_secret=b").await, "a/b/form");
    assert_eq!(found(None, "client_id=a&client_secret=").await, "a/-/form");
    assert_eq!(found(None, "client_id=a").await, "a/-/form");
    assert_eq!(found(basic, "client_id=nexus_client&client_secret=x").await, "two_credentials");
    assert_eq!(found(basic, "client_secret=").await, "nexus_client//basic");
}

#[tokio::test]
async fn ap_12_without_a_client_nothing_is_said_about_the_body() {
    for body in ["", "grant_type=password", "client_id=", "client_secret=x"] {
        assert_eq!(found(None, body).await, "unauthenticated", "{body}");
    }
    let mut json = token_request(None, "application/json", "{");
    assert_eq!(client::establish(&mut json).await.unwrap_err().code(), "unauthenticated");
    let mut json = token_request(Some("Basic YTpi"), "application/json", "{}");
    assert_eq!(client::establish(&mut json).await.unwrap_err().code(), "unsupported_media_type");
    assert_eq!(found(Some("Bearer abc"), "grant_type=password").await, "unauthenticated");
    assert_eq!(found(Some("Basic !"), "grant_type=password").await, "malformed_credentials");
}
