use super::project::project_id;
use super::{Control, ControlError, hash_secret, new_secret};
use domain::ProjectId;
use domain::access::ReadScope;
use sqlx::Row;

/// A program that may read one project.
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    pub username: String,
    pub project: ProjectId,
    pub scope: ReadScope,
}

/// A service account just made, with the secret that is shown this once.
#[derive(Debug)]
pub struct NewServiceAccount {
    pub account: ServiceAccount,
    pub secret: String,
}

impl Control {
    pub async fn create_service_account(
        &self,
        project: ProjectId,
        name: &str,
        scope: ReadScope,
    ) -> Result<NewServiceAccount, ControlError> {
        if self.project(project).await?.is_none() {
            return Err(ControlError::NoProject(project));
        }
        let suffix = &new_secret(&*self.entropy)[..6];
        let username = format!("{}.{suffix}.service-account", slug(name));
        let secret = new_secret(&*self.entropy);
        sqlx::query(
            "INSERT INTO service_accounts (username, name, secret_hash, project, scope, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&username)
        .bind(name)
        .bind(hash_secret(&secret))
        .bind(i64::from(project.0))
        .bind(scope_text(scope))
        .bind(self.clock.now().millis())
        .execute(&self.pool)
        .await?;
        Ok(NewServiceAccount { account: ServiceAccount { username, project, scope }, secret })
    }

    /// The account with this name and secret. The secret's hash is part of the look-up, so that
    /// a wrong name and a wrong secret take the same way.
    pub async fn service_account(
        &self,
        username: &str,
        secret: &str,
    ) -> Result<Option<ServiceAccount>, ControlError> {
        let row = sqlx::query(
            "SELECT username, project, scope FROM service_accounts WHERE username = $1 AND secret_hash = $2",
        )
        .bind(username)
        .bind(hash_secret(secret))
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let scope = match row.try_get("scope")? {
            "pseudonymous" => ReadScope::Pseudonymous,
            "identified" => ReadScope::Identified,
            _ => return Err(ControlError::Unreadable { what: "read scope" }),
        };
        Ok(Some(ServiceAccount {
            username: row.try_get("username")?,
            project: project_id(&row, "project")?,
            scope,
        }))
    }
}

pub(crate) fn scope_text(scope: ReadScope) -> &'static str {
    match scope {
        ReadScope::Pseudonymous => "pseudonymous",
        ReadScope::Identified => "identified",
    }
}

/// A name as part of a user name: lower case, words joined by hyphens.
fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    if words.is_empty() { "account".to_owned() } else { words.join("-") }
}
