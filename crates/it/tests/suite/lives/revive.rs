//! Every route that could bring a revoked key back, or its secret: asked, in all the ways there are.

use super::history::{History, instant, rotation};
use http::{Method, StatusCode};
use serde_json::{Value, json};

const NDJSON: &str = "application/x-ndjson";

impl History {
    /// Tries to bring a key back that is revoked; nothing of it may have worked.
    pub(super) async fn revive(&mut self, place: usize) {
        let at = self.now();
        let key = &self.model.keys[place];
        if !key.is_revoked(at) || key.deleted {
            return;
        }
        let text = key.current().text.clone();
        for (action, body) in self.actions() {
            let path = self.path(place, action);
            let answer = self.post(&path, &body).await;
            self.refused(action, answer.status);
        }
        // Neither changes what a revoked key is worth; an acknowledgement is only a word.
        self.act(place, "enable").await;
        self.model.keys[place].acknowledged |= self.act(place, "acknowledge").await.status == 200;
        self.act(place, "retire-secret").await;
        // A copy is another key, with a life of its own that is no matter here.
        let copy = self.act(place, "copy").await;
        if copy.status == StatusCode::CREATED {
            let path = format!("/v1/keys/{}", copy.json()["id"].as_str().unwrap());
            assert_eq!(self.call(Method::DELETE, &path, None).await.status, 204);
        }
        for change in self.changes() {
            self.patch(place, &change).await;
        }
        let id = self.model.keys[place].id.clone();
        for change in [
            json!({"revoked": false}),
            json!({"revoked": instant(at + 1)}),
            json!({"revoked": false, "enabled": true, "expires": false}),
        ] {
            for name in [&id, &text] {
                let path = format!("/nexus/v3/apikeys/{name}");
                let answer = self.call(Method::PUT, &path, Some(&change)).await;
                self.refused("nexus", answer.status);
            }
        }
        self.again(&text).await;
        self.jobs().await;
        self.check();
        self.count("revive");
    }

    fn actions(&mut self) -> [(&'static str, Value); 4] {
        let later = self.soon();
        [
            ("rotate", json!({"overlapSeconds": 60, "endOverlap": true})),
            ("regenerate", json!({})),
            ("extend-overlap", json!({"overlapSeconds": 60})),
            ("revoke", json!({"at": instant(later)})),
        ]
    }

    fn changes(&mut self) -> Vec<Value> {
        let (later, schedule) = (self.soon(), self.some_schedule());
        vec![
            json!({"revoked": null}),
            json!({"enabled": true, "expires": instant(later)}),
            json!({"startsAt": null, "expires": null}),
            json!({"rotation": rotation(schedule)}),
            json!({"allowList": {}}),
        ]
    }

    /// The secret, as that of another key.
    async fn again(&mut self, text: &str) {
        let nexus = json!({"keyType": "nexus", "tenant": self.tenant, "name": "again",
            "permissions": ["nexus:consumer:chat"], "secret": text});
        let ges = json!({"keyType": "ges", "tenant": self.tenant, "name": "again", "secret": text});
        for body in [&nexus, &ges] {
            let answer = self.post("/v1/keys", body).await;
            self.refused("create", answer.status);
        }
        let body = nexus.to_string();
        let answer = self.imported(NDJSON, body).await;
        assert!(!answer.contains("\"imported\":1"), "{answer}\n{}", self.story());
        let published = json!({"tenant": self.tenant, "name": "again", "id": text,
            "permissions": ["nexus:consumer:chat"]});
        let answer = self.post("/nexus/v3/apikeys", &published).await;
        self.refused("nexus", answer.status);
    }

    fn refused(&self, what: &str, status: StatusCode) {
        assert!(status.is_client_error(), "{what}: {status}\n{}", self.story());
    }
}
