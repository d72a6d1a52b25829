//! The protocols under loom. Not part of the ordinary suite:
//! `RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR=target/loom cargo test -p verifier --release --test loom`

#![cfg(loom)]
#![allow(missing_docs, reason = "tests")]

#[test]
fn r_09_a_reader_sees_no_half_of_a_publication() {
    verifier::loom_models::publish_and_read();
}

#[test]
fn r_09_a_slot_given_to_another_key_is_not_taken_for_the_last_one() {
    verifier::loom_models::retire_and_reuse();
}

#[test]
fn a_secret_is_found_throughout_a_rotation() {
    verifier::loom_models::rotate_and_find();
}

#[test]
fn r_11_claims_and_sweeps_forget_no_unit_and_lose_no_count() {
    verifier::loom_models::claim_and_sweep();
}
