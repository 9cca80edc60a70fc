//! The opening half of sealed records, on their way from the log into the vault.

use crate::record::{Content, ENCAPSULATED_KEY_BYTES, Header, read_body};
use crate::session::OpenSession;
use crate::{Clear, VaultPrivateKey};
use domain::sealed::SealedRecord;
use domain::{ProjectId, Pseudonym, Timestamp};
use std::collections::VecDeque;

/// Sessions whose keys are kept at hand, at 32 KiB each when full. A session's records lie close
/// together in the log, interleaved only with those of other projects.
const SESSIONS_AT_HAND: usize = 64;

/// Why a record did not open. It says nothing about the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenRecordError {
    #[error("a sealed record is malformed or of an unknown version")]
    Malformed,
    #[error("a sealed record does not open: it was sealed to another vault or was altered")]
    Refused,
}

/// A record in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedRecord {
    pub project: ProjectId,
    pub subject: Pseudonym,
    pub content: Content,
    /// Empty for a distinct id.
    pub field: String,
    pub time: Timestamp,
    pub value: Clear<String>,
}

/// Opens sealed records with the vault's private key.
#[derive(Debug)]
pub struct RecordOpener {
    vault: VaultPrivateKey,
    sessions: VecDeque<([u8; ENCAPSULATED_KEY_BYTES], ProjectId, OpenSession)>,
}

impl RecordOpener {
    pub fn new(vault: VaultPrivateKey) -> Self {
        Self { vault, sessions: VecDeque::new() }
    }

    pub fn open(&mut self, record: &SealedRecord) -> Result<OpenedRecord, OpenRecordError> {
        let (header, associated, ciphertext) = Header::read(&record.0).ok_or(OpenRecordError::Malformed)?;
        let session = self.session(&header).ok_or(OpenRecordError::Refused)?;
        let body = session.open(header.number, associated, ciphertext).ok_or(OpenRecordError::Refused)?;
        let (time, value) = read_body(&body).ok_or(OpenRecordError::Malformed)?;
        Ok(OpenedRecord {
            project: header.project,
            subject: header.subject,
            content: header.content,
            field: header.field.to_owned(),
            time,
            value: Clear::from(value),
        })
    }

    fn session(&mut self, header: &Header<'_>) -> Option<&mut OpenSession> {
        let known = |(key, project, _): &(_, _, _)| *key == header.session && *project == header.project;
        // The newest first: a session's records come one after the other.
        let at = match self.sessions.iter().position(known) {
            Some(at) => at,
            None => {
                let session = OpenSession::resume(header.project, &self.vault, &header.session)?;
                self.sessions.truncate(SESSIONS_AT_HAND - 1);
                self.sessions.push_front((header.session, header.project, session));
                0
            }
        };
        self.sessions.get_mut(at).map(|(_, _, session)| session)
    }
}
