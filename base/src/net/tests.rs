//! Tests of both networks.

use std::{io, sync::Arc, time::Duration};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Abort, Addr, Conn, DialError, Endpoint, EndpointError, LinkState, Net, TcpNet, pipe};
use crate::{Env, Sim, process::Stopped};

/// Two ends of one connection, the client's first.
async fn connected(client: &dyn Net, server: &dyn Net, at: Addr) -> [(Box<dyn Conn>, Abort); 2] {
    let mut listener = server.listen(at).await.unwrap();
    let near = client.dial(listener.local()).await.unwrap();
    let far = listener.accept().await.unwrap();
    [near, far]
}

async fn in_simulation(sim: &Sim) -> ([Env; 2], [(Box<dyn Conn>, Abort); 2]) {
    let envs = ["client", "server"].map(|name| sim.process(name));
    let ends = connected(&*envs[0].net, &*envs[1].net, Addr::new("a.test", 0)).await;
    (envs, ends)
}

async fn everything(conn: &mut Box<dyn Conn>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    conn.read_to_end(&mut bytes).await.map(|_| bytes)
}

/// Reads until the connection fails, and says how.
async fn until_error(conn: &mut Box<dyn Conn>) -> (Vec<u8>, io::ErrorKind) {
    let mut bytes = Vec::new();
    loop {
        match conn.read_buf(&mut bytes).await {
            Ok(0) => return (bytes, io::ErrorKind::UnexpectedEof),
            Ok(_) => {}
            Err(error) => return (bytes, error.kind()),
        }
    }
}

async fn half_close(client: &dyn Net, server: &dyn Net, at: Addr) {
    let [(mut near, _), (mut far, _)] = connected(client, server, at).await;
    near.write_all(b"question").await.unwrap();
    near.shutdown().await.unwrap();
    assert_eq!(everything(&mut far).await.unwrap(), b"question");
    far.write_all(b"answer").await.unwrap();
    drop(far);
    assert_eq!(everything(&mut near).await.unwrap(), b"answer");
    assert!(near.write_all(b"more").await.is_err());
}

async fn reset_and_close(client: &dyn Net, server: &dyn Net, at: Addr) {
    let [(mut near, _), (mut far, abort)] = connected(client, server, at.clone()).await;
    far.write_all(b"half an ans").await.unwrap();
    let mut half = [0; 11];
    near.read_exact(&mut half).await.unwrap();
    abort.reset();
    assert_eq!(until_error(&mut near).await, (vec![], io::ErrorKind::ConnectionReset));
    assert_eq!(until_error(&mut far).await, (vec![], io::ErrorKind::ConnectionReset));

    let [(mut near, _), (mut far, abort)] = connected(client, server, at).await;
    far.write_all(b"all").await.unwrap();
    abort.close();
    assert_eq!(everything(&mut near).await.unwrap(), b"all");
    let error = far.write_all(b"more").await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    abort.reset();
}

async fn refused(client: &dyn Net, server: &dyn Net, at: Addr) {
    let listener = server.listen(at).await.unwrap();
    let local = listener.local();
    let again = Addr { host: local.host.clone(), port: local.port };
    let error = server.listen(again).await.map(drop).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    drop(listener);
    assert_eq!(client.dial(local).await.map(drop), Err(DialError::Refused));
}

#[test]
fn simulated_connections_behave() {
    Sim::run(1, async |sim| {
        let [client, server] = ["client", "server"].map(|name| sim.process(name).net);
        half_close(&*client, &*server, Addr::new("a.test", 0)).await;
        reset_and_close(&*client, &*server, Addr::new("a.test", 0)).await;
        refused(&*client, &*server, Addr::new("a.test", 0)).await;
        assert_eq!(sim.net().open_connections(), 0);
    });
}

#[tokio::test]
async fn real_connections_behave() {
    half_close(&TcpNet, &TcpNet, Addr::loopback()).await;
    reset_and_close(&TcpNet, &TcpNet, Addr::loopback()).await;
    refused(&TcpNet, &TcpNet, Addr::loopback()).await;
}

#[tokio::test]
async fn a_reset_wakes_whoever_waits_for_a_real_connection() {
    let [(near, _), (mut far, abort)] = connected(&TcpNet, &TcpNet, Addr::loopback()).await;
    let reading = crate::Process::production("reader");
    let task = reading.spawn("read", async move { until_error(&mut far).await });
    tokio::task::yield_now().await;
    abort.reset();
    assert_eq!(task.await.unwrap(), (vec![], io::ErrorKind::ConnectionReset));
    drop(near);
}

