//! A connection that is kept open, as SDKs and exporters keep theirs.

use crate::Failure;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;

pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

pub struct Answer {
    pub status: u16,
    body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        authorization: &str,
        body: Bytes,
    ) -> Result<hyper::Response<hyper::body::Incoming>, Failure> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "bench")
            .header(header::CONTENT_TYPE, "application/json");
        if !authorization.is_empty() {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.sender.ready().await?;
        Ok(self.sender.send_request(request.body(Full::new(body))?).await?)
    }

    pub async fn post(&mut self, path: &str, authorization: &str, body: Bytes) -> Result<Answer, Failure> {
        let response = self.send(Method::POST, path, authorization, body).await?;
        let status = response.status().as_u16();
        Ok(Answer { status, body: response.into_body().collect().await?.to_bytes() })
    }

    /// Status, lines and bytes of an answer that may be large.
    pub async fn count_lines(
        &mut self,
        path: &str,
        authorization: &str,
    ) -> Result<(u16, usize, usize), Failure> {
        let response = self.send(Method::GET, path, authorization, Bytes::new()).await?;
        let status = response.status().as_u16();
        let (mut lines, mut bytes) = (0, 0);
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            if let Some(data) = frame?.data_ref() {
                lines += memchr::memchr_iter(b'\n', data).count();
                bytes += data.len();
            }
        }
        Ok((status, lines, bytes))
    }
}

/// Deals work out to so many hands.
pub fn share<T>(work: Vec<T>, hands: usize) -> Vec<Vec<T>> {
    let mut parts: Vec<Vec<T>> = (0..hands).map(|_| Vec::new()).collect();
    for (number, piece) in work.into_iter().enumerate() {
        parts[number % hands].push(piece);
    }
    parts
}
