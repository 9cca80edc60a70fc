use super::{Control, ControlError, hash_secret, new_secret};
use domain::ProjectId;
use domain::identity::IdentityMode;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// A tenant as its settings say.
#[derive(Clone, Debug)]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    /// What SDKs send: it can write and nothing else.
    pub token: String,
    pub timezone: String,
    pub identity_mode: IdentityMode,
}

/// A project just made, with the secret that is shown this once.
#[derive(Debug)]
pub struct NewProject {
    pub project: Project,
    pub secret: String,
}

const COLUMNS: &str = "id, name, token, timezone, identity_mode";

impl Control {
    pub async fn create_project(
        &self,
        name: &str,
        timezone: &str,
        identity_mode: IdentityMode,
    ) -> Result<NewProject, ControlError> {
        let (token, secret) = (new_secret(&*self.entropy), new_secret(&*self.entropy));
        let row = sqlx::query(
            "INSERT INTO projects (id, name, token, secret_hash, timezone, identity_mode, created_at)
             SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6 FROM projects
             RETURNING id",
        )
        .bind(name)
        .bind(&token)
        .bind(hash_secret(&secret))
        .bind(timezone)
        .bind(mode_text(identity_mode))
        .bind(self.clock.now().millis())
        .fetch_one(&self.pool)
        .await?;
        let project = Project {
            id: project_id(&row, "id")?,
            name: name.to_owned(),
            token,
            timezone: timezone.to_owned(),
            identity_mode,
        };
        Ok(NewProject { project, secret })
    }

    pub async fn projects(&self) -> Result<Vec<Project>, ControlError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM projects ORDER BY id")))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(read).collect()
    }

    pub async fn project(&self, id: ProjectId) -> Result<Option<Project>, ControlError> {
        self.one_project("id = $1", i64::from(id.0)).await
    }

    pub async fn project_by_token(&self, token: &str) -> Result<Option<Project>, ControlError> {
        self.one_project("token = $1", token).await
    }

    pub async fn project_by_secret(&self, secret: &str) -> Result<Option<Project>, ControlError> {
        self.one_project("secret_hash = $1", hash_secret(secret)).await
    }

    async fn one_project<'q, V>(&self, condition: &str, value: V) -> Result<Option<Project>, ControlError>
    where
        V: sqlx::Encode<'q, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> + Send + 'q,
    {
        let text = format!("SELECT {COLUMNS} FROM projects WHERE {condition}");
        let row = sqlx::query(sqlx::AssertSqlSafe(text)).bind(value).fetch_optional(&self.pool).await?;
        row.as_ref().map(read).transpose()
    }
}

pub(super) fn project_id(row: &SqliteRow, column: &str) -> Result<ProjectId, ControlError> {
    let id: i64 = row.try_get(column)?;
    u32::try_from(id).map(ProjectId).map_err(|_| ControlError::Unreadable { what: "project id" })
}

fn read(row: &SqliteRow) -> Result<Project, ControlError> {
    let identity_mode = match row.try_get("identity_mode")? {
        "simplified" => IdentityMode::Simplified,
        "original" => IdentityMode::Original,
        _ => return Err(ControlError::Unreadable { what: "identity mode" }),
    };
    Ok(Project {
        id: project_id(row, "id")?,
        name: row.try_get("name")?,
        token: row.try_get("token")?,
        timezone: row.try_get("timezone")?,
        identity_mode,
    })
}

fn mode_text(mode: IdentityMode) -> &'static str {
    match mode {
        IdentityMode::Simplified => "simplified",
        IdentityMode::Original => "original",
    }
}
