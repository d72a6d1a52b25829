#![allow(clippy::unwrap_used)]
use super::*;

fn refused(body: &str) -> String {
    match read::<&str>(body.as_bytes()) {
        Err(Failure::BadJson { field, detail }) => {
            format!("{}: {detail}", field.unwrap_or_default())
        }
        _ => panic!("accepted: {body}"),
    }
}

fn wanted(body: &str) -> String {
    let question = read::<&str>(body.as_bytes()).unwrap();
    let (mut room, mut more) = ([""; FEW], Vec::new());
    match question.wants(&mut room, &mut more) {
        Ok(wants) => format!("{wants:?}"),
        Err(failure) => failure.detail().into_owned(),
    }
}

#[test]
fn the_whole_question_is_read() {
    let question = read::<&str>(
        br#"{"secret":"s","keyType":"nexus","tenant":"*","permissions":{"all":["a:b"]},
             "clientAddress":"203.0.113.7","origin":"https://x.example","method":"POST",
             "path":"/chat","cost":0}"#,
    )
    .unwrap();
    assert_eq!(question.tenant().unwrap(), Some(Scope::Cluster));
    assert_eq!(question.client_address().unwrap(), Some([203, 0, 113, 7].into()));
    assert_eq!(question.cost().unwrap(), 0);
    assert_eq!(question.key_type(), Some("nexus"));
    assert_eq!(question.path(), Some("/chat"));
}

#[test]
fn only_the_secret_is_needed_and_nothing_unknown_is_taken() {
    assert_eq!(read::<&str>(br#"{"secret":"s"}"#).unwrap().cost().unwrap(), 1);
    assert_eq!(refused("{}"), "secret: the member is missing");
    assert!(refused(r#"{"secret":"s","extra":1}"#).contains("unknown"));
    assert!(refused(r#"{"secret":"s","secret":"t"}"#).contains("twice"));
    assert!(refused(r#"["s"]"#).contains("object"));
    assert!(refused(r#"{"secret":"s","cost":-1}"#).starts_with("cost: "));
    assert!(refused(r#"{"secret":5}"#).starts_with("secret: "));
}

#[test]
fn permissions_have_one_of_all_and_any() {
    assert_eq!(wanted(r#"{"secret":"s"}"#), "Nothing");
    assert_eq!(
        wanted(r#"{"secret":"s","permissions":{"any":["a:b","c:d"]}}"#),
        r#"Any(["a:b", "c:d"])"#
    );
    assert!(wanted(r#"{"secret":"s","permissions":{"all":["a:*"]}}"#).contains("permissions"));
    for bad in ["{}", "[[\"a:b\"]]", r#"{"all":[],"any":[]}"#, r#"{"none":[]}"#, r#"{"all":"a:b"}"#]
    {
        let body = format!(r#"{{"secret":"s","permissions":{bad}}}"#);
        assert!(refused(&body).starts_with("permissions"), "{bad}");
    }
}

#[test]
fn a_long_list_keeps_its_order() {
    let list: Vec<String> = (0..20).map(|n| format!("\"a:b{n}\"")).collect();
    let body = format!(r#"{{"secret":"s","permissions":{{"all":[{}]}}}}"#, list.join(","));
    assert_eq!(wanted(&body), format!("All([{}])", list.join(", ")));
}

#[test]
fn escapes_are_read_into_owned_text() {
    let body = br#"{"secret":"s\u002d1","permissions":{"all":["a:\u0062"]}}"#;
    assert!(read::<&str>(body).is_err());
    let question = read::<String>(body).unwrap();
    assert_eq!(question.secret, "s-1");
}
