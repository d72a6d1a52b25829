//! Sample keys, sealed as real ones are.

use super::{
    Prepared, Sample, history,
    samples::{SampleKey, State},
};
use crate::{Service, error::Error};
use domain::{
    allow_list::AllowList,
    id::{KeyId, Scope},
    key::Key,
    key_type::{Format, KeyType, Permissions, Reveal},
    permission::Permission,
    secret::{self, Secret},
    time::Timestamp,
};

const DAY_S: i64 = 86_400;
/// How long ago what is being rotated got its second secret.
const ROTATED_S: i64 = 6 * 3_600;
/// How long its first one works on.
const OVERLAP_S: i64 = 2 * DAY_S;

impl Service {
    pub(super) async fn sample_key(
        &self,
        sample: &'static SampleKey,
        scope: Scope,
        prepared: &Prepared,
        at: Timestamp,
    ) -> Result<Sample, Error> {
        let mut own = prepared.key_types.iter().map(|(_, of_type)| of_type);
        let own = own.find(|t| t.name == sample.key_type).cloned();
        let of_type = self.key_type(scope, sample.key_type).or(own).ok_or(Error::NotFound)?;
        let born = self.born(sample, &of_type, scope, prepared, at)?;
        let rotated_at = (sample.state == State::Rotating).then(|| at.plus_seconds(-ROTATED_S));
        let keep_text = of_type.reveal == Reveal::Recoverable;
        let sealed = |slot: u8, secret: &Secret| {
            let sealed = self.keyring.seal_secret(&born, slot, secret, keep_text);
            sealed.map_err(|e| Error::Internal(Box::new(e)))
        };
        let first = self.sample_secret(&of_type, born.id).await?;
        let mut stored = vec![sealed(0, &first)?];
        let mut digests = vec![first.digest()];
        let hint = secret::hint(&first);
        let mut latest = hint.clone();
        if rotated_at.is_some() {
            let second = self.sample_secret(&of_type, born.id).await?;
            stored.push(sealed(1, &second)?);
            digests.push(second.digest());
            latest = secret::hint(&second);
        }
        if let [first, second] = stored.as_mut_slice() {
            first.ends_at = rotated_at.map(|at| at.plus_seconds(OVERLAP_S));
            first.created_at = Some(born.created_at);
            second.created_at = rotated_at;
        }
        let born = Key { hint, ..born };
        let days = |days: i64| Some(at.plus_seconds(days * DAY_S));
        let stores = !keep_text && sample.acknowledged;
        let mut key = Key {
            hint: latest,
            acknowledged_at: stores.then(|| born.created_at.plus_seconds(95)),
            ..born.clone()
        };
        match sample.state {
            State::Disabled => key.enabled = false,
            State::RevokedSince(since) => {
                key.revoked_at = days(-since);
                key.revoke_reason = Some("Replaced".to_owned());
            }
            State::Held => key.held_at = days(-5),
            _ => {}
        }
        let calls = Sample { born, key, sample, stored, digests, rotated_at };
        let version = history::steps(&calls, at).last().map_or(1, |(_, _, last)| last.version);
        let key = Key { version, ..calls.key.clone() };
        Ok(Sample { key, ..calls })
    }

    /// The key as it was made.
    fn born(
        &self,
        sample: &SampleKey,
        of_type: &KeyType,
        scope: Scope,
        prepared: &Prepared,
        at: Timestamp,
    ) -> Result<Key, Error> {
        let asked: Vec<Permission> =
            sample.permissions.iter().filter_map(|p| Permission::parse(p).ok()).collect();
        let permissions = of_type.grant(scope, &asked).map_err(|_| Error::NotFound)?;
        let allow_list = AllowList::from_entries(sample.allow_list.iter().copied())
            .map_err(|_| Error::NotFound)?;
        let maker = prepared.person(scope, sample.by);
        let personal = of_type.permissions == Permissions::OwnersRoles;
        let days = |days: i64| Some(at.plus_seconds(days * DAY_S));
        let (starts_at, expires_at) = match sample.state {
            State::StartsIn(start) => (days(start), None),
            State::ExpiresIn(end) => (None, days(end)),
            _ => (None, None),
        };
        Ok(Key {
            id: KeyId::from_bytes(self.entropy.bytes()),
            scope,
            key_type: of_type.name.clone(),
            name: sample.name.to_owned(),
            description: sample.description.map(str::to_owned),
            owner: maker.filter(|_| personal).map(|p| p.id),
            permissions,
            enabled: true,
            starts_at,
            expires_at,
            revoked_at: None,
            revoke_reason: None,
            limit: sample.limit().or(of_type.default_limit),
            allow_list,
            hint: String::new(),
            acknowledged_at: None,
            rotation: None,
            secret_ends_at: None,
            held_at: None,
            created_at: at.plus_seconds(-sample.days_old * DAY_S),
            created_by: maker.map_or_else(|| "ops".to_owned(), |p| p.username.clone()),
            version: 1,
        })
    }

    async fn sample_secret(&self, of_type: &KeyType, id: KeyId) -> Result<Secret, Error> {
        let mut entropy = self.entropy.as_fn();
        // A caller-chosen secret is most often a UUID, too.
        Ok(match &of_type.format {
            Format::Random { prefix } => secret::random(prefix, &mut entropy),
            Format::Uuid | Format::Chosen => secret::random_uuid(&mut entropy),
            Format::Jwt => self.key_jwt(id).await?,
        })
    }
}
