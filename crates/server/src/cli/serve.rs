use super::arguments::Serve;
use super::{Failure, output};
use crate::settings::{Settings, Tls};
use crate::wiring::App;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long requests under way may take to end once the server was asked to stop.
const DRAIN_LIMIT: Duration = Duration::from_secs(20);

pub async fn run(command: Serve) -> Result<ExitCode, Failure> {
    let mut settings = Settings::load(command.config.as_deref(), own_environment())?;
    if let Some(data_dir) = command.data_dir {
        settings.data_dir = data_dir;
    }
    settings.key_file = command.key_file.or(settings.key_file);
    settings.listen = command.listen.unwrap_or(settings.listen);
    crate::telemetry::start(&settings.log);

    let app = App::open(settings).await?;
    let server = Server::bind(Arc::clone(&app)).await?;
    app.make_first_project().await?;
    tracing::info!(address = %server.address(), "listening");
    if !app.control.has_signed_in().await? {
        output::say(format!("Sign in once at  {}", app.enrolment_url().await?));
    }
    until_asked_to_stop().await;
    tracing::info!("stopping: no new requests, those under way may end");
    server.stop().await;
    app.close().await?;
    tracing::info!("stopped: everything answered is on disk");
    Ok(ExitCode::SUCCESS)
}

/// The environment less what is about the command and its tests, not about settings.
pub fn own_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars().filter(|(name, _)| {
        !["BULKHEAD_CONFIG", "BULKHEAD_BIN", "BULKHEAD_URL", "BULKHEAD_ENROL_URL"].contains(&name.as_str())
    })
}

/// A listening server.
pub struct Server {
    handle: Handle<SocketAddr>,
    address: SocketAddr,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// Listens and serves in the background.
    pub async fn bind(app: Arc<App>) -> Result<Self, Failure> {
        let listen = app.settings.listen;
        let listener = std::net::TcpListener::bind(listen)
            .map_err(|source| format!("cannot listen on {listen}: {source}; choose another with --listen"))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let handle = Handle::new();
        let service =
            crate::http::router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
        let task = match &app.settings.tls {
            Some(tls) => {
                let config = tls_config(tls).await?;
                let server = axum_server::from_tcp_rustls(listener, config)?.handle(handle.clone());
                tokio::spawn(server.serve(service))
            }
            None => {
                let server = axum_server::from_tcp(listener)?.handle(handle.clone());
                tokio::spawn(server.serve(service))
            }
        };
        Ok(Self { handle, address, task })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new connection and waits for the requests under way, up to a limit.
    pub async fn stop(self) {
        self.handle.graceful_shutdown(Some(DRAIN_LIMIT));
        if let Ok(Err(error)) = self.task.await {
            tracing::error!(%error, "the listener failed");
        }
    }
}

async fn tls_config(tls: &Tls) -> Result<RustlsConfig, Failure> {
    // An error here means that a provider is installed already, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    RustlsConfig::from_pem_file(&tls.certificate, &tls.key).await.map_err(|source| {
        format!(
            "cannot use certificate {} with key {}: {source}",
            tls.certificate.display(),
            tls.key.display()
        )
        .into()
    })
}

/// Ctrl-C, or what a service manager sends.
pub async fn until_asked_to_stop() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::warn!(%error, "cannot listen for SIGTERM");
            drop(tokio::signal::ctrl_c().await);
            return;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
