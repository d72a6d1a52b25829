//! The other yardstick: nginx, with `map` and `limit_req` answering fixed bytes, in front of an upstream,
//! and asking somebody else first.

use super::process::{self, Server};
use anyhow::Result;
use std::{
    fmt::Write as _,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// Other credentials in the map, so that looking one up is a look-up.
const OTHERS: u32 = 1_000;

/// What to say when it is not there.
pub(super) const MISSING: &str = "nginx is not installed, so there is no comparison with it";

/// Where nginx lies, if it is there.
fn program() -> Option<PathBuf> {
    let folders =
        ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/local/nginx/sbin"];
    folders.into_iter().map(|folder| Path::new(folder).join("nginx")).find(|path| path.is_file())
}

/// Starts it with `map` and `limit_req`, answering so many bytes; `None`: it is not installed.
pub(super) fn start(token: &str, bytes: usize, folder: &Path) -> Result<Option<Server>> {
    serve(folder, |address| map_and_limit(address, token, bytes))
}

/// In front of an upstream, with nothing between.
pub(super) fn proxy(upstream: SocketAddr, folder: &Path) -> Result<Option<Server>> {
    let upstream = named("upstream", upstream);
    serve(folder, |address| {
        format!(
            "{upstream}    server {{
        listen {address};
        location / {{ {FORWARDED} proxy_pass http://upstream; }}
    }}
"
        )
    })
}

/// In front of an upstream, once the address in `answerer` has said yes; both as shipped in
/// `examples/nginx`, less what browsers need.
pub(super) fn asking(
    upstream: SocketAddr,
    answerer: SocketAddr,
    path: &str,
    folder: &Path,
) -> Result<Option<Server>> {
    let (upstream, answerer) = (named("upstream", upstream), named("answerer", answerer));
    let (mut learnt, mut told) = (String::new(), String::new());
    for header in ["tenant", "key_id", "key_name", "permissions"] {
        let name = header.replace('_', "-");
        let _ = writeln!(
            learnt,
            "            auth_request_set $key_{header} $upstream_http_x_keyward_{header};"
        );
        let _ = writeln!(told, "            proxy_set_header X-Keyward-{name} $key_{header};");
    }
    serve(folder, |address| {
        format!(
            "{upstream}{answerer}    server {{
        listen {address};
        location / {{
            auth_request /ask;
{learnt}{told}            proxy_set_header X-Api-Key \"\";
            {FORWARDED}
            proxy_pass http://upstream;
        }}
        location = /ask {{
            internal;
            proxy_pass_request_body off;
            proxy_set_header Content-Length \"\";
            proxy_set_header Connection \"\";
            proxy_set_header Host localhost;
            proxy_set_header X-Original-Method $request_method;
            proxy_set_header X-Original-URI $request_uri;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host $host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_pass http://answerer{path};
        }}
    }}
"
        )
    })
}

/// Answers everything with 200 and these headers, and no body.
pub(super) fn fixed(headers: &[(String, String)], folder: &Path) -> Result<Option<Server>> {
    let mut all = String::new();
    for (name, value) in headers {
        let _ = writeln!(all, "            add_header {name} '{value}';");
    }
    serve(folder, |address| {
        format!(
            "    server {{
        listen {address};
        location / {{
{all}            return 200;
        }}
    }}
"
        )
    })
}

/// What every proxy tells its upstream.
const FORWARDED: &str = "proxy_set_header Connection \"\";
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Host $host;
            proxy_set_header X-Forwarded-Proto $scheme;";

/// A server that connections are kept to.
fn named(name: &str, address: SocketAddr) -> String {
    format!(
        "    upstream {name} {{
        server {address};
        keepalive 128;
        keepalive_requests 100000000;
    }}
"
    )
}

/// Starts it with what stands in its `http` block; `None`: it is not installed.
fn serve(folder: &Path, servers: impl FnOnce(SocketAddr) -> String) -> Result<Option<Server>> {
    let Some(program) = program() else { return Ok(None) };
    let address = process::free_address()?;
    let home = folder.join(format!("nginx-{}", address.port()));
    fs::create_dir_all(&home)?;
    let file = home.join("nginx.conf");
    fs::write(&file, configuration(&home, &servers(address)))?;
    let (home, file) = (home.display().to_string(), file.display().to_string());
    Server::start(&[], &program, &["-p", &home, "-c", &file, "-e", "stderr"], address, folder)
        .map(Some)
}

fn configuration(home: &Path, servers: &str) -> String {
    let home = home.display();
    format!(
        r#"
daemon off;
worker_processes auto;
pid {home}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    default_type application/json;
    proxy_http_version 1.1;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
{servers}}}
"#
    )
}

fn map_and_limit(address: SocketAddr, token: &str, bytes: usize) -> String {
    let mut others = String::new();
    for n in 0..OTHERS {
        let _ =
            writeln!(others, "        \"Bearer {n:08}-0000-4000-8000-000000000000\" client{n};");
    }
    let answer = "x".repeat(bytes);
    // `return` alone would answer before `limit_req` is asked. `empty_gif` refuses a POST without
    // touching a file, and what it refuses is answered with the bytes.
    format!(
        r#"    map_hash_max_size 8192;
    map_hash_bucket_size 128;
    map $http_authorization $caller {{
        default "";
        "Bearer {token}" bench;
{others}    }}
    limit_req_zone $caller zone=callers:1m rate=1000000r/s;
    server {{
        listen {address};
        location / {{
            if ($caller = "") {{ return 401; }}
            limit_req zone=callers burst=1000000 nodelay;
            empty_gif;
            error_page 405 =200 @answer;
        }}
        location @answer {{ return 200 "{answer}"; }}
    }}
"#
    )
}
