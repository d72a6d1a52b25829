//! The same of persons and roles: every pair of an administrator and a person of random rights.

use super::{CLIENTS, caller, context, installation, is_refused, name, rights};
use domain::{
    id::{PersonId, Scope},
    right::{Right, Rights},
    secret::Secret,
};
use service::{
    Caller, Error, Service,
    persons::{CreatePerson, SetPassword, UpdatePerson},
    roles::{CreateRole, UpdateRole},
};

fn role(n: u64) -> String {
    format!("random_{n}")
}

fn wanted(username: String, roles: Vec<String>) -> CreatePerson {
    CreatePerson {
        scope: Scope::Cluster,
        username,
        roles,
        enabled: true,
        password: Some(Secret::new(it::world::PASSWORD.to_owned())),
        must_change_password: false,
        profile: domain::person::Profile::default(),
    }
}

fn new_role(name: String, rights: Rights) -> CreateRole {
    CreateRole { scope: None, name, rights, cluster_only: None }
}

/// A role of each set of rights, and a person who holds it.
async fn population(service: &Service) -> Vec<PersonId> {
    let operator = Caller::local("test", context());
    let mut persons = Vec::new();
    for n in 0..CLIENTS {
        service.create_role(&operator, new_role(role(n), rights(n))).await.expect("a role");
        let person = wanted(format!("holder-{n}"), vec![role(n)]);
        let made = service.create_person(&operator, person).await.expect("a person");
        persons.push(made.person.id);
    }
    persons
}

/// Everything that can be done to a person, and to the role that it holds.
async fn deeds(
    service: &Service,
    admin: &Caller,
    person: PersonId,
    n: u64,
) -> Vec<(&'static str, Result<(), Error>)> {
    let flip = UpdatePerson { must_change_password: Some(true), ..UpdatePerson::default() };
    let set = SetPassword { password: None, must_change: true, if_version: None };
    let none = UpdateRole { rights: Some(Rights::NONE), if_version: None };
    let operator = Caller::local("test", context());
    let lowered = service.update_role(admin, None, &role(n), none, |_| Ok(())).await.map(drop);
    if lowered.is_ok() {
        let back = UpdateRole { rights: Some(rights(n)), if_version: None };
        let back = service.update_role(&operator, None, &role(n), back, |_| Ok(())).await;
        back.expect("the role as it was");
    }
    vec![
        ("update", service.update_person(admin, person, flip, |_| Ok(())).await.map(drop)),
        ("set_password", service.set_person_password(admin, person, set).await.map(drop)),
        ("unlock", service.unlock_person(admin, person).await.map(drop)),
        ("update_role", lowered),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_person_more_than_they_hold_nor_touches_one_who_holds_more() {
    let (_place, service) = installation().await;
    let persons = population(&service).await;
    let manage: Rights = [Right::PersonsManage].into_iter().collect();
    let (mut allowed, mut refused) = (0, 0);
    for giver in 0..CLIENTS {
        let admin = caller(&service, &name(giver)).await;
        let held = admin.principal.rights();
        for (n, person) in (0..CLIENTS).zip(&persons) {
            let fits = held.has_all(manage) && held.has_all(rights(n));
            let mut done = deeds(&service, &admin, *person, n).await;
            let made = wanted(format!("made-{giver}-{n}"), vec![role(n)]);
            done.push(("create", service.create_person(&admin, made).await.map(drop)));
            let made = new_role(format!("made_{giver}_{n}"), rights(n));
            done.push(("create_role", service.create_role(&admin, made).await.map(drop)));
            if !fits {
                done.push(("delete", service.delete_person(&admin, *person, None).await));
            }
            for (deed, result) in done {
                assert_eq!(result.is_ok(), fits, "{giver} {deed} {n}: {result:?}");
                assert!(fits || is_refused(&result), "{giver} {deed} {n}: {result:?}");
                if fits { allowed += 1 } else { refused += 1 }
            }
        }
    }
    assert!(allowed > 20 && refused > 20, "{allowed} {refused}: the test proves nothing");
}
