//! What a client asked for, on its way through the pages and back from an issuer outside.

pub(super) use crate::browser::Ticket;
