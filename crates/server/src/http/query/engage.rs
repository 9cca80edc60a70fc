//! `/engage`: profiles by a condition, page by page (mixpanel-wire.md §6.1).

use super::context::{Query, off_thread};
use super::error::QueryError;
use crate::control::new_secret;
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::PropertyName;
use domain::access::{AccessGrant, Action};
use domain::profile::ProfileSubject;
use engine::Snapshot;
use engine::report::Cancel;
use engine::report::people::{ProfilePage, ProfileQuery, find_profiles};
use engine::store::Profile;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Profiles on a page; clients read it from the answer and work out the number of pages.
const PAGE_SIZE: u64 = 1000;

/// Sessions kept at once; the oldest makes room. A client whose session is gone reads its next page
/// from the present.
const SESSIONS_MAX: usize = 64;

/// Views that clients read page by page, so that pages of one session fit together.
#[derive(Debug, Default)]
pub struct EngageSessions(Mutex<VecDeque<(String, Snapshot)>>);

impl EngageSessions {
    fn find(&self, id: &str, now: &Snapshot) -> Option<Snapshot> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = sessions.iter().find(|(known, _)| known == id).map(|(_, snapshot)| snapshot.clone());
        // Another project's session is nobody's here.
        found.filter(|snapshot| snapshot.project() == now.project())
    }

    fn keep(&self, id: String, snapshot: Snapshot) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() == SESSIONS_MAX {
            sessions.pop_front();
        }
        sessions.push_back((id, snapshot));
    }
}

pub async fn engage(query: Query) -> Result<Response, QueryError> {
    answer(&query).await.map_err(|error| query.failed(error))
}

async fn answer(query: &Query) -> Result<Response, QueryError> {
    for unknown in ["behaviors", "filter_by_cohort"] {
        if query.parameters.get(unknown).is_some() {
            return Err(QueryError::invalid(format!("{unknown} is not supported yet; use where")));
        }
    }
    let wanted = query.parameters.names("output_properties")?;
    let question = question(query).await?;
    let page = question.page;
    let sessions = &query.app.engage_sessions;
    let session = query.parameters.get("session_id");
    let kept = session.and_then(|id| sessions.find(id, &query.snapshot));
    let snapshot = kept.unwrap_or_else(|| query.snapshot.clone());

    let view = snapshot.clone();
    let found = off_thread(move || Ok(find_profiles(&view, &question, &Cancel::default())?)).await?;
    let touched = found.touched(&snapshot);
    let grant = query
        .grant(Action::Engage, fields(wanted.as_deref()), Some(touched.people), Some(touched.rows))
        .await?;
    let profiles = found.open(&snapshot, &grant)?;
    let total = profiles.total;
    let session_id = match session {
        Some(id) => id.to_owned(),
        None => {
            let id = new_secret(&*query.app.office.entropy);
            if total > PAGE_SIZE {
                sessions.keep(id.clone(), snapshot);
            }
            id
        }
    };
    let results = rows(query, &grant, profiles, wanted.as_deref()).await?;
    let body = json!({
        "page": page, "page_size": PAGE_SIZE, "results": results, "session_id": session_id, "status": "ok",
        "total": total,
    });
    Ok(Json(body).into_response())
}

async fn question(query: &Query) -> Result<ProfileQuery, QueryError> {
    let group_key = match query.parameters.get("data_group_id") {
        None => None,
        Some(given) => {
            let known = query.app.control.group_key_name(query.reader.project.id, given).await?;
            let name = known.ok_or_else(|| {
                QueryError::invalid(
                    "data_group_id names no group key; it comes into being with the first /groups update",
                )
            })?;
            Some(Box::<str>::from(name))
        }
    };
    let mut ids = query.parameters.names("distinct_ids")?;
    if let Some(id) = query.parameters.get("distinct_id") {
        ids.get_or_insert_default().push(id.to_owned());
    }
    let subject = |id: &String| match &group_key {
        Some(key) => ProfileSubject::Group { key: key.clone(), id: id.as_str().into() },
        None => ProfileSubject::Person(query.pseudonym(id)),
    };
    let subjects: Option<BTreeSet<ProfileSubject>> = ids.map(|ids| ids.iter().map(subject).collect());
    Ok(ProfileQuery {
        group_key,
        subjects,
        filter: match query.expression("where")? {
            // The older name, which `mixpanel-utils` still uses for one of its own questions.
            None => query.expression("selector")?,
            given => given,
        },
        page: query.parameters.number("page")?.unwrap_or(0),
        page_size: PAGE_SIZE,
    })
}

/// What the leaf says that was given out.
fn fields(wanted: Option<&[String]>) -> Vec<String> {
    let Some(wanted) = wanted else { return vec!["*".to_owned()] };
    let mut fields: Vec<String> = wanted.iter().cloned().chain(["distinct_id".to_owned()]).collect();
    fields.sort();
    fields.dedup();
    fields
}

/// Profiles as rows; for a reader who may see them, with ids and sealed fields from the vault.
async fn rows(
    query: &Query,
    grant: &AccessGrant,
    page: ProfilePage,
    wanted: Option<&[String]>,
) -> Result<Vec<Value>, QueryError> {
    let who: Vec<_> = page
        .profiles
        .iter()
        .map(|profile| match &profile.subject {
            ProfileSubject::Person(pseudonym) => *pseudonym,
            // A group id of personal shape was replaced by its subject already.
            ProfileSubject::Group { key, id } => {
                id.parse().unwrap_or_else(|_| query.desk.sealer.group_subject(key, id))
            }
        })
        .collect();
    let (ids, sealed) = if query.identified() {
        let vault = &query.app.vault;
        (
            vault.reveal_distinct_ids(grant, &who).await.map_err(QueryError::internal)?,
            vault.reveal_fields(grant, &who).await.map_err(QueryError::internal)?,
        )
    } else {
        Default::default()
    };
    let mut rows = Vec::with_capacity(page.profiles.len());
    for (profile, who) in page.profiles.iter().zip(who) {
        let id = match (&profile.subject, ids.get(&who)) {
            (ProfileSubject::Group { id, .. }, _) => id.to_string(),
            (ProfileSubject::Person(_), Some(clear)) => clear.expose().to_owned(),
            (ProfileSubject::Person(pseudonym), None) => pseudonym.to_string(),
        };
        let mut properties = properties(profile, wanted)?;
        if let Some(fields) = sealed.get(&who) {
            for (name, value) in &fields.profile {
                if wanted.is_none_or(|wanted| wanted.contains(name)) {
                    let value = serde_json::from_str(value.expose()).map_err(QueryError::internal)?;
                    properties.insert(name.clone(), value);
                }
            }
        }
        rows.push(json!({ "$distinct_id": id, "$properties": properties }));
    }
    Ok(rows)
}

fn properties(profile: &Profile, wanted: Option<&[String]>) -> Result<Map<String, Value>, QueryError> {
    let is_wanted =
        |name: &PropertyName| wanted.is_none_or(|wanted| wanted.iter().any(|w| w == name.as_str()));
    let mut properties = Map::new();
    for (name, value) in profile.properties.iter().filter(|(name, _)| is_wanted(name)) {
        properties.insert(name.to_string(), serde_json::to_value(value).map_err(QueryError::internal)?);
    }
    if let Some(seen) = profile.last_seen
        && is_wanted(&PropertyName::from("$last_seen"))
    {
        // Clients parse it with exactly this form: no zone, no fraction.
        let text = domain::Timestamp::from_seconds(seen.seconds()).to_string();
        properties.insert("$last_seen".to_owned(), text.trim_end_matches('Z').into());
    }
    Ok(properties)
}
