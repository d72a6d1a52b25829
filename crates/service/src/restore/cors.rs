//! Merges what was taken off the lists of origins: whoever was let call then and is not any more stays out.

use super::{merge::about, restoring};
use crate::{Service, error::Error};
use domain::{
    cors::{Cors, Setting, WebOrigin},
    id::{Scope, TenantId},
};
use store::{Read, Tx};

impl Service {
    /// Says whether the tenant's lists lost something.
    pub(super) async fn merge_cors(&self, newer: &Self, id: TenantId) -> Result<bool, Error> {
        let find = move |r: &mut Read| store::cors::find(r, id);
        let Some(was) = self.store.read(find).await? else { return Ok(false) };
        // A tenant that ended since is merged as one.
        let Some(is) = newer.store.read(find).await? else { return Ok(false) };
        let Some(ended) = ended_cors(&was, &is) else { return Ok(false) };
        let origin = restoring(self.now().wall);
        self.store
            .write(move |tx: &mut Tx| {
                store::cors::save(tx, &ended)?;
                let subject = ("cors", id.to_string());
                let event = about("cors.update", Scope::Tenant(id), &origin, subject);
                Ok(tx.commit(event.before(was.facts()).after(ended.facts()), true)?)
            })
            .await
    }
}

/// The restored lists without what the newer ones do not hold; `None`: they hold all of it.
fn ended_cors(was: &Cors, is: &Cors) -> Option<Cors> {
    let mut ended = was.clone();
    ended.origins.retain(|origin| is.origins.contains(origin));
    let old = |cors: &Cors| {
        let origins = cors.setting.as_ref().map(Setting::origins);
        origins.and_then(Result::ok).unwrap_or_default()
    };
    let (had, has) = (old(was), old(is));
    if let Some(setting) = &mut ended.setting {
        let both: Vec<&str> = had.intersection(&has).map(WebOrigin::as_str).collect();
        if both.len() < had.len() {
            setting.value = both.join(",");
        }
    }
    // With the new list gone the old one would count, and let in whom neither state let in.
    let (then, now) = (was.effective(), is.effective());
    if !ended.effective().iter().all(|origin| then.contains(origin) && now.contains(origin))
        && let Some(setting) = &mut ended.setting
    {
        setting.value.clear();
    }
    (ended != *was).then(|| Cors { version: was.version.saturating_add(1), ..ended })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn cors(origins: &[&str], old: Option<&str>) -> Cors {
        Cors {
            tenant: TenantId::from_u128(1),
            origins: origins.iter().map(|o| WebOrigin::parse(o).unwrap()).collect(),
            setting: old.map(|value| Setting {
                location: "/".to_owned(),
                shared: true,
                value: value.to_owned(),
            }),
            version: 3,
        }
    }

    #[test]
    fn r_08_an_origin_that_was_taken_away_stays_away() {
        let ends = |was: &Cors, is: &Cors| ended_cors(was, is).map(|c| (c.origins, c.setting));
        let some = |cors: Cors| Some((cors.origins, cors.setting));
        let two = cors(&["a.example", "b.example"], None);
        assert_eq!(ends(&two, &two), None);
        assert_eq!(ends(&two, &cors(&["a.example", "b.example", "c.example"], Some("d"))), None);
        assert_eq!(ends(&two, &cors(&["b.example"], None)), some(cors(&["b.example"], None)));
        let old = cors(&[], Some("https://a.example, https://b.example"));
        assert_eq!(ends(&old, &old), None, "as it was given");
        let less = cors(&[], Some("https://b.example"));
        assert_eq!(ends(&old, &less), some(cors(&[], Some("https://b.example"))));
        // The old list counts in neither state alone.
        let was = cors(&["a.example"], Some("https://old.example"));
        let is = cors(&["c.example"], Some("https://old.example"));
        assert_eq!(ends(&was, &is), some(cors(&[], Some(""))));
        let is = cors(&[], Some("https://old.example"));
        assert_eq!(ends(&was, &is), some(cors(&[], Some(""))));
    }
}
