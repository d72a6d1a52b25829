use super::{api, made, nexus, verdict};
use it::World;
use serde_json::{Value, json};

const PATH: &str = "/v1/keys/verify-batch";

fn ask(questions: &[Value]) -> Value {
    json!({ "questions": questions })
}

#[tokio::test]
async fn each_question_gets_the_answer_that_it_gets_alone_in_its_order() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("verifier-a").await;
    let (_, one) = made(&admin, &api("one")).await;
    let (_, two) = made(&admin, &nexus("two")).await;
    let (_, foreign) = made(&world.person(r"t200\bob").await, &api("his")).await;
    let questions = [
        json!({"secret": one, "permissions": {"all": ["orders:read"]}}),
        json!({"secret": foreign}),
        json!({"secret": two, "keyType": "api"}),
        json!({"secret": "nothing \\ \" like a secret"}),
        json!({"secret": one, "permissions": {"all": ["orders:write"]}}),
        json!({"secret": two, "cost": 0}),
        json!({"secret": two, "cost": 121}),
    ];
    let answer = verifier.post(PATH, &ask(&questions)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answers = answer.json()["verdicts"].as_array().unwrap().clone();
    assert_eq!(answers.len(), questions.len());
    for (question, answer) in questions.iter().zip(&answers).take(6) {
        assert_eq!(verifier.post("/v1/keys/verify", question).await.json(), *answer, "{question}");
    }
    let told: Vec<&str> = answers.iter().filter_map(|a| a["verdict"].as_str()).collect();
    let wanted =
        ["VALID", "NOT_FOUND", "WRONG_TYPE", "NOT_FOUND", "INSUFFICIENT_PERMISSIONS", "VALID"];
    assert_eq!(told, wanted);
    assert_eq!(answers[6]["error"]["field"], "cost");
}

#[tokio::test]
async fn ap_04_a_thousand_questions_pass_and_a_wrong_body_takes_no_units() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut body = api("limited");
    body["limit"] = json!({"capacity": 1_000, "frequency": 60});
    let (_, secret) = made(&admin, &body).await;
    let question = json!({"secret": secret});
    let mut questions = vec![question; 1_000];
    questions[999] = json!({"secret": secret, "cost": 1_000_001});
    let refused = admin.post(PATH, &ask(&questions)).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_eq!(refused.json()["field"], "questions[999].cost");
    questions[999] = json!({"secret": secret});
    let verdicts = admin.post(PATH, &ask(&questions)).await.json();
    let verdicts = verdicts["verdicts"].as_array().unwrap().clone();
    assert!(verdicts.len() == 1_000 && verdicts.iter().all(|v| v["verdict"] == "VALID"));
    assert_eq!(verdict(&admin, &secret).await, "RATE_LIMITED");
    questions.push(json!({"secret": secret}));
    assert_eq!(admin.post(PATH, &ask(&questions)).await.status, 400);
    for bad in [
        json!({}),
        json!([]),
        json!({"questions": 1}),
        json!({"questions": [], "x": 1}),
        json!({"questions": [{"secret": "x", "more": 1}]}),
    ] {
        assert_eq!(admin.post(PATH, &bad).await.status, 400, "{bad}");
    }
    let long = json!({"questions": [{"secret": "x".repeat(1_100_000)}]});
    assert_eq!(admin.post(PATH, &long).await.status, 413);
    let wide = json!({"questions": [{"secret": "x".repeat(100_000)}]});
    assert_eq!(admin.post(PATH, &wide).await.json()["verdicts"][0]["verdict"], "NOT_FOUND");
}

#[tokio::test]
async fn a_stranger_finds_nothing_there() {
    let world = World::start().await;
    for caller in [world.anonymous(), world.client("powerless").await] {
        assert_eq!(caller.post(PATH, &ask(&[])).await.status, 404);
    }
}
