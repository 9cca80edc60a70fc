use super::{Control, ControlError};
use domain::ProjectId;
use sqlx::Row;

impl Control {
    /// The group key's number, handed out at first sight.
    pub async fn group_key_number(&self, project: ProjectId, name: &str) -> Result<i64, ControlError> {
        sqlx::query(
            "INSERT INTO group_keys (project, number, name)
             SELECT $1, COALESCE(MAX(number), 0) + 1, $2 FROM group_keys WHERE project = $1
             ON CONFLICT DO NOTHING",
        )
        .bind(i64::from(project.0))
        .bind(name)
        .execute(&self.pool)
        .await?;
        let row = sqlx::query("SELECT number FROM group_keys WHERE project = $1 AND name = $2")
            .bind(i64::from(project.0))
            .bind(name)
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get("number")?)
    }

    /// The name of a group key given as `data_group_id`: its number, or its name already.
    pub async fn group_key_name(
        &self,
        project: ProjectId,
        number_or_name: &str,
    ) -> Result<Option<String>, ControlError> {
        let row = sqlx::query(
            "SELECT name FROM group_keys WHERE project = $1 AND (name = $2 OR number = $3)
             ORDER BY CASE WHEN name = $2 THEN 0 ELSE 1 END",
        )
        .bind(i64::from(project.0))
        .bind(number_or_name)
        .bind(number_or_name.parse::<i64>().ok())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| row.try_get("name")).transpose()?)
    }
}
