//! Tenants, persons, roles, clients, key types and files of keys by commands.

use super::cli::Cli;
use it::{
    process::Process,
    world::{Place, TENANT},
};
use serde_json::{Value, json};
use std::fs;

async fn ops(place: &Place) -> (Process, Cli) {
    let process = Process::start(place, "").await.expect("the program starts");
    let cli = Cli::new(place, Some(&process.url));
    cli.sign_in("ops");
    (process, cli)
}

/// The only line that a command prints.
fn line(cli: &Cli, arguments: &[&str]) -> String {
    let said = cli.run(&[arguments, &["--quiet"]].concat());
    assert_eq!((said.code, said.out.lines().count()), (0, 1), "{arguments:?}: {said:?}");
    said.out.trim_end().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_is_set_up_and_taken_down_by_commands() {
    let place = Place::new();
    let (process, cli) = ops(&place).await;
    let tenant = line(&cli, &["tenants", "create", "--name", "Acme", "--domain", "acme"]);
    let of_it = ["--tenant", tenant.as_str()];
    let update = ["tenants", "update", &tenant, "--key-prefix", "acme_", "--if-version", "1"];
    assert_eq!(cli.json(&update)["keyPrefix"], "acme_");
    assert_eq!(cli.run(&update).code, 7, "an old version");
    for wanted in [true, false] {
        let update = ["tenants", "update", &tenant, "--require-allow-list", &wanted.to_string()];
        let policy = cli.json(&update)["policy"].clone();
        assert_eq!(policy["requireAllowList"] == true, wanted, "{policy}");
    }

    let realm = ["tenants", "update", &tenant, "--realm", "acme", "--signing-algorithm", "EdDSA"];
    assert_eq!(cli.json(&realm)["signingAlgorithm"], "EdDSA");
    let first = line(&cli, &["tenants", "rotate-signing-key", &tenant]);
    let rotate = ["tenants", "rotate-signing-key", &tenant, "--algorithm", "ES256", "--now"];
    let second = cli.json(&rotate);
    assert_eq!((&second["stage"], &second["algorithm"]), (&json!("signing"), &json!("ES256")));
    let keys = cli.json(&["tenants", "signing-keys", &tenant])["signingKeys"].clone();
    assert_eq!((&keys[0]["kid"], &keys[1]["kid"]), (&json!(first), &second["kid"]));

    let role = ["roles", "create", "verifier", "--right", "Keys.canVerify"];
    assert_eq!(line(&cli, &[&role[..], &of_it].concat()), "verifier");
    let person = ["persons", "create", "--username", "vera", "--role", "verifier"];
    let password = line(&cli, &[&person[..], &of_it].concat());
    let id = line(&cli, &[&["persons", "list"][..], &of_it].concat());
    let signed_in = cli.with("KEYWARD_PASSWORD", &password).run(&["token", "--user", "acme\\vera"]);
    assert_eq!(signed_in.code, 0, "the password that was made: {signed_in:?}");
    let another = line(&cli, &["persons", "set-password", &id]);
    assert_ne!(another, password);
    assert_eq!(cli.run(&["persons", "unlock", &id]).code, 0);
    assert_eq!(cli.json(&["persons", "update", &id, "--disabled"])["enabled"], false);
    let delete = [&["roles", "delete", "verifier"][..], &of_it].concat();
    assert_eq!(cli.run(&delete).code, 7, "somebody has it");
    assert_eq!(cli.run(&["persons", "delete", &id]).code, 0);
    assert_eq!(cli.run(&delete).code, 0);

    let client = ["clients", "create", "--client-id", "robot", "--grant", "client_credentials"];
    let secret = line(&cli, &[&client[..], &of_it, &["--role", "service"]].concat());
    let new = line(&cli, &["clients", "regenerate-secret", "robot"]);
    assert_ne!(new, secret);
    let token = ["token", "--client-id", "robot"];
    assert_eq!(cli.with("KEYWARD_CLIENT_SECRET", &secret).run(&token).code, 5, "the old one");
    assert_eq!(cli.with("KEYWARD_CLIENT_SECRET", &new).run(&token).code, 0);

    let key_type = ["key-types", "create", "parcels", "--prefix", "pcl_", "--setting", "name"];
    assert_eq!(line(&cli, &[&key_type[..], &of_it].concat()), "parcels");
    let key = ["keys", "create", "--key-type", "parcels", "--name", "k"];
    assert!(line(&cli, &[&key[..], &of_it].concat()).starts_with("pcl_"));
    let key = ["keys", "create", "--name", "k"];
    let secret = line(&cli, &[&key[..], &of_it].concat());
    assert!(secret.starts_with("acme_"), "the tenant's prefix");
    assert_eq!(cli.run(&["tenants", "delete", &tenant]).code, 0);
    let file = cli.file("secret", &secret);
    assert_eq!(cli.run(&["keys", "verify", "--secret-file", &file]).code, 4, "gone with it");
    let rights = cli.json(&["roles", "rights"]);
    assert!(rights["rights"].as_array().unwrap().len() > 10);
    assert_eq!(process.stop().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_says_by_commands_how_long_its_keys_live() {
    let place = Place::new();
    let (process, cli) = ops(&place).await;
    let tenant = line(&cli, &["tenants", "create", "--name", "Acme", "--domain", "acme"]);
    let of_it = ["--tenant", tenant.as_str()];
    let days = ["tenants", "update", &tenant, "--warning-days", "5,60"];
    assert_eq!(cli.json(&days)["policy"]["warningDays"], json!([60, 5]));
    let set = ["key-policies", "set", "api", "--longest-life-days", "90", "--description-required"];
    let set = [&set[..], &of_it].concat();
    assert_eq!(cli.json(&set)["longestLifeDays"], 90);
    assert_eq!(cli.run(&[&set[..], &["--if-version", "7"]].concat()).code, 7, "an old version");
    let every = [
        "key-policies",
        "set",
        "*",
        "--default-life-days",
        "30",
        "--most-keys",
        "5",
        "--most-keys-per-person",
        "3",
        "--most-new-per-minute",
        "2",
        "--unused-days",
        "60",
    ];
    assert_eq!(cli.json(&[&every[..], &of_it].concat())["unusedDays"], 60);
    let shown = cli.json(&[&["key-policies", "show", "*"][..], &of_it].concat());
    assert_eq!((&shown["mostKeys"], &shown["descriptionRequired"]), (&json!(5), &json!(false)));
    // Naming nothing is no way to take everything away; saying so is.
    let set = [&["key-policies", "set", "*"][..], &of_it].concat();
    for (more, told) in
        [(&[][..], "--unused-days"), (&["--clear", "--most-keys", "1"][..], "--clear")]
    {
        let said = cli.run(&[&set[..], more].concat());
        assert!(said.code == 2 && said.err.contains(told), "{said:?}");
    }
    assert_eq!(cli.json(&[&["key-policies", "show", "*"][..], &of_it].concat()), shown);
    let cleared = cli.json(&[&set[..], &["--clear"]].concat());
    assert_eq!((&cleared["mostKeys"], &cleared["unusedDays"]), (&Value::Null, &Value::Null));
    let listed = cli.run(&[&["key-policies", "list", "--quiet"][..], &of_it].concat());
    assert_eq!(listed.out, "*\napi\n");
    for of in ["*", "api"] {
        assert_eq!(cli.run(&[&["key-policies", "delete", of][..], &of_it].concat()).code, 0);
    }
    let own = cli.json(&["key-policies", "set", "nexus", "--most-keys", "100"]);
    assert_eq!(own["tenant"], "*", "whoever acts for the cluster");
    assert_eq!(process.stop().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_keys_come_in_and_go_out_without_secrets() {
    let place = Place::new();
    let (_process, cli) = ops(&place).await;
    let secrets: Vec<String> =
        (1..=3).map(|n| format!("3e3ef06e-2d41-4d1c-9d9f-0f8e0f8f8f7{n}")).collect();
    let record = |secret: &String| {
        let key = json!({"keyType": "nexus", "tenant": TENANT, "name": "old", "secret": secret,
            "permissions": ["nexus:consumer:chat"]});
        format!("{key}\n")
    };
    let bad = json!({"keyType": "nexus", "tenant": TENANT, "name": "bad", "digest": "md5:00"});
    let file =
        cli.file("keys.ndjson", &format!("{}{bad}\n{}", record(&secrets[0]), record(&secrets[1])));
    let rehearsed = cli.run(&["import", &file, "--dry-run"]);
    assert!(rehearsed.out.contains("2 would be created, 1 refused"), "{rehearsed:?}");
    let said = cli.run(&["keys", "import", &file]);
    assert!(said.code == 4 && said.out.contains("line 2: "), "{said:?}");
    assert!(said.out.contains("2 created, 1 refused"), "{said:?}");
    // Some more behind them, and all of it again: what is there is passed over.
    fs::write(&file, secrets.iter().map(record).collect::<String>()).unwrap();
    let again = cli.run(&["import", &file, "--json"]);
    let lines: Vec<Value> =
        again.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((again.code, lines.len()), (0, 4), "{again:?}");
    assert_eq!((&lines[0]["status"], &lines[2]["status"]), (&json!("exists"), &json!("created")));
    assert_eq!(lines[3]["summary"]["created"], 1);
    let file = cli.file("secret", &secrets[1]);
    assert_eq!(cli.run(&["keys", "verify", "--secret-file", &file]).code, 0);

    let out = place.folder().join("out.ndjson").display().to_string();
    assert_eq!(cli.run(&["keys", "export", "--out", &out]).code, 0);
    let text = fs::read_to_string(&out).unwrap();
    assert_eq!(text.lines().filter(|line| line.contains(r#""name":"old""#)).count(), 3);
    assert!(secrets.iter().all(|secret| !text.contains(secret)), "kr_09: no secret leaves");
    assert_eq!(cli.run(&["keys", "export", "--out", &out]).code, 1, "it is not written over");
    let csv = cli.run(&["keys", "export", "--format", "csv"]).out;
    assert!(csv.starts_with("id,keyType,"), "{csv}");
    let chain = cli.run(&["audit", "export", "--tenant", TENANT]);
    assert!(chain.code == 0 && chain.out.contains("key.import"), "{chain:?}");
    for line in chain.out.lines() {
        let _: Value = serde_json::from_str(line).expect("a line is JSON");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_master_key_is_replaced_by_commands() {
    let place = Place::new();
    let (process, cli) = ops(&place).await;
    assert_eq!(line(&cli, &["master-key", "status"]), "k1");
    let states = || {
        let keys = cli.json(&["master-key", "status"])["masterKeys"].clone();
        ["name", "state"].map(|member| {
            keys.as_array().expect("keys").iter().map(|k| k[member].clone()).collect::<Vec<_>>()
        })
    };
    assert_eq!(states(), [["k1"], ["writer"]]);
    assert_eq!(cli.run(&["master-key", "rotate"]).code, 0);
    assert_eq!(states()[0], ["k1", "k2"]);
    let shown = cli.run(&["master-key", "status"]);
    assert!(shown.code == 0 && shown.out.contains("SECRETS LEFT"), "{shown:?}");
    assert_eq!(cli.run(&["master-key", "retire", "k2"]).code, 7, "it is to write");
    process.stop().await.expect("it stops");
}
