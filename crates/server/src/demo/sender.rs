//! Sends the story through the server's own HTTP API, as a client on another machine would.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;

/// A reply of the ingestion API is a few hundred bytes.
const REPLY_BYTES_MAX: usize = 64 * 1024;

/// How often a busy server is asked again before the demo gives up.
const TRIES_MAX: u32 = 60;

/// Where to, and as whom.
#[derive(Clone, Debug)]
pub struct Target {
    pub address: SocketAddr,
    pub token: String,
    pub secret: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("cannot reach the server: {0}")]
    Unreachable(#[from] hyper_util::client::legacy::Error),
    #[error("the server's reply broke off: {0}")]
    Broken(Box<dyn std::error::Error + Send + Sync>),
    #[error("the server answered {status} to {path}: {reply}")]
    Refused { status: StatusCode, path: &'static str, reply: String },
}

#[derive(Clone, Debug)]
pub struct Sender {
    client: Client<HttpConnector, Full<Bytes>>,
    pub target: Target,
}

impl Sender {
    pub fn new(target: Target) -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http(), target }
    }

    pub async fn import(&self, events: &[Value]) -> Result<(), SendError> {
        let credentials = STANDARD.encode(format!("{}:", self.target.secret));
        self.post("/import?strict=1", events, Some(format!("Basic {credentials}"))).await
    }

    pub async fn track(&self, events: &[Value]) -> Result<(), SendError> {
        self.post("/track?verbose=1&ip=0", events, None).await
    }

    pub async fn engage(&self, updates: &[Value]) -> Result<(), SendError> {
        self.post("/engage?verbose=1", updates, None).await
    }

    pub async fn groups(&self, updates: &[Value]) -> Result<(), SendError> {
        self.post("/groups?verbose=1", updates, None).await
    }

    /// Sends a batch; comes back later when the server says that it is busy.
    async fn post(
        &self,
        path: &'static str,
        records: &[Value],
        authorization: Option<String>,
    ) -> Result<(), SendError> {
        let body = Bytes::from(serde_json::to_vec(records).expect("JSON values can be written as JSON"));
        let mut tries = 0;
        loop {
            let mut request = Request::builder()
                .method(Method::POST)
                .uri(format!("http://{}{path}", self.target.address))
                .header(header::CONTENT_TYPE, "application/json");
            if let Some(authorization) = &authorization {
                request = request.header(header::AUTHORIZATION, authorization);
            }
            let request =
                request.body(Full::new(body.clone())).expect("method, address and headers are well-formed");
            let reply = self.client.request(request).await?;
            let status = reply.status();
            let text = Limited::new(reply.into_body(), REPLY_BYTES_MAX).collect().await;
            let text = text.map_err(SendError::Broken)?.to_bytes();
            if status == StatusCode::OK && !text.windows(10).any(|part| part == b"\"status\":0") {
                return Ok(());
            }
            tries += 1;
            if status != StatusCode::TOO_MANY_REQUESTS || tries == TRIES_MAX {
                let reply = String::from_utf8_lossy(&text).into_owned();
                return Err(SendError::Refused { status, path, reply });
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}
