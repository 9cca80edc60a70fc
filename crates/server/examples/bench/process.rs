//! The server as a process of its own, on a data directory of its own.

use crate::Failure;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub struct Server {
    child: Child,
    directory: TempDir,
    pub address: SocketAddr,
    pub ready_after: Duration,
    pub token: String,
    secret: String,
    account: (String, String),
}

impl Server {
    pub async fn start(binary: &str) -> Result<Self, Failure> {
        let directory = tempfile::tempdir()?;
        let data = directory.path().join("data");
        let made = Command::new(binary).args(["init", "--json", "--data-dir"]).arg(&data).output()?;
        let made: Value = serde_json::from_slice(&made.stdout)?;
        let text =
            |pointer: &str| made.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let started = Instant::now();
        let mut child = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&data)
            .env("BULKHEAD_LOG__FORMAT", "json")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("stderr is piped")?).lines();
        let address = loop {
            let line = lines.next().ok_or("the server ended")??;
            let entry: Value = serde_json::from_str(&line)?;
            if let Some(address) = entry.pointer("/fields/address").and_then(Value::as_str) {
                break address.parse()?;
            }
        };
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("{line}")));
        while !is_ready(address).await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(Self {
            child,
            directory,
            address,
            ready_after: started.elapsed(),
            token: text("/project/token"),
            secret: text("/project/secret"),
            account: (text("/service_account/username"), text("/service_account/secret")),
        })
    }

    pub fn import_authorization(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:", self.secret)))
    }

    pub fn read_authorization(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.account.0, self.account.1)))
    }

    pub fn memory_mb(&self) -> Result<u64, Failure> {
        self.status_mb("VmRSS:")
    }

    pub fn peak_memory_mb(&self) -> Result<u64, Failure> {
        self.status_mb("VmHWM:")
    }

    fn status_mb(&self, field: &str) -> Result<u64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with(field)).ok_or("no such field")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).ok_or("no value")?.parse()?;
        Ok(kilobytes / 1024)
    }

    pub fn disk_bytes(&self) -> Result<u64, Failure> {
        size_below(&self.directory.path().join("data/engine/projects.d"))
    }

    pub fn stop(&mut self) -> Result<(), Failure> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the server ended with {status}").into()) }
    }
}

/// A bench that fails leaves no server behind.
impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut connection) = crate::http::Connection::open(address).await else { return false };
    matches!(connection.count_lines("/readyz", "").await, Ok((200, ..)))
}

fn size_below(directory: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { size_below(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}
