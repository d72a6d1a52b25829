//! Where clients send browsers.

use crate::{Error, Read, like};
use domain::id::Scope;

/// Whether some client of this scope that is in service redirects to an address that begins with this
/// text.
///
/// # Errors
/// The database fails.
pub fn redirects_to(r: &mut Read, scope: Scope, beginning: &str) -> Result<bool, Error> {
    // The column is a list in JSON, so an address stands behind a quote.
    let quoted = like::containing(&format!("\"{beginning}"));
    let found = r.query_one(
        "SELECT 1 FROM clients
         WHERE scope = $1 AND enabled = $2 AND NOT deleted AND redirect_uris LIKE $3 ESCAPE '!' LIMIT 1",
        &[scope.into(), true.into(), quoted.into()],
    )?;
    Ok(found.is_some())
}
