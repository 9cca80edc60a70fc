use super::{Control, ControlError, hash_secret, new_secret};
use domain::id::OperatorId;
use sqlx::Row;

/// A session ends after this long without a request: a working day's pause, not a weekend's.
pub const SESSION_IDLE_LIMIT_MS: i64 = 12 * 60 * 60 * 1000;

/// A session ends after this long whatever happens.
const SESSION_LIMIT_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// How long a one-time link can be used: long enough to carry it from a terminal to a browser.
const LINK_LIMIT_MS: i64 = 24 * 60 * 60 * 1000;

/// One who uses Bulkhead.
#[derive(Clone, Debug)]
pub struct Operator {
    pub id: OperatorId,
    pub name: String,
}

impl Control {
    /// The first operator, made where there is none yet.
    pub async fn first_operator(&self) -> Result<Operator, ControlError> {
        sqlx::query(
            "INSERT INTO operators (id, name, created_at) VALUES (1, 'Owner', $1) ON CONFLICT (id) DO NOTHING",
        )
        .bind(self.clock.now().millis())
        .execute(&self.pool)
        .await?;
        let row = sqlx::query("SELECT id, name FROM operators WHERE id = 1").fetch_one(&self.pool).await?;
        read(&row)
    }

    /// The code of a new one-time link for this operator.
    pub async fn create_enrolment_link(&self, operator: OperatorId) -> Result<String, ControlError> {
        let code = new_secret(&*self.entropy);
        sqlx::query("INSERT INTO enrolment_links (code_hash, operator, expires_at) VALUES ($1, $2, $3)")
            .bind(hash_secret(&code))
            .bind(i64::from(operator.0))
            .bind(self.clock.now().plus_millis(LINK_LIMIT_MS).millis())
            .execute(&self.pool)
            .await?;
        Ok(code)
    }

    /// Whether anybody ever signed in.
    pub async fn has_signed_in(&self) -> Result<bool, ControlError> {
        let row = sqlx::query("SELECT COUNT(*) AS used FROM enrolment_links WHERE used_at IS NOT NULL")
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get::<i64, _>("used")? > 0)
    }

    /// Uses the code up and opens a session; `None` if it is unknown, used or too old.
    pub async fn sign_in(&self, code: &str) -> Result<Option<String>, ControlError> {
        let now = self.clock.now().millis();
        let mut transaction = self.pool.begin().await?;
        let row = sqlx::query(
            "UPDATE enrolment_links SET used_at = $1
             WHERE code_hash = $2 AND used_at IS NULL AND expires_at >= $1 RETURNING operator",
        )
        .bind(now)
        .bind(hash_secret(code))
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let session = new_secret(&*self.entropy);
        sqlx::query(
            "INSERT INTO sessions (token_hash, operator, created_at, seen_at) VALUES ($1, $2, $3, $3)",
        )
        .bind(hash_secret(&session))
        .bind(row.try_get::<i64, _>("operator")?)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Some(session))
    }

    /// Whose session this is, if it is still good. Looking moves the idle limit.
    pub async fn operator_of_session(&self, session: &str) -> Result<Option<Operator>, ControlError> {
        let now = self.clock.now();
        let row = sqlx::query(
            "UPDATE sessions SET seen_at = $1
             WHERE token_hash = $2 AND seen_at >= $3 AND created_at >= $4
             RETURNING operator",
        )
        .bind(now.millis())
        .bind(hash_secret(session))
        .bind(now.plus_millis(-SESSION_IDLE_LIMIT_MS).millis())
        .bind(now.plus_millis(-SESSION_LIMIT_MS).millis())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let operator = sqlx::query("SELECT id, name FROM operators WHERE id = $1")
            .bind(row.try_get::<i64, _>("operator")?)
            .fetch_one(&self.pool)
            .await?;
        read(&operator).map(Some)
    }

    pub async fn sign_out(&self, session: &str) -> Result<(), ControlError> {
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(hash_secret(session))
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<Operator, ControlError> {
    let id = u32::try_from(row.try_get::<i64, _>("id")?)
        .map_err(|_| ControlError::Unreadable { what: "operator id" })?;
    Ok(Operator { id: OperatorId(id), name: row.try_get("name")? })
}
