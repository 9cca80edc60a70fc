//! Who asks: the forms of HTTP Basic that Mixpanel's clients use (mixpanel-wire.md §1.5, §6).

use crate::control::{Control, ControlError, Project};
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ProjectId;
use domain::access::{Actor, ReadScope};

/// What stood in the `Authorization` header, taken apart but not believed yet.
#[derive(Clone)]
pub struct Basic {
    user: String,
    password: String,
}

impl std::fmt::Debug for Basic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Basic([secret])")
    }
}

impl Basic {
    /// `Basic base64(user:password)`, also without the colon, also not encoded at all.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim();
        let (scheme, rest) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let rest = rest.trim();
        let decoded = STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text =
            decoded.filter(|text| text.chars().all(|c| !c.is_control())).unwrap_or_else(|| rest.to_owned());
        Some(Self::from_user_and_password(text.split_once(':').unwrap_or((&text, ""))))
    }

    /// A secret given in a parameter counts as a user without password.
    pub fn from_secret(secret: &str) -> Self {
        Self::from_user_and_password((secret, ""))
    }

    fn from_user_and_password((user, password): (&str, &str)) -> Self {
        Self { user: user.to_owned(), password: password.to_owned() }
    }
}

/// One who may read a project.
#[derive(Clone, Debug)]
pub struct Reader {
    pub project: Project,
    pub actor: Actor,
    pub scope: ReadScope,
}

/// Why nobody was let in. One text to the outside, so that names cannot be tried out.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    #[error("Invalid credentials")]
    Refused,
    #[error(transparent)]
    Control(#[from] ControlError),
}

/// A service account (of the project that is asked for, if one is), or the project's secret.
pub async fn reader(
    control: &Control,
    basic: Option<&Basic>,
    project: Option<ProjectId>,
) -> Result<Reader, AuthError> {
    let basic = basic.ok_or(AuthError::Refused)?;
    let reader = if basic.password.is_empty() {
        let found = control.project_by_secret(&basic.user).await?.ok_or(AuthError::Refused)?;
        Reader { project: found, actor: Actor::ProjectSecret, scope: ReadScope::Pseudonymous }
    } else {
        let account =
            control.service_account(&basic.user, &basic.password).await?.ok_or(AuthError::Refused)?;
        let found = control.project(account.project).await?.ok_or(AuthError::Refused)?;
        Reader {
            project: found,
            actor: Actor::ServiceAccount { username: account.username },
            scope: account.scope,
        }
    };
    match project {
        Some(asked) if asked != reader.project.id => Err(AuthError::Refused),
        _ => Ok(reader),
    }
}

/// The project that an import may write to: what may read it may write, and so may its token.
pub async fn writer(
    control: &Control,
    basic: Option<&Basic>,
    project: Option<ProjectId>,
) -> Result<Project, AuthError> {
    if let Some(basic) = basic.filter(|basic| basic.password.is_empty())
        && let Some(found) = control.project_by_token(&basic.user).await?
    {
        return Ok(found);
    }
    Ok(reader(control, basic, project).await?.project)
}
