use domain::time::Clock;
use sqlx::Row;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use vault::Entropy;

/// Connections to the control database: reads are short and few, writes are serial anyway.
const CONNECTIONS_MAX: u32 = 4;

/// How long a command waits for another process that is writing, such as `serve` beside
/// `service-account create`.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    #[error("control database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the {what} {name:?} is there already")]
    Taken { what: &'static str, name: String },
    #[error("there is no project {0}")]
    NoProject(domain::ProjectId),
    #[error("control database holds an unknown {what}; was it written by a newer version?")]
    Unreadable { what: &'static str },
}

/// The control database, with the clock and randomness that its records need.
#[derive(Clone, Debug)]
pub struct Control {
    pub(super) pool: SqlitePool,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
}

impl Control {
    /// Opens the database at `path`, creating it and its tables where they are missing.
    pub async fn open(
        path: &Path,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, ControlError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS_MAX).connect_with(options).await?;
        sqlx::raw_sql(include_str!("schema.sql")).execute(&pool).await?;
        Ok(Self { pool, clock, entropy })
    }

    /// Whether the database answers: part of readiness.
    pub async fn ping(&self) -> Result<(), ControlError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// What the database finds wrong with itself.
    pub async fn check(&self) -> Result<Vec<String>, ControlError> {
        let rows = sqlx::query("PRAGMA integrity_check").fetch_all(&self.pool).await?;
        let lines: Result<Vec<String>, sqlx::Error> = rows.iter().map(|row| row.try_get(0)).collect();
        Ok(lines?.into_iter().filter(|line| line != "ok").collect())
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}
