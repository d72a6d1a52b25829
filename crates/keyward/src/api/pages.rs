//! Lists: page after page, as far as they were asked for.

use super::{Api, Call, not_keyward};
use crate::failure::Failure;
use serde_json::Value;

/// What one page holds at most.
const PAGE: usize = 200;

impl Api {
    /// Walks through a list and hands over one page after the other, at most `limit` things. Returns
    /// the cursor of what comes behind them.
    ///
    /// # Errors
    /// A call was refused, or `each` fails.
    pub(crate) async fn pages(
        &mut self,
        call: impl Fn() -> Call,
        member: &str,
        limit: Option<usize>,
        mut each: impl FnMut(Vec<Value>) -> Result<(), Failure>,
    ) -> Result<Option<String>, Failure> {
        let mut left = limit.unwrap_or(usize::MAX);
        let mut cursor: Option<String> = None;
        loop {
            let size = left.min(PAGE);
            let call = call().query("limit", Some(size)).query("cursor", cursor.take());
            let mut page = self.ask(call).await?.json()?;
            let things = page.get_mut(member).map(Value::take);
            let Some(Value::Array(mut things)) = things else { return Err(not_keyward()) };
            things.truncate(left);
            left -= things.len();
            let next = page.get("nextCursor").and_then(Value::as_str).map(str::to_owned);
            let over = next.is_none() || left == 0 || things.is_empty();
            each(things)?;
            if over {
                return Ok(next);
            }
            cursor = next;
        }
    }
}
