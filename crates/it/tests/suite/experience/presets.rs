//! The gateway's presets of Experience Cloud, each with the keys of its type.

use super::{TYPES, made, wanted};
use domain::{
    gateway_route::{Upstream as To, preset},
    policy::Source,
};
use http::Method;
use it::{World, upstream::Upstream};
use service::rules::Configured;

#[tokio::test]
async fn a_preset_opens_with_the_keys_of_its_type_wherever_they_stand() {
    let (world, upstream) = (World::start().await, Upstream::start().await);
    let to = To {
        tls: false,
        host: upstream.address.ip().to_string(),
        port: upstream.address.port(),
        base: String::new(),
        configured: true,
    };
    let route = |name| preset(name).expect("a preset").route(to.clone(), Source::Configuration);
    let routes = TYPES.map(route).to_vec();
    let configured = Configured { routes, ..Configured::default() };
    world.service.configure_rules(configured).expect("routes that can be");
    let admin = world.person(r"t100\nexus").await;
    let mut jwts = Vec::new();
    for key_type in TYPES {
        jwts.push(made(&admin, &wanted(key_type)).await.1);
    }
    for (own, jwt) in TYPES.iter().zip(&jwts) {
        for preset in TYPES {
            let path = format!("/experience/{preset}/x?a=1");
            let bearer = world.anonymous().bearer(jwt).get(&path).await;
            let query = world.anonymous().get(&format!("{path}&jwt={jwt}")).await;
            let form = format!("b=2&jwt={jwt}");
            let kind = Some("application/x-www-form-urlencoded");
            let form = world.anonymous().send(Method::POST, &path, kind, form.into()).await;
            for answer in [&bearer, &query, &form] {
                let status = answer.status.as_u16();
                assert_eq!(status, if preset == *own { 200 } else { 401 }, "{own} at {preset}");
                assert!(!answer.text().contains(jwt.as_str()), "it stays here");
            }
            if preset == *own {
                assert_eq!(query.json()["path"], path);
                assert_eq!(form.json()["body"], "b=2");
            }
        }
    }
}
