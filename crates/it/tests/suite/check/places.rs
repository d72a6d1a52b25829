//! Where a key is read, and that there is only one (BT-03).

use super::*;
use http::Method;

fn places(name: &str, places: Vec<Place>) -> Policy {
    Policy { presented_in: places, ..policy(name) }
}

async fn status(caller: &Caller, path: &str) -> u16 {
    caller.get(path).await.status.as_u16()
}

#[tokio::test]
async fn a_key_is_read_in_the_places_of_its_policy_and_in_no_other() {
    let psk = Place::Header("authorization-psk".into());
    let world = world_of(vec![
        places("header", vec![Place::Header("x-api-key".into())]),
        places("psk", vec![psk]),
        places("bearer", vec![Place::Bearer]),
        places("parameter", vec![Place::Parameter("jwt".into())]),
    ])
    .await;
    let key = made(&world, json!({})).await;
    let text = secret(&key);
    let by_header =
        |name: &str, value: &str| asked(&world, "GET", "/orders?page=1").with_header(name, value);
    let bearer = format!("bEARER  {text}");
    let in_query = asked(&world, "GET", &format!("/orders?a=b&j%77t={text}&c"));
    let calls = [
        (by_header("x-api-key", text), "/check/header"),
        (by_header("authorization-psk", text), "/check/psk"),
        (by_header("authorization", &bearer), "/check/bearer"),
        (in_query, "/check/parameter"),
    ];
    for (at, (caller, _)) in calls.iter().enumerate() {
        for (place, (_, path)) in calls.iter().enumerate() {
            let wanted = if at == place { 200 } else { 401 };
            assert_eq!(status(caller, path).await, wanted, "{at} at {path}");
        }
    }
    for nothing in ["", "Bearer", "Bearer ", "Basic eDp5", "Negotiate abc", "Bearerx", "bearer\t"] {
        let caller = by_header("authorization", nothing);
        assert_eq!(status(&caller, "/check/bearer").await, 401, "{nothing}");
    }
}

#[tokio::test]
async fn bt_03_two_keys_in_one_call_are_refused_wherever_they_stand() {
    let all = vec![
        Place::Header("x-api-key".into()),
        Place::Header("authorization-psk".into()),
        Place::Bearer,
        Place::Parameter("jwt".into()),
        Place::Parameter("key".into()),
    ];
    let world = world_of(vec![places("all", all), orders()]).await;
    let key = made(&world, json!({})).await;
    let text = secret(&key);
    let bearer = format!("Bearer {text}");
    let two_headers = asked(&world, "GET", "/").with_header("x-api-key", text);
    let jwt = format!("/?jwt={text}");
    for (what, caller) in [
        ("the same header twice", two_headers.clone().with_header("x-api-key", text)),
        ("two lines, one empty", two_headers.clone().with_header("x-api-key", "")),
        ("two headers", two_headers.clone().with_header("authorization-psk", text)),
        ("a header and a token", two_headers.clone().with_header("authorization", &bearer)),
        ("header and query", asked(&world, "GET", &jwt).with_header("x-api-key", text)),
        ("token and query", asked(&world, "GET", &jwt).with_header("authorization", &bearer)),
        ("a parameter twice", asked(&world, "GET", &format!("{jwt}&jwt={text}"))),
        ("once encoded", asked(&world, "GET", &format!("{jwt}&%6awt={text}"))),
        ("two parameters", asked(&world, "GET", &format!("{jwt}&key={text}"))),
        (
            "two tokens",
            asked(&world, "GET", "/")
                .with_header("authorization", &bearer)
                .with_header("authorization", "Basic eDp5"),
        ),
    ] {
        let answer = caller.get("/check/all").await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text());
        assert_eq!(answer.json()["code"], "two_credentials", "{what}");
    }
    // What the policy does not read passes untouched.
    let other = asked(&world, "GET", &jwt)
        .with_header("x-api-key", text)
        .with_header("authorization-psk", "another thing")
        .with_header("authorization", "Basic eDp5");
    assert_eq!(status(&other, "/check/orders").await, 200);
}

#[tokio::test]
async fn bt_03_two_fields_that_a_proxy_joined_are_two_and_a_comma_is_in_no_token() {
    let world = world_of(vec![places("bearer", vec![Place::Bearer])]).await;
    let key = made(&world, json!({})).await;
    let text = secret(&key);
    for (field, code) in [
        (format!("Bearer {text},Bearer {text}"), "two_credentials"),
        (format!("Bearer {text}, bEARER other"), "two_credentials"),
        (format!("Bearer {text},Basic eDp5"), "two_credentials"),
        (format!("Basic eDp5, Bearer {text}"), "two_credentials"),
        (format!("Bearer {text},"), "malformed_credentials"),
        (format!("Bearer {text},{text}"), "malformed_credentials"),
    ] {
        let answer = asked(&world, "GET", "/").with_header("authorization", &field);
        let answer = answer.get("/check/bearer").await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (400, &json!(code)),
            "{field}"
        );
        assert!(!answer.text().contains(text));
    }
    // Commas of another scheme are its own.
    let digest =
        asked(&world, "GET", "/").with_header("authorization", "Digest a=\"b\", c=\"d e\"");
    assert_eq!(status(&digest, "/check/bearer").await, 401);
}

#[tokio::test]
async fn a_parameter_is_decoded_once_and_a_body_is_not_read() {
    let world = world_of(vec![places("parameter", vec![Place::Parameter("jwt".into())])]).await;
    let admin = world.person(r"t100\nexus").await;
    let chosen = "Spaceless/and+odd%chars=1";
    let key = json!({"keyType": "ges", "permissions": [], "name": "odd", "secret": chosen});
    made_by(&admin, key).await;
    let of = async |written: &str| {
        let caller = asked(&world, "GET", &format!("/?jwt={written}"));
        status(&caller, "/check/parameter").await
    };
    let encoded = chosen.replace('%', "%25").replace('+', "%2B");
    assert_eq!(of(&encoded).await, 200);
    assert_eq!(of(&encoded.replace('%', "%25")).await, 401, "decoded twice");
    assert_eq!(of(chosen).await, 401, "a plus is a space");
    assert_eq!(of("%ff%fe").await, 401, "no text");
    let form = format!("jwt={encoded}");
    let body = Some("application/x-www-form-urlencoded");
    let caller = asked(&world, "POST", "/");
    let answer = caller.send(Method::POST, "/check/parameter", body, form.into()).await;
    assert_eq!(answer.status, 401);
}
