//! HTTP/2 as an attacker speaks it: frames that are cheap to send and dear to take (HT-04).
//!
//! Nothing here is timed. A flood sends so many frames and then falls silent: the server has said GOAWAY
//! or hung up because of what it got, or it never will. Meanwhile others are served.

mod attacker;

use attacker::{
    Attacker, CONTINUATION, DATA, END_STREAM, Ended, GOAWAY, HEADERS, Other, PING, PRIORITY,
    RST_STREAM, SETTINGS, UNKNOWN, WINDOW_UPDATE, block, frame, get, post,
};
use it::World;
use server::{ListenerConfig, Listeners, peer::SurfaceSet};
use std::{net::SocketAddr, time::Duration};

/// More than the longest allowance, far less than a flood.
const ROUNDS: u32 = 1_200;
/// A flood that is let through must end too.
const LONG: Duration = Duration::from_secs(30);

/// A server with a socket.
async fn serve(world: &World) -> SocketAddr {
    let address = "127.0.0.1:0".parse().expect("an address");
    let config = ListenerConfig { address, surfaces: SurfaceSet::ALL, certificate: None };
    let listeners = Listeners::bind(&[config]).await.expect("a socket");
    let address = listeners.addresses().expect("addresses")[0];
    tokio::spawn(server::serve(listeners, world.app.clone(), std::future::pending()));
    address
}

/// One round of a flood, on a fresh stream where it needs one.
type Round = fn(&mut Attacker) -> Vec<u8>;

/// Sends the rounds, all at once or so many between two waits, and looks what became of it.
async fn flood(address: SocketAddr, rounds: u32, at_once: u32, round: Round) -> Ended {
    let mut other = Other::connect(address).await;
    let mut attacker = Attacker::connect(address).await;
    let mut sent = 0;
    while sent < rounds {
        let some = at_once.min(rounds - sent);
        let bytes: Vec<u8> = (0..some).flat_map(|_| round(&mut attacker)).collect();
        attacker.send(&bytes).await;
        sent += some;
        if at_once < rounds {
            attacker.catch_up().await;
        }
        other.is_served().await;
    }
    let ended = attacker.ended().await;
    other.is_served().await;
    ended
}

/// What the flood is called, its round, and after how many of them it is over.
type Flood = (&'static str, Round, u32);

/// Whether it comes in one piece or in many, it is over after so many rounds.
async fn all_end(floods: &[Flood]) {
    let world = World::start().await;
    let address = serve(&world).await;
    for (name, round, rounds) in floods {
        for at_once in [*rounds, 40] {
            let ended = flood(address, *rounds, at_once, *round).await;
            assert_ne!(ended, Ended::Not, "{name}, {at_once} at once: {rounds} rounds are taken");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ht_04_requests_that_are_reset_at_once_end_in_goaway() {
    let whole: Round = |attacker| {
        let stream = attacker.stream();
        [get(stream), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])].concat()
    };
    let begun: Round = |attacker| {
        let stream = attacker.stream();
        [post(stream), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])].concat()
    };
    all_end(&[("whole requests", whole, ROUNDS), ("begun requests", begun, ROUNDS)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ht_04_making_the_server_reset_is_no_better_than_resetting() {
    let floods: [Flood; 5] = [
        ("a window that grows by nothing", |a| made(a, WINDOW_UPDATE, &[0; 4]), 120),
        ("a window that overflows", |a| made(a, WINDOW_UPDATE, &[0x7f, 255, 255, 255]), 120),
        ("a priority that is too short", |a| made(a, PRIORITY, &[0; 4]), 120),
        (
            "a stream that depends on itself",
            |attacker| {
                let stream = attacker.stream();
                let payload = [&stream.to_be_bytes()[..], &[16]].concat();
                [post(stream), frame(PRIORITY, 0, stream, &payload)].concat()
            },
            ROUNDS,
        ),
        (
            "data after the end",
            |attacker| {
                let stream = attacker.stream();
                [get(stream), frame(DATA, 0, stream, b"x")].concat()
            },
            ROUNDS,
        ),
    ];
    all_end(&floods).await;
}

/// A request and a frame on its stream that no peer may send.
fn made(attacker: &mut Attacker, kind: u8, payload: &[u8]) -> Vec<u8> {
    let stream = attacker.stream();
    [post(stream), frame(kind, 0, stream, payload)].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ht_04_floods_of_frames_beside_requests_end_in_goaway() {
    let floods: [Flood; 6] = [
        ("settings", |_| frame(SETTINGS, 0, 0, &[]), ROUNDS),
        ("settings that change", |_| frame(SETTINGS, 0, 0, &[0, 4, 0, 1, 0, 0]), ROUNDS),
        ("pings", |_| frame(PING, 0, 0, &[7; 8]), ROUNDS),
        ("window updates", |_| frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]), ROUNDS),
        ("priorities", |_| frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 16]), ROUNDS),
        ("unknown frames", |_| frame(UNKNOWN, 0, 0, b"?"), ROUNDS),
    ];
    all_end(&floods).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ht_04_empty_data_and_endless_headers_end_in_goaway() {
    let world = World::start().await;
    let address = serve(&world).await;
    let empty = frame(DATA, 0, 1, &[]);
    // `x: y`, never indexed, so that the table does not grow: only the list does.
    let field = [0x10, 1, b'x', 1, b'y'];
    let endless = [
        frame(HEADERS, END_STREAM, 1, &block(false)),
        frame(CONTINUATION, 0, 1, &field).repeat(2_000),
    ];
    let nothing =
        [frame(HEADERS, END_STREAM, 1, &block(false)), frame(CONTINUATION, 0, 1, &[]).repeat(200)];
    let floods =
        [("empty data", [post(1), empty.repeat(300)]), ("endless", endless), ("nothing", nothing)];
    for (name, bytes) in floods {
        let mut other = Other::connect(address).await;
        let mut attacker = Attacker::connect(address).await;
        attacker.send(&bytes.concat()).await;
        assert_ne!(attacker.ended().await, Ended::Not, "{name}");
        other.is_served().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_client_of_http2_is_left_alone() {
    let world = World::start().await;
    let address = serve(&world).await;
    let mut client = Attacker::connect(address).await;
    for _ in 0..ROUNDS {
        // A keep-alive and room for more, beside every call.
        let beside =
            [frame(PING, 0, 0, &[7; 8]), frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1])].concat();
        client.send(&beside).await;
        client.catch_up().await;
    }
    let stream = client.stream();
    client.send(&get(stream)).await;
    while let Some(frame) = client.read().await {
        assert_ne!(frame.kind, GOAWAY);
        if frame.stream == stream {
            return;
        }
    }
    panic!("it was hung up on");
}
