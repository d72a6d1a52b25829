//! Key types: the seeded ones, which never change, and those that tenants make. One operation, one
//! file; what a type lets happen to its keys is data of the type (`domain::key_type`).

mod known;

pub(crate) use known::KeyTypes;
