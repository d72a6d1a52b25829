//! What a form says of a key type.

use super::view;
use crate::console::{
    Faults, Form,
    form::cut,
    places::{Choice, Places, optional},
};
use domain::{
    id::TenantId,
    key_type::{Format, KeyType, Place, Reveal, Settings},
    rate_limit::Limit,
};
use service::{
    Error,
    key_types::{CreateKeyType, UpdateKeyType},
    keys::bad_limit,
};

/// Where what a use case says of a member stands in the form.
pub(super) const KNOWN: &[(&str, &str)] = &[
    ("name", "name"),
    ("description", "description"),
    ("format.prefix", "prefix"),
    ("prefix", "prefix"),
    ("presentedIn", "headers"),
    ("capacity", "capacity"),
    ("frequency", "frequency"),
    ("tenant", "tenant"),
];

/// What the fields hold, as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) name: String,
    pub(super) description: String,
    /// Whether secrets are random behind a prefix; UUIDs otherwise.
    pub(super) random: bool,
    pub(super) prefix: String,
    pub(super) reveals: Vec<Choice>,
    reveal: String,
    pub(super) bearer: bool,
    pub(super) headers: String,
    pub(super) parameters: String,
    pub(super) capacity: String,
    pub(super) frequency: String,
    pub(super) settings: Vec<Choice>,
    pub(super) version: String,
    /// Whose it may be; empty where there is no choice.
    pub(super) tenants: Places,
}

/// A type that still needs its tenant.
pub(super) struct Wanted {
    name: String,
    description: Option<String>,
    format: Format,
    reveal: Reveal,
    places: Vec<Place>,
    limit: Option<Limit>,
    settings: Settings,
}

impl Wanted {
    /// As a type of this tenant.
    pub(super) fn of(self, tenant: TenantId) -> CreateKeyType {
        CreateKeyType {
            tenant,
            name: self.name,
            description: self.description,
            format: self.format,
            reveal: self.reveal,
            presented_in: self.places,
            default_limit: self.limit,
            settings: self.settings,
        }
    }
}

impl Fields {
    /// What the form for a new one begins with.
    pub(super) fn of_new() -> Self {
        Self { random: true, bearer: true, headers: "x-api-key".to_owned(), ..Self::default() }
            .choosing(Reveal::OnceAcknowledged.as_str().to_owned(), Settings::ALL)
    }

    /// What is there.
    pub(super) fn of(key_type: &KeyType) -> Self {
        let named = |wanted: fn(&Place) -> Option<&str>| {
            let names: Vec<&str> = key_type.presented_in.iter().filter_map(wanted).collect();
            names.join("\n")
        };
        let limit = |part: fn(Limit) -> u32| {
            key_type.default_limit.map_or_else(String::new, |limit| part(limit).to_string())
        };
        Self {
            name: key_type.name.clone(),
            description: key_type.description.clone().unwrap_or_default(),
            random: matches!(key_type.format, Format::Random { .. }),
            prefix: key_type.format.prefix().unwrap_or_default().to_owned(),
            bearer: key_type.presented_in.contains(&Place::Bearer),
            headers: named(|place| match place {
                Place::Header(name) => Some(name),
                Place::Bearer | Place::Parameter(_) => None,
            }),
            parameters: named(|place| match place {
                Place::Parameter(name) => Some(name),
                Place::Bearer | Place::Header(_) => None,
            }),
            capacity: limit(Limit::capacity),
            frequency: limit(Limit::frequency_s),
            version: key_type.version.to_string(),
            ..Self::default()
        }
        .choosing(key_type.reveal.as_str().to_owned(), key_type.settings)
    }

    /// What was sent.
    pub(super) fn read(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let ticked = form.all("settings");
        let settings = Settings::from_words(ticked.iter().map(String::as_str));
        Self {
            name: text("name").trim().to_owned(),
            description: text("description"),
            random: form.text("format") != "uuid",
            prefix: text("prefix").trim().to_owned(),
            bearer: form.is_on("bearer"),
            headers: form.lines("headers").join("\n"),
            parameters: form.lines("parameters").join("\n"),
            capacity: text("capacity").trim().to_owned(),
            frequency: text("frequency").trim().to_owned(),
            version: text("version"),
            ..Self::default()
        }
        .choosing(text("reveal"), settings.unwrap_or_default())
    }