#[test]
fn ports_are_given_in_order_and_names_are_one_for_loopback() {
    Sim::run(1, async |sim| {
        let net = sim.process("server").net;
        let mut ports = Vec::new();
        let mut listeners = Vec::new();
        for host in ["a.test", "A.test", "b.test", "localhost", "127.0.0.1"] {
            let listener = net.listen(Addr::new(host, 0)).await.unwrap();
            ports.push(listener.local().to_string());
            listeners.push(listener);
        }
        assert_eq!(listeners.len(), 5);
        assert_eq!(
            ports,
            ["a.test:49152", "a.test:49153", "b.test:49152", "127.0.0.1:49152", "127.0.0.1:49153"]
        );
        net.dial(Endpoint::new("LocalHost", 49152)).await.unwrap();
    });
}

#[test]
fn a_chunk_travels_as_long_as_its_connection_takes_and_in_order() {
    let arrivals = |seed| {
        Sim::run(seed, async |sim| {
            sim.net().set_latency(3..=9, 4);
            let (_envs, [(mut near, _), (mut far, _)]) = in_simulation(&sim).await;
            let start = sim.clock().now();
            let mut arrivals = Vec::new();
            for number in 0..20_u8 {
                near.write_all(&[number]).await.unwrap();
            }
            for number in 0..20_u8 {
                assert_eq!(far.read_u8().await.unwrap(), number);
                arrivals.push(sim.clock().now().duration_since(start).as_millis());
            }
            arrivals
        })
    };
    let first = arrivals(1);
    assert!(first.is_sorted() && (3..=13).contains(&first[0]), "{first:?}");
    assert_eq!(arrivals(1), first);
    assert!((2..9).any(|seed| arrivals(seed) != first));
}

#[test]
fn a_writer_waits_when_the_buffer_is_full_and_goes_on_when_it_is_read() {
    Sim::run(1, async |sim| {
        let (envs, [(mut near, _), (mut far, _)]) = in_simulation(&sim).await;
        let sent = 5 * pipe::BUFFER_BYTES / 2;
        let written = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = written.clone();
        let writer = envs[0].process.spawn("write", async move {
            let bytes = vec![7; 1000];
            let mut left = sent;
            while left > 0 {
                let length = near.write(&bytes[..left.min(1000)]).await.unwrap();
                count.fetch_add(length, std::sync::atomic::Ordering::Relaxed);
                left -= length;
            }
        });
        let written = || written.load(std::sync::atomic::Ordering::Relaxed);
        sim.advance(Duration::from_secs(60)).await;
        assert_eq!(written(), pipe::BUFFER_BYTES);
        let mut some = vec![0; 300];
        far.read_exact(&mut some).await.unwrap();
        sim.advance(Duration::from_secs(60)).await;
        assert_eq!(written(), pipe::BUFFER_BYTES + 300);
        assert_eq!(everything(&mut far).await.unwrap().len(), sent - 300);
        writer.await.unwrap();
    });
}

#[test]
fn a_writer_that_waits_learns_of_a_reset() {
    Sim::run(1, async |sim| {
        let (envs, [(mut near, _), (far, abort)]) = in_simulation(&sim).await;
        let writer = envs[0].process.spawn("write", async move {
            near.write_all(&vec![7; 2 * pipe::BUFFER_BYTES]).await.unwrap_err().kind()
        });
        sim.advance(Duration::from_secs(1)).await;
        abort.reset();
        assert_eq!(writer.await.unwrap(), io::ErrorKind::ConnectionReset);
        drop(far);
        assert_eq!(sim.net().open_connections(), 0);
    });
}

