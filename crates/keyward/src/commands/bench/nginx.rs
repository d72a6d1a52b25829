//! The other yardstick: nginx with `map` and `limit_req`, answering fixed bytes.

use super::process::{self, Server};
use anyhow::Result;
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// Other credentials in the map, so that looking one up is a look-up.
const OTHERS: u32 = 1_000;

/// Where nginx lies, if it is there.
fn program() -> Option<PathBuf> {
    let folders =
        ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/local/nginx/sbin"];
    folders.into_iter().map(|folder| Path::new(folder).join("nginx")).find(|path| path.is_file())
}

/// Starts it with a configuration of its own; `None`: it is not installed.
pub(super) fn start(token: &str, bytes: usize, folder: &Path) -> Result<Option<Server>> {
    let Some(program) = program() else { return Ok(None) };
    let home = folder.join("nginx");
    fs::create_dir_all(&home)?;
    let address = process::free_address()?;
    let file = home.join("nginx.conf");
    fs::write(&file, configuration(&home, &address.to_string(), token, bytes))?;
    let (home, file) = (home.display().to_string(), file.display().to_string());
    Server::start(&[], &program, &["-p", &home, "-c", &file, "-e", "stderr"], address, folder)
        .map(Some)
}

fn configuration(home: &Path, address: &str, token: &str, bytes: usize) -> String {
    let mut others = String::new();
    for n in 0..OTHERS {
        let _ =
            writeln!(others, "        \"Bearer {n:08}-0000-4000-8000-000000000000\" client{n};");
    }
    let (home, answer) = (home.display(), "x".repeat(bytes));
    // `return` alone would answer before `limit_req` is asked. `empty_gif` refuses a POST without
    // touching a file, and what it refuses is answered with the bytes.
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
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    map_hash_max_size 8192;
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
}}
"#
    )
}
