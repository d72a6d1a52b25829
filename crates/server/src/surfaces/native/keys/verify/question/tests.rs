#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
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

fn told(question: &Question<&str>) -> String {
    let permissions = question
        .permissions
        .as_ref()
        .map(|p| (p.all, p.wanted.iter().copied().collect::<Vec<&str>>()));
    format!(
        "{:?}",
        (
            question.secret,
            (question.key_type, question.tenant, permissions, question.client_address),
            (question.origin, question.method, question.path, question.cost),
        )
    )
}

/// What the quick reader takes, the strict one takes too and reads alike.
fn agree(body: &str) -> bool {
    let Some(quick) = read_plain(body.as_bytes()) else { return false };
    match read::<&str>(body.as_bytes()) {
        Ok(strict) => assert_eq!(told(&quick), told(&strict), "{body}"),
        Err(failure) => panic!("only the quick reader takes {body}: {failure:?}"),
    }
    true
}

#[test]
fn the_plain_question_is_read_without_serde() {
    for body in [
        r#"{"secret":"s"}"#,
        r#"{"secret":"ünï ✓ 𝄞","keyType":"nexus","permissions":{"all":["a:b"]}}"#,
        "{ \"secret\" : \"s\" , \"permissions\" : { \"any\" : [ \"a:b\" ,\"c:d\" ] } ,\r\n\"cost\" : 0 } ",
        r#"{"clientAddress":"1","origin":"2","method":"3","path":"4","tenant":"5","secret":"6","cost":1000000}"#,
    ] {
        assert!(agree(body), "{body}");
    }
    for other in [
        "",
        "{}",
        "[]",
        "{",
        r#"{"secret":"s""#,
        r#"{"secret":"s"} x"#,
        "{\"secret\":\"s\"}\u{c}",
        r#"{"secret":"s",}"#,
        r#"{"secret":"a\"b"}"#,
        "{\"secret\":\"a\tb\"}",
        r#"{"secret":null}"#,
        r#"{"secret":"s","secret":"t"}"#,
        r#"{"secret":"s","other":1}"#,
        r#"{"secret":"s","cost":01}"#,
        r#"{"secret":"s","cost":-1}"#,
        r#"{"secret":"s","cost":1.5}"#,
        r#"{"secret":"s","cost":99999999}"#,
        r#"{"secret":"s","permissions":{"all":["a:b"],"any":[]}}"#,
        r#"{"secret":"s","permissions":{"all":["a:b",]}}"#,
    ] {
        assert!(!agree(other), "{other}");
    }
}

#[test]
fn both_readers_agree_on_whatever_one_byte_makes_of_a_question() {
    let body = r#"{"secret":"s1","keyType":"nexus","permissions":{"all":["a:b","c:d"]},"cost":10}"#;
    let (mut plain, mut bytes) = (0, body.as_bytes().to_vec());
    for place in 0..bytes.len() {
        for other in (0..=255_u8).chain([b'"', b'\\', b'}', b' ']) {
            let before = std::mem::replace(&mut bytes[place], other);
            if let Ok(text) = std::str::from_utf8(&bytes) {
                plain += u32::from(agree(text));
            }
            bytes[place] = before;
        }
        let cut = &body[..place];
        assert!(!agree(cut), "{cut}");
    }
    assert!(plain > 1_000, "the quick reader takes next to nothing: {plain}");
}
