//! Ceilings on what one caller asks for, whatever comes of it.

use crate::{caller::Caller, error::Error};
use domain::{
    actor::PrincipalId,
    rate_limit::{Limit, Taken, Window},
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Callers remembered at once; past that the idle ones are dropped.
const MAX_CALLERS: usize = 65_536;

/// A ceiling per person or client.
#[derive(Debug)]
pub(crate) struct PerCaller {
    limit: Limit,
    callers: Mutex<HashMap<PrincipalId, Window>>,
}

impl PerCaller {
    pub(crate) fn new(limit: Limit) -> Self {
        Self { limit, callers: Mutex::default() }
    }

    /// Takes one unit of the caller's.
    ///
    /// # Errors
    /// [`Error::Limited`] when there is none left. A command on the machine itself always has one.
    pub(crate) fn take(&self, caller: &Caller, mono_ns: u64) -> Result<(), Error> {
        if caller.local {
            return Ok(());
        }
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= MAX_CALLERS {
            callers.retain(|_, window| !window.is_idle(mono_ns, self.limit));
        }
        let window = callers.entry(caller.principal.id).or_default();
        match window.take(mono_ns, self.limit, 1, false).0 {
            Taken::Admitted { .. } => Ok(()),
            Taken::Refused { reset_after_ms, .. } => {
                let seconds = u32::try_from(reset_after_ms.div_ceil(1000)).unwrap_or(u32::MAX);
                Err(Error::Limited { retry_after_s: seconds.max(1) })
            }
        }
    }
}
