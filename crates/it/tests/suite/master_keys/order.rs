//! Lists of master keys in another order than before, or than on another node.

use super::{FIRST, Opened, SECOND, THIRD, secret_of_new};
use it::world::Place;

fn state(name: &str, state: &str) -> (String, String) {
    (name.to_owned(), state.to_owned())
}

/// Whoever replaced it may have had to; and of two nodes with lists of two orders each would undo what
/// the other did.
#[tokio::test]
async fn kr_03_a_master_key_that_was_replaced_never_writes_again() {
    let place = Place::new();
    let opened = Opened::with(&place, &[FIRST], None).await.unwrap();
    let secret = secret_of_new(&opened.admin().await).await;
    opened.service.close().await;
    let opened = Opened::with(&place, &[SECOND, FIRST], None).await.unwrap();
    opened.service.reseal().await.unwrap();
    let replaced = [state("first", "retired"), state("second", "writer")];
    assert_eq!(opened.states().await, replaced);
    let other = match place.database_value().as_str() {
        "sqlite" => {
            opened.service.close().await;
            None
        }
        _ => Some(opened),
    };
    let opened = Opened::with(&place, &[FIRST, SECOND], None).await.unwrap();
    for _ in 0..2 {
        opened.service.settle_master_keys_now().await.unwrap();
        opened.service.reseal().await.unwrap();
        assert_eq!(opened.states().await, replaced);
        if let Some(other) = &other {
            other.service.settle_master_keys_now().await.unwrap();
        }
    }
    assert_eq!(opened.verdict(&secret).await, "VALID");
    opened.service.close().await;
    if let Some(other) = other {
        other.service.close().await;
    }
    // A new one does.
    let opened = Opened::with(&place, &[THIRD, FIRST, SECOND], None).await.unwrap();
    opened.service.reseal().await.unwrap();
    let again = [state("first", "retired"), state("second", "retired"), state("third", "writer")];
    assert_eq!(opened.states().await, again);
    assert_eq!(opened.verdict(&secret).await, "VALID");
    opened.service.close().await;
}
