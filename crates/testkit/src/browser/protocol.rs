//! The DevTools protocol over a pipe: JSON messages, each closed by a zero byte. A call carries a number and is answered by
//! that number; events come unasked and wait here until somebody wants them.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// Long enough for axe on a long page on a busy machine; only a browser that hangs takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why a call has no result.
pub(super) enum Failure {
    /// The browser ended or hangs.
    Silent,
    /// The browser's message.
    Refused(String),
}

/// The conversation with one browser.
pub(super) struct Connection {
    requests: Box<dyn Write + Send>,
    messages: Receiver<Value>,
    events: VecDeque<Value>,
    calls: u64,
}

impl Connection {
    /// Speaks over `requests` and listens on `answers` in a thread of its own, which ends when the browser closes the pipe.
    pub(super) fn new(requests: impl Write + Send + 'static, answers: impl Read + Send + 'static) -> Self {
        let (sender, messages) = channel();
        thread::spawn(move || {
            for message in BufReader::new(answers).split(0) {
                let Ok(message) = message else { return };
                let Ok(message) = serde_json::from_slice(&message) else { return };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { requests: Box::new(requests), messages, events: VecDeque::new(), calls: 0 }
    }

    /// Sends a call, to the browser itself when `session` is empty, and waits for its answer.
    pub(super) fn call(&mut self, session: &str, method: &str, parameters: &Value) -> Result<Value, Failure> {
        self.calls += 1;
        let mut request = json!({ "id": self.calls, "method": method, "params": parameters });
        if !session.is_empty() {
            request["sessionId"] = json!(session);
        }
        let mut bytes = request.to_string().into_bytes();
        bytes.push(0);
        self.requests.write_all(&bytes).and_then(|()| self.requests.flush()).map_err(|_| Failure::Silent)?;
        loop {
            let mut message = self.receive()?;
            if message["id"] != self.calls {
                self.events.push_back(message);
            } else if let Some(error) = message.get("error") {
                return Err(Failure::Refused(error["message"].as_str().unwrap_or("no message").to_owned()));
            } else {
                return Ok(message["result"].take());
            }
        }
    }

    /// Waits for an event; those before it stay to be taken.
    pub(super) fn wait_for(&mut self, method: &str) -> Result<(), Failure> {
        while !self.events.iter().any(|event| event["method"] == method) {
            let message = self.receive()?;
            self.events.push_back(message);
        }
        Ok(())
    }

    /// Lets events of this name that came so far be as if they had not come.
    pub(super) fn forget(&mut self, method: &str) {
        self.events.retain(|event| event["method"] != method);
    }

    /// The events so far, in the order in which they came; they are told once.
    pub(super) fn take_events(&mut self) -> Vec<Value> {
        self.events.drain(..).collect()
    }

    fn receive(&mut self) -> Result<Value, Failure> {
        self.messages.recv_timeout(PATIENCE).map_err(|reason| match reason {
            RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected => Failure::Silent,
        })
    }
}
