//! The permissions that a policy wants, as one text: `a:b`, `a:b, a:c` (all), `a:b or a:c` (any), `none`.

use domain::policy::Wanted;
use toml::de::DeValue;

/// Wants nothing in particular. A word, because a text that is empty by accident must not open a route.
const NONE: &str = "none";
const OR: &str = " or ";

/// The text in its normal form. Whether each is a permission is checked where the policy is.
pub(super) fn from_text(text: &str) -> Option<String> {
    read(text).map(|wanted| written(&wanted))
}

/// The same, or `{ any = […] }`, `{ all = […] }` as the API writes them.
pub(super) fn from_toml(value: &DeValue<'_>) -> Option<String> {
    if let Some(text) = value.as_str() {
        return from_text(text);
    }
    let table = value.as_table()?;
    let mut members = table.iter();
    let ((name, list), None) = (members.next()?, members.next()) else { return None };
    let any = match name.get_ref().as_ref() {
        "any" => true,
        "all" => false,
        _ => return None,
    };
    let each =
        list.get_ref().as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
    let permissions = each.collect::<Option<Vec<_>>>()?;
    (!permissions.is_empty() || !any).then(|| written(&Wanted { any, permissions }))
}

/// The wish of a text in its normal form.
pub(in crate::config) fn read(text: &str) -> Option<Wanted> {
    if text.trim() == NONE {
        return Some(Wanted::default());
    }
    let (any, parts) = match text.contains(OR) {
        true => (true, text.split(OR).collect::<Vec<_>>()),
        false => (false, text.split(',').collect()),
    };
    let permissions: Vec<String> = parts.into_iter().map(|part| part.trim().to_owned()).collect();
    let whole = |part: &String| !part.is_empty() && !part.contains([' ', ',']);
    permissions.iter().all(whole).then_some(Wanted { any, permissions })
}

fn written(wanted: &Wanted) -> String {
    match wanted.permissions.as_slice() {
        [] => NONE.to_owned(),
        some if wanted.any => some.join(OR),
        some => some.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_have_one_normal_form() {
        for (text, normal) in [
            ("a:b", "a:b"),
            (" a:b ,a:c", "a:b, a:c"),
            ("a:b or  a:c or a:d", "a:b or a:c or a:d"),
            ("none", "none"),
        ] {
            assert_eq!(from_text(text).as_deref(), Some(normal), "{text}");
        }
        for text in ["", " ", "a:b,", "a:b or ", "a:b a:c", "a:b, a:c or a:d"] {
            assert_eq!(from_text(text), None, "{text}");
        }
    }
}
