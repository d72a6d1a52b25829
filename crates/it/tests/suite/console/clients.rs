//! Clients at the console: made, changed, given another secret, switched off, deleted.

use super::looks::says_at;
use it::{
    Answer, Browser, World,
    browser::PageForm,
    console::{form_to, forms_of, offers},
    world::{CLIENT_SECRET, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::{Value, json};

/// What the page shows as a secret.
fn shown(page: &Answer) -> String {
    let text = page.text();
    let from =
        text.split("<code data-secret-text").nth(1).unwrap_or_else(|| panic!("no secret: {text}"));
    from.split_once('>').unwrap().1.split('<').next().unwrap().trim().to_owned()
}

/// The form in which a client is made: beside it stands that of the filters, which goes to the same path.
fn new_form(page: &Answer) -> PageForm {
    let forms = forms_of(page);
    let found = forms.into_iter().find(|form| form.value("client-id").is_some());
    found.unwrap_or_else(|| panic!("no form: {} {}", page.status, page.text()))
}

async fn stored(world: &World, client_id: &str) -> Value {
    let ops = world.person("ops").await;
    let answer = ops.get(&format!("/v1/clients/{client_id}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn gets_a_token(world: &World, client_id: &str, secret: &str) -> bool {
    let caller = world.anonymous().basic(client_id, secret);
    let fields = [("grant_type", "client_credentials")];
    caller.post_form("/auth/v3/oauth/token", &fields).await.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_made_and_its_secret_is_shown_once() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let page = browser.open("/console/clients").await;
    assert!(offers(&page, "/console/clients/new") && offers(&page, "/console/clients/service-a"));
    assert!(!page.text().contains("verifier-b"), "another tenant's client: {}", page.text());
    let page = browser.open("/console/clients/new").await;
    let form = new_form(&page)
        .with("client-id", "billing")
        .with("name", "Billing")
        .with("roles", "service\n")
        .with("redirect-uris", "https://a.example/cb\nhttps://b.example/cb");
    assert_eq!(form.value("tenant"), None, "there is one place alone");
    let made = browser.send_form(&form).await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(made.header("cache-control"), "no-store");
    let secret = shown(&made);
    assert!(gets_a_token(&world, "billing", &secret).await, "{secret}");
    let client = stored(&world, "billing").await;
    assert_eq!(client["tenant"], TENANT);
    assert_eq!(client["redirectUris"], json!(["https://a.example/cb", "https://b.example/cb"]));
    assert_eq!(client["grants"], json!(["client_credentials"]));
    let again = browser.send_form(&form).await;
    assert_eq!(again.status, 422);
    assert!(again.text().contains("This id is taken") && !again.text().contains(&secret));
    for path in ["/console/clients", "/console/clients/billing", "/console/clients/billing/edit"] {
        let page = browser.open(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains(&secret), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_client_stands_at_its_field() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, "ops").await;
    let page = browser.open("/console/clients/new").await;
    let good = new_form(&page).with("client-id", "billing").with("tenant", TENANT);
    for (field, value, wanted) in [
        ("client-id", "", "client-id-fault"),
        ("name", "\u{7}", "name-fault"),
        ("redirect-uris", "javascript:alert(1)", "redirect-uris-fault"),
        ("scopes", "a\"b", "scopes-fault"),
        ("roles", "no-such-role", "roles-fault"),
        ("contact-centers", "nonsense", "contact-centers-fault"),
        ("access-ttl", "an hour", "access-ttl-fault"),
        ("access-ttl", "99999999", "access-ttl-fault"),
        ("refresh-ttl", "0", "refresh-ttl-fault"),
        ("grants", "authorization_code", "redirect-uris-fault"),
    ] {
        // Those of the whole installation alone are confined to some.
        let tenant = if field == "contact-centers" { "*" } else { TENANT };
        let form = good.clone().with("tenant", tenant).with(field, value);
        let answer = browser.send_form(&form).await;
        assert_eq!(answer.status, 422, "{field}: {}", answer.text());
        assert!(answer.text().contains(&format!("id=\"{wanted}\"")), "{field}: {}", answer.text());
        let again = new_form(&answer);
        let name = if field == "client-id" { "" } else { "billing" };
        assert_eq!(again.value("client-id"), Some(name), "what was typed stays");
    }
    let secret = good.clone().and("public", "on").with("secret", "typed-in-vain-0123456789");
    let answer = browser.send_form(&secret).await;
    assert_eq!(answer.status, 422);
    assert!(!answer.text().contains("typed-in-vain"), "a secret is not shown again");
    let nowhere = good.with("tenant", "00000000-0000-4000-8000-000000000000");
    assert_eq!(browser.send_form(&nowhere).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_the_installation_is_confined_to_contact_centers() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, "ops").await;
    let page = browser.open("/console/clients/new").await;
    let form = new_form(&page)
        .with("client-id", "both")
        .with("tenant", "*")
        .with("secret", "chosen-by-ourselves-0123456789")
        .with("contact-centers", &format!("{TENANT}\n{OTHER_TENANT}"))
        .with("access-ttl", "900");
    let answer = browser.send_form(&form).await;
    assert_eq!(answer.header("location"), "/console/clients/both?done=client-created");
    let page = browser.follow(answer).await;
    assert!(page.text().contains("premise_tenant") && page.text().contains("other_tenant"));
    assert!(page.text().contains("15 minutes"), "{}", page.text());
    let client = stored(&world, "both").await;
    assert_eq!(client["contactCenters"], json!([TENANT, OTHER_TENANT]));
    assert_eq!(client["accessTtlSeconds"], 900);
    assert!(gets_a_token(&world, "both", "chosen-by-ourselves-0123456789").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_changed_as_it_was_shown() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = "/console/clients/service-a/edit";
    let page = browser.open(path).await;
    let form = form_to(&page, path);
    let untouched = browser.send_form(&form).await;
    assert_eq!(untouched.header("location"), "/console/clients/service-a?done=client-changed");
    assert_eq!(stored(&world, "service-a").await["version"], 1, "nothing changed");
    let form = form.with("name", "Service A, renamed").with("description", "says <b>what</b>");
    let answer = browser.send_form(&form).await;
    let page = browser.follow(answer).await;
    assert!(page.text().contains("Service A, renamed") && !page.text().contains("<b>what"));
    assert_eq!(stored(&world, "service-a").await["description"], "says <b>what</b>");
    let stale = browser.send_form(&form.with("name", "Another one")).await;
    assert_eq!(stale.status, 422);
    assert!(stale.text().contains("Somebody else changed this"), "{}", stale.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn se_05_a_new_secret_asks_who_one_is() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let path = "/console/clients/service-a/regenerate-secret";
    world.clock.advance_millis(400_000);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
    let page = browser.open(path).await;
    let form = form_to(&page, path);
    assert!(form.value("current-password").is_some(), "{}", page.text());
    for password in ["", "not the password"] {
        let answer = browser.send_form(&form.clone().with("current-password", password)).await;
        assert_eq!(answer.status, 422);
    }
    assert!(gets_a_token(&world, "service-a", CLIENT_SECRET).await, "nothing was replaced");
    let proved = form.with("current-password", it::world::PASSWORD);
    let made = browser.send_form(&proved).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let secret = shown(&made);
    assert!(gets_a_token(&world, "service-a", &secret).await);
    assert!(!gets_a_token(&world, "service-a", CLIENT_SECRET).await);
    let page = browser.open(path).await;
    let chosen = form_to(&page, path).with("secret", "one-of-our-own-0123456789");
    let answer = browser.send_form(&chosen).await;
    assert_eq!(answer.header("location"), "/console/clients/service-a?done=client-secret-set");
    assert!(gets_a_token(&world, "service-a", "one-of-our-own-0123456789").await);
    let twice = browser.send_form(&chosen).await;
    assert_eq!(twice.status, 422, "a form is good for what it showed");
    let log = world.person("ops").await.get("/v1/audit?limit=200").await.text();
    assert!(!log.contains(&secret) && !log.contains("one-of-our-own"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_switched_off_and_deleted() {
    let world = World::start().await;
    let mut browser = Browser::at_console(&world, r"t100\nexus").await;
    let list = browser.open("/console/clients").await;
    let mut form = form_to(&list, "/console/clients/switch");
    for (word, works) in [("disable", false), ("enable", true)] {
        form.action = format!("/console/clients/service-a/{word}");
        let answer = browser.send_form(&form).await;
        assert_eq!(answer.header("location"), format!("/console/clients?done=client-{word}d"));
        assert_eq!(gets_a_token(&world, "service-a", CLIENT_SECRET).await, works, "{word}");
    }
    let path = "/console/clients/service-a/delete";
    let page = browser.open(path).await;
    assert!(page.text().contains("for good"), "{}", page.text());
    let answer = browser.send_form(&form_to(&page, path)).await;
    assert_eq!(answer.header("location"), "/console/clients?done=client-deleted");
    assert!(!gets_a_token(&world, "service-a", CLIENT_SECRET).await);
    assert_eq!(browser.open("/console/clients/service-a").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_others_and_the_right_to_manage_any_are_kept_apart() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let page = nexus.open("/console/clients").await;
    let token = form_to(&page, "/console/sign-out").value("token").unwrap().to_owned();
    for part in ["", "/edit", "/delete", "/regenerate-secret"] {
        let path = format!("/console/clients/verifier-b{part}");
        assert_eq!(nexus.open(&path).await.status, 404, "{path}");
    }
    for part in ["/edit", "/enable", "/disable", "/delete", "/regenerate-secret"] {
        let path = format!("/console/clients/verifier-b{part}");
        assert_eq!(nexus.post(&path, &[("token", &token)]).await.status, 404, "{path}");
    }
    let mut vera = Browser::at_console(&world, r"t100\vera").await;
    let page = vera.open("/console").await;
    assert!(!offers(&page, "/console/clients"));
    assert_eq!(vera.open("/console/clients").await.status, 403);
    let token = form_to(&page, "/console/sign-out").value("token").unwrap().to_owned();
    let answer = vera.post("/console/clients", &[("token", &token), ("client-id", "x")]).await;
    assert_eq!(answer.status, 403);
}

/// A person who holds these rights and no others.
async fn person(world: &World, username: &str, rights: &[&str]) -> Browser {
    let admin = world.person(r"t100\nexus").await;
    let role = json!({"name": username, "rights": rights});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    let body = json!({"username": username, "roles": [username], "password": PASSWORD,
        "mustChangePassword": false});
    assert_eq!(admin.post("/v1/persons", &body).await.status, 201);
    Browser::at_console(world, &format!(r"t100\{username}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_of_a_client_are_ticked_and_nobody_gives_more_than_they_hold() {
    let world = World::start().await;
    let mut nexus = Browser::at_console(&world, r"t100\nexus").await;
    let page = nexus.open("/console/clients/new").await;
    let box_of = |role: &str| format!("type=\"checkbox\" name=\"roles\" value=\"{role}\"");
    assert!(page.text().contains(&box_of("viewer")) && page.text().contains(&box_of("admin")));
    assert!(!page.text().contains(&box_of("ops")), "the installation's alone");
    let form = new_form(&page).with("client-id", "billing");
    let made = nexus.send_form(&form.and("roles", "viewer").and("roles", "service")).await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(stored(&world, "billing").await["roles"], json!(["viewer", "service"]));
    let path = "/console/clients/billing/edit";
    let form = form_to(&nexus.open(path).await, path);
    let ticked = form.fields.iter().filter(|(name, _)| name == "roles").count();
    assert_eq!(ticked, 2);
    assert_eq!(nexus.send_form(&form.with("roles", "viewer")).await.status, 303);
    assert_eq!(stored(&world, "billing").await["roles"], json!(["viewer"]));
    let both = ["Clients.canManage", "Persons.canManage"];
    let mut clara = person(&world, "clara", &both).await;
    let page = clara.open("/console/clients/new").await;
    assert!(page.text().contains(&box_of("clara")) && !page.text().contains(&box_of("admin")));
    let form = new_form(&page).with("client-id", "evil").with("roles", "admin");
    let refused = clara.send_form(&form).await;
    assert!(refused.status == 422 && says_at(&refused, "roles"), "{}", refused.text());
    // What she could not give stays ticked, and nothing of the client is hers to change.
    let page = clara.open(path).await;
    let form = form_to(&page, path);
    assert_eq!(form.value("roles"), Some("viewer"), "{}", page.text());
    for form in [form.clone().with("name", "Hers"), form.without("roles")] {
        let refused = clara.send_form(&form).await;
        assert!(refused.status == 422 && says_at(&refused, "roles"), "{}", refused.text());
    }
    // Nor is it hers to end: what cannot be is not offered, and by its address said of the whole.
    let (list, own) = ("/console/clients", "/console/clients/billing");
    let (all, one) = (clara.open(list).await, clara.open(own).await);
    assert!(one.text().contains("holds rights that you do not"), "{}", one.text());
    for part in ["/edit", "/delete", "/regenerate-secret", "/enable", "/disable"] {
        let path = format!("{own}{part}");
        for page in [&all, &one] {
            assert!(!page.text().contains(&path), "{path}: {}", page.text());
        }
    }
    for part in ["/delete", "/regenerate-secret"] {
        let path = format!("{own}{part}");
        let asked = clara.open(&path).await;
        let refused = clara.send_form(&form_to(&asked, &path)).await;
        assert!(refused.status == 422 && refused.text().contains("You lack the right"));
        assert!(!refused.text().contains("mend what is marked"), "{}", refused.text());
    }
    assert!(offers(&nexus.open(own).await, path) && offers(&nexus.open(list).await, path));
    // Whoever may not read the roles types them.
    let mut cleo = person(&world, "cleo", &both[..1]).await;
    let page = cleo.open("/console/clients/new").await;
    assert!(page.text().contains("<textarea id=\"roles\""), "{}", page.text());
    let form = new_form(&page).with("client-id", "hers").with("roles", "cleo\n");
    assert_eq!(cleo.send_form(&form).await.status, 200);
}
