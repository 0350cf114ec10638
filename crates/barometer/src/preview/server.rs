//! The release over HTTP, for browsers on this machine. It is not published yet, so a page of somebody else's must not read it either: only
//! requests by the name of this machine are answered.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::thread;

use pipeline::PipelineError;
use tiny_http::{Header, Method, Request, Response, Server};

use super::{Stage, browser};

/// Where a page asks whether there is another release: behind it, the number of the one that it shows.
pub(super) const NEXT: &str = "/-/after/";

/// Listens on this machine; `0` is any free port. Gives the address, and goes on in threads of its own.
pub(super) fn serve(port: u16, stage: Stage) -> Result<String, PipelineError> {
    let listen = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
    let server = Server::http(listen).map_err(|reason| PipelineError::Usage {
        message: format!("cannot listen on {listen}: {reason}; --port names another port"),
    })?;
    let address = format!("http://{}/", server.server_addr());
    thread::spawn(move || {
        for request in server.incoming_requests() {
            let stage = stage.clone();
            // Some wait for the next release, the others must not wait for them.
            thread::spawn(move || answer(request, &stage));
        }
    });
    Ok(address)
}

fn answer(request: Request, stage: &Stage) {
    let answer = if !is_local(&request) {
        plain(403, "only this machine may look")
    } else if !matches!(request.method(), Method::Get | Method::Head) {
        plain(405, "a preview is only read")
    } else if let Some(seen) = request.url().strip_prefix(NEXT) {
        plain(200, &stage.after(seen.parse().unwrap_or(0)).to_string())
    } else {
        file(request.url(), stage)
    };
    // A browser that went away wants no answer.
    let _ = request.respond(answer);
}

/// Whether a request was made under a name that only this machine has; a name that somebody pointed here would be another one.
fn is_local(request: &Request) -> bool {
    let host = request.headers().iter().find(|header| header.field.equiv("Host"));
    let name = host.map(|host| host.value.as_str().rsplit_once(':').map_or(host.value.as_str(), |(name, _)| name));
    matches!(name, Some("127.0.0.1" | "localhost"))
}

fn file(url: &str, stage: &Stage) -> Response<std::io::Cursor<Vec<u8>>> {
    let shown = stage.now();
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    match shown.files.get(&path) {
        Some(bytes) if path.ends_with(".html") => page(200, browser::live(&String::from_utf8_lossy(bytes), &shown)),
        Some(bytes) => response(200, content_type(&path), bytes.clone()),
        // Nothing could be made yet: the page says why, and is loaded again when something can.
        None if shown.files.is_empty() => page(503, browser::live(browser::EMPTY, &shown)),
        None => page(404, browser::live(browser::EMPTY, &shown)),
    }
}

fn page(status: u16, text: String) -> Response<std::io::Cursor<Vec<u8>>> {
    response(status, "text/html; charset=utf-8", text.into_bytes())
}

fn plain(status: u16, text: &str) -> Response<std::io::Cursor<Vec<u8>>> {
    response(status, "text/plain; charset=utf-8", text.as_bytes().to_vec())
}

fn response(status: u16, content_type: &str, bytes: Vec<u8>) -> Response<std::io::Cursor<Vec<u8>>> {
    let header = |name: &str, value: &str| {
        Header::from_bytes(name.as_bytes(), value.as_bytes()).expect("our headers are ASCII without line breaks")
    };
    Response::from_data(bytes)
        .with_status_code(status)
        .with_header(header("Content-Type", content_type))
        .with_header(header("Cache-Control", "no-store"))
        .with_header(header("X-Content-Type-Options", "nosniff"))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "md" | "sql" | "px" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}