#[test]
fn a_link_fails_new_connections_in_its_way_and_holds_back_bytes_while_cut() {
    Sim::run(1, async |sim| {
        let client = sim.process("client").net;
        let mut listener = sim.process("server").net.listen(Addr::new("a.test", 80)).await.unwrap();
        let at = listener.local();
        let dial = || async { client.dial(at.clone()).await.map(drop).unwrap_err() };
        for error in [DialError::Refused, DialError::Unreachable, DialError::Tls] {
            sim.net().set_link(&at, LinkState::Failing(error));
            assert_eq!(dial().await, error);
        }
        sim.net().set_link(&at, LinkState::Failing(DialError::Timeout));
        let before = sim.clock().now();
        assert_eq!(dial().await, DialError::Timeout);
        assert_eq!(sim.clock().now(), before + Duration::from_secs(20));

        sim.net().set_link(&at, LinkState::Up);
        let (mut near, _) = client.dial(at.clone()).await.unwrap();
        let (mut far, _) = listener.accept().await.unwrap();
        near.write_all(b"early").await.unwrap();
        sim.net().set_link(&at, LinkState::Cut);
        assert_eq!(dial().await, DialError::Timeout);
        let read = sim.process("reader").process.spawn("read", async move {
            let mut bytes = [0; 5];
            far.read_exact(&mut bytes).await.map(|_| (bytes, far))
        });
        sim.advance(Duration::from_secs(3600)).await;
        assert!(!read.is_finished());
        sim.net().set_link(&at, LinkState::Up);
        let (bytes, mut far) = read.await.unwrap().unwrap();
        assert_eq!(&bytes, b"early");

        sim.net().reset(&at);
        assert_eq!(until_error(&mut near).await.1, io::ErrorKind::ConnectionReset);
        assert_eq!(until_error(&mut far).await.1, io::ErrorKind::ConnectionReset);
    });
}

#[test]
fn after_a_kill_no_byte_leaves_and_the_peer_sees_a_reset() {
    let config = crate::sim::Config { trace_max: 4096, ..crate::sim::Config::new(1) };
    Sim::run_with(&config, async |sim| {
        let server = sim.process("server");
        let mut listener = server.net.listen(Addr::new("a.test", 0)).await.unwrap();
        let at = listener.local();
        let engine = sim.process("engine");
        let (net, me, to) = (engine.net.clone(), engine.process.clone(), at.clone());
        let run = engine.process.spawn("run", async move {
            let own = net.listen(Addr::new("engine.test", 80)).await.unwrap();
            let (mut conn, _) = net.dial(to).await.unwrap();
            conn.write_all(b"before").await.unwrap();
            me.kill();
            // Nothing stops the code before its next wait; the seams do.
            drop(conn.write_all(b"after").await);
            drop(conn.shutdown().await);
            drop(own);
        });
        let (mut far, _) = listener.accept().await.unwrap();
        assert_eq!(
            until_error(&mut far).await,
            (b"before".to_vec(), io::ErrorKind::ConnectionReset)
        );
        assert!(matches!(run.await, Err(Stopped::Killed { .. })));
        let dialled = server.net.dial(Endpoint::new("engine.test", 80)).await.map(drop);
        assert_eq!(dialled, Err(DialError::Refused));
        drop(far);
        assert_eq!(sim.net().open_connections(), 0);

        let trace = sim.trace();
        let kill = trace.iter().position(|record| record.kind == "process.kill").unwrap();
        let later = trace[kill + 1..].iter().filter(|record| &*record.process == "engine#1");
        assert_eq!(later.map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    });
}

#[test]
fn a_dead_process_neither_dials_nor_hears_of_its_connections() {
    Sim::run(1, async |sim| {
        let (envs, [(mut near, _), (mut far, _)]) = in_simulation(&sim).await;
        envs[1].process.kill();
        let silent = async {
            tokio::select! {
                biased;
                read = far.read_u8() => panic!("the dead read {read:?}"),
                dialled = envs[1].net.dial(Endpoint::new("a.test", 1)) => panic!("{dialled:?}"),
                () = sim.advance(Duration::from_secs(3600)) => {}
            }
        };
        silent.await;
        assert_eq!(until_error(&mut near).await, (vec![], io::ErrorKind::ConnectionReset));
    });
}

#[test]
fn an_endpoint_is_read_and_printed() {
    for (text, host, port) in
        [("a.test:80", "a.test", 80), ("[::1]:8080", "::1", 8080), ("127.0.0.1:0", "127.0.0.1", 0)]
    {
        let endpoint: Endpoint = text.parse().unwrap();
        assert_eq!(endpoint, Endpoint::new(host, port));
        assert_eq!(endpoint.to_string(), text);
    }
    for text in ["a.test", "a.test:", ":80", "a.test:70000", "::1:80"] {
        assert_eq!(text.parse::<Addr>(), Err(EndpointError { text: text.to_owned() }), "{text}");
    }
    assert_eq!(Endpoint::new("::1", 80).http(), "http://[::1]:80");
}