    fn choosing(self, reveal: String, settings: Settings) -> Self {
        let reveals = Reveal::ALL.map(|r| Choice {
            value: r.as_str().to_owned(),
            text: view::reveal(r).to_owned(),
            chosen: r.as_str() == reveal,
        });
        let ticked: Vec<&str> = settings.words().collect();
        let all = Settings::ALL.words().map(|word| Choice {
            value: word.to_owned(),
            text: view::setting(word).to_owned(),
            chosen: ticked.contains(&word),
        });
        let settings = all.collect();
        Self { reveals: reveals.into_iter().collect(), reveal, settings, ..self }
    }

    /// Whose the type may be: the whole installation has its own already.
    pub(super) fn places_of(&mut self, places: Places) {
        self.tenants = places.of_tenants();
    }

    /// The type to make.
    pub(super) fn wanted(&self) -> Result<Wanted, Faults> {
        let mut faults = Faults::default();
        let reveal = Reveal::parse(&self.reveal);
        if reveal.is_none() {
            faults.add("reveal", "Choose one of these.");
        }
        let places = self.presented_in(&mut faults);
        let limit = self.limit(&mut faults);
        match reveal {
            Some(reveal) if faults.is_empty() => Ok(Wanted {
                name: self.name.clone(),
                description: optional(&self.description),
                format: match self.random {
                    true => Format::Random { prefix: self.prefix.clone() },
                    false => Format::Uuid,
                },
                reveal,
                places,
                limit,
                settings: self.settings(),
            }),
            _ => Err(faults),
        }
    }

    /// The change of one.
    pub(super) fn update(&self) -> Result<UpdateKeyType, Faults> {
        let mut faults = Faults::default();
        let places = self.presented_in(&mut faults);
        let limit = self.limit(&mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(UpdateKeyType {
            description: Some(optional(&self.description)),
            presented_in: Some(places),
            default_limit: Some(limit),
            settings: Some(self.settings()),
            if_version: self.version.parse().ok(),
        })
    }

    fn settings(&self) -> Settings {
        let ticked = self.settings.iter().filter(|choice| choice.chosen);
        Settings::from_words(ticked.map(|choice| choice.value.as_str())).unwrap_or_default()
    }

    fn presented_in(&self, faults: &mut Faults) -> Vec<Place> {
        let mut places: Vec<Place> = if self.bearer { vec![Place::Bearer] } else { Vec::new() };
        for (field, kind, names, wanted) in [
            (
                "headers",
                "header",
                &self.headers,
                "a-z, 0-9 and -, and no header that means something else",
            ),
            ("parameters", "parameter", &self.parameters, "letters, digits, and any of - _ ."),
        ] {
            for name in names.lines() {
                match Place::parse(&format!("{kind} {name}")) {
                    Some(place) => places.push(place),
                    None if faults.of(field).is_none() => {
                        let name = cut(name);
                        faults.add(field, format!("“{name}” cannot be one: 1 to 64 of {wanted}."));
                    }
                    None => {}
                }
            }
        }
        if places.is_empty() && faults.is_empty() {
            faults.add("headers", "Say at least one place where a key is presented.");
        }
        places
    }

    fn limit(&self, faults: &mut Faults) -> Option<Limit> {
        if self.capacity.is_empty() && self.frequency.is_empty() {
            return None;
        }
        let numbers = [("capacity", &self.capacity), ("frequency", &self.frequency)];
        let [capacity, frequency] = numbers.map(|(field, text)| {
            let number = text.parse::<u32>().ok();
            if number.is_none() {
                faults.add(field, "Must be a whole number; leave both empty for no limit.");
            }
            number
        });
        match Limit::new(capacity?, frequency?).map_err(bad_limit) {
            Ok(limit) => Some(limit),
            Err(Error::Invalid { field, detail }) => {
                faults.add(field, crate::console::form::sentence(&detail));
                None
            }
            Err(_) => None,
        }
    }
}
