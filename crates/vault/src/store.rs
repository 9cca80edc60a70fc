//! The vault's database: SQLite, one writer. `schema.sql` says what is in it; the statements are
//! of the SQL that PostgreSQL takes as well.
//!
//! `secure_delete` overwrites what is deleted, and an erasure empties the write-ahead log, so that
//! an erased person's key does not linger in free pages. A commit is synced to disk: the event log
//! lets go of what the vault says it has.

mod changes;
mod queries;

pub(crate) use changes::{
    delete_operations, erase, insert_index, insert_operations, insert_persons, set_position, set_sealed_id,
};
pub(crate) use queries::{erased, erased_among, find, operation_heads, persons, position, sealed_operations};

use crate::blind::BlindHash;
use crate::{SealedOperation, VaultPublicKey};
use domain::{ProjectId, Pseudonym};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

const SCHEMA: &str = include_str!("schema.sql");
const SCHEMA_VERSION: i64 = 1;

/// Rows per statement: past some hundred a statement gains nothing, and SQLite takes 32,766 values.
const ROWS_PER_STATEMENT: usize = 500;
/// Readers beside the one writer; look-ups take microseconds.
const READERS: u32 = 3;
/// The writer touches pages all over its trees, since pseudonyms and hashes are random.
const WRITER_CACHE: &str = "-32768"; // KiB
/// Pages in the write-ahead log before they are moved: some batches of the intake, 16 MiB.
const CHECKPOINT_PAGES: &str = "4096";
/// How long to wait for another process, such as a command typed on the host.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// What can be wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the vault's database at {path} cannot be opened: {source}")]
    Open { path: PathBuf, source: sqlx::Error },
    #[error("the vault's database has version {0}, written by a newer release: upgrade")]
    Newer(i64),
    #[error("the vault's database belongs to another keyring: restore the two together")]
    ForeignKeyring,
    #[error("the vault's database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("a long read kept what was deleted in the write-ahead log: repeat the erasure")]
    Busy,
    #[error("the vault's database holds a malformed {0}: restore it from a backup")]
    Malformed(&'static str),
}

#[derive(Debug)]
pub(crate) struct Store {
    readers: SqlitePool,
    /// One connection.
    writer: SqlitePool,
    /// Whose turn it is with it, however long the one before takes.
    turn: Mutex<()>,
}

/// The one writer's transaction. Dropped without a commit, it never was.
#[derive(Debug)]
pub(crate) struct Write<'a> {
    transaction: Transaction<'static, Sqlite>,
    _turn: MutexGuard<'a, ()>,
}

#[derive(Debug)]
pub(crate) struct PersonRow {
    pub(crate) who: Pseudonym,
    pub(crate) wrapped_key: Vec<u8>,
    pub(crate) sealed_id: Option<Vec<u8>>,
}

/// A stored operation without what is sealed in it.
#[derive(Debug)]
pub(crate) struct OperationHead {
    pub(crate) who: Pseudonym,
    pub(crate) sequence: i64,
    pub(crate) field: String,
    pub(crate) operation: SealedOperation,
    pub(crate) digest: [u8; 16],
}

#[derive(Debug)]
pub(crate) struct SealedRow {
    pub(crate) who: Pseudonym,
    pub(crate) sequence: i64,
    pub(crate) field: String,
    pub(crate) operation: SealedOperation,
    pub(crate) sealed: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct IndexRow {
    pub(crate) hash: BlindHash,
    pub(crate) who: Pseudonym,
    pub(crate) sequence: i64,
}

impl Store {
    pub(crate) async fn open(path: &Path, vault: &VaultPublicKey) -> Result<Self, StoreError> {
        // SQLite gives its other files the mode of this one.
        let made = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
        made.map_err(|source| StoreError::Open { path: path.to_owned(), source: source.into() })?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("secure_delete", "ON")
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            .foreign_keys(true);
        let pool = async |connections, options| {
            let pool = SqlitePoolOptions::new().max_connections(connections).connect_with(options).await;
            pool.map_err(|source| StoreError::Open { path: path.to_owned(), source })
        };
        let writer = pool(1, options.clone().pragma("cache_size", WRITER_CACHE)).await?;
        let store = Self { readers: pool(READERS, options).await?, writer, turn: Mutex::new(()) };
        store.prepare(vault).await?;
        Ok(store)
    }

    async fn prepare(&self, vault: &VaultPublicKey) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let known: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'vault_schema'",
        )
        .fetch_one(write.connection())
        .await?;
        if known == 0 {
            sqlx::raw_sql(SCHEMA).execute(write.connection()).await?;
            sqlx::query("INSERT INTO vault_schema (version, vault_key) VALUES ($1, $2)")
                .bind(SCHEMA_VERSION)
                .bind(vault.to_bytes().to_vec())
                .execute(write.connection())
                .await?;
        }
        let (version, key): (i64, Vec<u8>) = sqlx::query_as("SELECT version, vault_key FROM vault_schema")
            .fetch_one(write.connection())
            .await?;
        if version > SCHEMA_VERSION {
            return Err(StoreError::Newer(version));
        }
        if key != vault.to_bytes() {
            return Err(StoreError::ForeignKeyring);
        }
        write.commit().await
    }

    pub(crate) async fn write(&self) -> Result<Write<'_>, StoreError> {
        let turn = self.turn.lock().await;
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Write { transaction, _turn: turn })
    }

    /// A connection for reading, on one consistent state.
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.readers.begin().await?)
    }

    /// Moves everything into the database file and empties the write-ahead log, where what was
    /// deleted would otherwise still stand.
    pub(crate) async fn flush_deleted(&self) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let (busy, _, _): (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&self.writer).await?;
        if busy == 0 { Ok(()) } else { Err(StoreError::Busy) }
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Write<'_> {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }
}

fn of_people(statement: &str, project: ProjectId, who: &[Pseudonym]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(format!("{statement} WHERE project = "));
    query.push_bind(i64::from(project.0)).push(" AND pseudonym IN (");
    let mut list = query.separated(", ");
    who.iter().for_each(|who| {
        list.push_bind(who.0.to_vec());
    });
    query.push(")");
    query
}
