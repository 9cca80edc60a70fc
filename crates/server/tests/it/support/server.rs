use super::Client;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// An initialised data directory and the server that runs on it.
pub struct TestServer {
    // Dropped after the process: fields drop in order.
    process: Option<Process>,
    directory: TempDir,
    pub project: Value,
    pub account: Value,
    pub enrolment_url: String,
    environment: Vec<(String, String)>,
}

struct Process {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub fn bulkhead() -> Command {
    Command::new(env!("CARGO_BIN_EXE_bulkhead"))
}

impl TestServer {
    pub fn start() -> Self {
        Self::start_with(&[], &[])
    }

    /// Initialises with more arguments, serves with more environment.
    pub fn start_with(init: &[&str], environment: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let made = run(bulkhead()
            .args(["init", "--json", "--project", "Test", "--data-dir"])
            .arg(directory.path().join("data"))
            .args(init));
        let made: Value = serde_json::from_slice(&made.stdout).expect("init prints JSON");
        let mut server = Self {
            process: None,
            directory,
            project: made["project"].clone(),
            account: made["service_account"].clone(),
            enrolment_url: made["enrolment_url"].as_str().expect("an enrolment URL").to_owned(),
            environment: environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        };
        server.restart();
        server
    }

    /// Starts the process (again) on the same data directory.
    pub fn restart(&mut self) {
        self.process = None;
        let mut child = bulkhead()
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(self.data_dir())
            .env("BULKHEAD_LOG__FORMAT", "json")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the server starts");
        let log = Arc::new(Mutex::new(String::new()));
        let mut lines = BufReader::new(child.stderr.take().expect("stderr is piped")).lines();
        let mut address = None;
        while address.is_none() {
            let Some(Ok(line)) = lines.next() else {
                panic!("the server ended before it listened:\n{}", log.lock().unwrap());
            };
            address = serde_json::from_str::<Value>(&line)
                .ok()
                .and_then(|entry| entry["fields"]["address"].as_str().and_then(|text| text.parse().ok()));
            let mut log = log.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut log = kept.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        self.process = Some(Process { child, address: address.expect("found above"), log });
        self.wait_until_ready();
    }

    fn wait_until_ready(&self) {
        for _ in 0..600 {
            if self.anyone().get("/readyz").status == 200 {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the server did not become ready:\n{}", self.log());
    }

    fn process(&self) -> &Process {
        self.process.as_ref().expect("the server runs")
    }

    /// `kill -9`: no drain, no flush.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// `kill -9` from another thread; [`Self::kill`] then cleans up.
    pub fn kill_now(&self) {
        run(Command::new("kill").args(["-KILL", &self.process_id().to_string()]));
    }

    /// SIGTERM, and waits for the orderly end.
    pub fn stop(&mut self) {
        let mut process = self.process.take().expect("the server runs");
        run(Command::new("kill").args(["-TERM", &process.child.id().to_string()]));
        let status = process.child.wait().expect("the server ends");
        assert!(status.success(), "{status}\n{}", process.log.lock().unwrap());
    }

    pub fn process_id(&self) -> u32 {
        self.process().child.id()
    }

    /// All that the running process logged so far.
    pub fn log(&self) -> String {
        self.process().log.lock().unwrap().clone()
    }

    pub fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    pub fn address(&self) -> SocketAddr {
        self.process().address
    }

    pub fn token(&self) -> &str {
        self.project["token"].as_str().expect("a token")
    }

    pub fn project_id(&self) -> u64 {
        self.project["id"].as_u64().expect("a project id")
    }

    /// A client without credentials.
    pub fn anyone(&self) -> Client {
        Client::new(self.address())
    }

    /// A client with the first service account.
    pub fn reader(&self) -> Client {
        self.client_of(&self.account)
    }

    pub fn client_of(&self, account: &Value) -> Client {
        let user = account["username"].as_str().expect("a user name");
        let secret = account["secret"].as_str().expect("a secret");
        self.anyone().with_basic(user, secret)
    }

    /// A client with the project's own secret.
    pub fn owner(&self) -> Client {
        self.anyone().with_basic(self.project["secret"].as_str().expect("a secret"), "")
    }

    /// Runs a command of the binary on this data directory and gives what it printed.
    pub fn command(&self, arguments: &[&str]) -> Output {
        bulkhead().args(arguments).arg("--data-dir").arg(self.data_dir()).output().expect("the command runs")
    }

    pub fn openapi(&self) -> Vec<u8> {
        run(bulkhead().arg("openapi")).stdout
    }

    pub fn service_account(&self, scope: &str) -> Value {
        let project = self.project_id().to_string();
        let made = self.command(&[
            "service-account",
            "create",
            "--json",
            "--project",
            &project,
            "--name",
            "test",
            "--scope",
            scope,
        ]);
        let made: Value = serde_json::from_slice(&made.stdout).expect("JSON");
        made["service_account"].clone()
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("the command runs");
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
    output
}
