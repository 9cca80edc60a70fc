use super::{Control, ControlError};
use domain::ProjectId;
use sqlx::Row;

/// A lookup table as the list shows it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct LookupTable {
    pub id: String,
    pub name: String,
}

impl Control {
    pub async fn lookup_tables(&self, project: ProjectId) -> Result<Vec<LookupTable>, ControlError> {
        let rows = sqlx::query("SELECT id, name FROM lookup_tables WHERE project = $1 ORDER BY id")
            .bind(i64::from(project.0))
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| Ok(LookupTable { id: row.try_get("id")?, name: row.try_get("name")? }))
            .collect()
    }

    /// Makes an empty table that a client can then fill.
    pub async fn create_lookup_table(
        &self,
        project: ProjectId,
        id: &str,
        name: &str,
    ) -> Result<(), ControlError> {
        let done = sqlx::query(
            "INSERT INTO lookup_tables (project, id, name, content, updated_at) VALUES ($1, $2, $3, '', $4)
             ON CONFLICT DO NOTHING",
        )
        .bind(i64::from(project.0))
        .bind(id)
        .bind(name)
        .bind(self.clock.now().millis())
        .execute(&self.pool)
        .await?;
        match done.rows_affected() {
            0 => Err(ControlError::Taken { what: "lookup table", name: id.to_owned() }),
            _ => Ok(()),
        }
    }

    /// Replaces the whole content; false if there is no such table.
    pub async fn replace_lookup_table(
        &self,
        project: ProjectId,
        id: &str,
        content: &str,
    ) -> Result<bool, ControlError> {
        let done = sqlx::query(
            "UPDATE lookup_tables SET content = $1, updated_at = $2 WHERE project = $3 AND id = $4",
        )
        .bind(content)
        .bind(self.clock.now().millis())
        .bind(i64::from(project.0))
        .bind(id)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }
}
