//! Profiles by a condition, and the events of some people in the order of time.

use super::export::{IdWriter, TimeUnit, Touched, write_rows};
use super::row::{RowReader, ask_for};
use super::{Cancel, ReportError, check_grant, filter};
use crate::store::{Profile, Scan, Snapshot};
use domain::access::AccessGrant;
use domain::expression::{ExprValue, Expression, PropertyScope, PropertySource};
use domain::profile::ProfileSubject;
use domain::{Pseudonym, Timestamp};
use roaring::RoaringBitmap;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Most events of one activity stream: it is read by a person, and sorted in memory.
pub const MAX_STREAM_EVENTS: usize = 100_000;

/// Which profiles to give out.
#[derive(Clone, Debug, Default)]
pub struct ProfileQuery {
    /// `None`: of people. Otherwise of the groups of this key.
    pub group_key: Option<Box<str>>,
    /// `None`: all.
    pub subjects: Option<BTreeSet<ProfileSubject>>,
    /// `properties["x"]` and `user["x"]` are properties of the profile; `$distinct_id` is the
    /// pseudonym or the group's id.
    pub filter: Option<Expression>,
    pub page: u64,
    pub page_size: u64,
}

/// Profiles in the order of their subjects, so that pages over one snapshot fit together.
#[derive(Clone, Debug)]
pub struct ProfilePage {
    pub profiles: Vec<Arc<Profile>>,
    /// How many there are on all pages.
    pub total: u64,
}

struct ProfileRow<'a>(&'a Profile);

impl PropertySource for ProfileRow<'_> {
    fn property(&self, _: PropertyScope, name: &str) -> ExprValue<'_> {
        if name == "$distinct_id" || name == "distinct_id" {
            return ExprValue::text(match &self.0.subject {
                ProfileSubject::Person(pseudonym) => pseudonym.to_string(),
                ProfileSubject::Group { id, .. } => id.to_string(),
            });
        }
        self.0.properties.property(PropertyScope::Row, name)
    }
}

/// Finds profiles. Nothing of it may leave before the leaf for it is written: see [`ProfileSet`].
pub fn find_profiles(
    snapshot: &Snapshot,
    query: &ProfileQuery,
    cancel: &Cancel,
) -> Result<ProfileSet, ReportError> {
    let mut found = Vec::new();
    for (at, profile) in snapshot.profiles().enumerate() {
        if at % 1024 == 0 {
            cancel.check()?;
        }
        let profile = profile?;
        let of_kind = match (&profile.subject, &query.group_key) {
            (ProfileSubject::Person(_), None) => true,
            (ProfileSubject::Group { key, .. }, Some(wanted)) => key == wanted,
            _ => false,
        };
        let wanted = query.subjects.as_ref().is_none_or(|subjects| subjects.contains(&profile.subject));
        let kept = |filter: &Expression| filter.eval(&ProfileRow(&profile)).is_true();
        if of_kind && wanted && query.filter.as_ref().is_none_or(kept) {
            found.push(profile);
        }
    }
    found.sort_by(|left, right| left.subject.cmp(&right.subject));
    let total = found.len() as u64;
    let skip = query.page.saturating_mul(query.page_size);
    let page = found
        .into_iter()
        .skip(usize::try_from(skip).unwrap_or(usize::MAX))
        .take(usize::try_from(query.page_size).unwrap_or(usize::MAX))
        .collect();
    Ok(ProfileSet(ProfilePage { profiles: page, total }))
}

/// Profiles that were found and not yet given out.
#[derive(Debug)]
pub struct ProfileSet(ProfilePage);

impl ProfileSet {
    /// The people on the page: for the leaf.
    pub fn touched(&self, snapshot: &Snapshot) -> Touched {
        let profiles = &self.0.profiles;
        let people: RoaringBitmap = profiles
            .iter()
            .filter_map(|profile| match &profile.subject {
                ProfileSubject::Person(pseudonym) => snapshot.person(pseudonym).map(|person| person.0),
                ProfileSubject::Group { .. } => None,
            })
            .collect();
        Touched { people, rows: profiles.len() as u64 }
    }

    pub fn open(self, snapshot: &Snapshot, grant: &AccessGrant) -> Result<ProfilePage, ReportError> {
        check_grant(snapshot, grant)?;
        Ok(self.0)
    }
}

/// Whose events to give out, and of when.
#[derive(Clone, Debug)]
pub struct ActivityQuery {
    pub people: Vec<Pseudonym>,
    pub range: Range<Timestamp>,
    pub filter: Option<Expression>,
    /// At most so many, the earliest; bounded by [`MAX_STREAM_EVENTS`].
    pub limit: Option<usize>,
}

/// Writes the events of some people as JSON objects with commas in between, by time; equal times
/// by the written event.
pub fn write_activity(
    snapshot: &Snapshot,
    grant: &AccessGrant,
    query: &ActivityQuery,
    ids: &mut dyn IdWriter,
    cancel: &Cancel,
    out: &mut Vec<u8>,
) -> Result<Touched, ReportError> {
    check_grant(snapshot, grant)?;
    let people = query.people.iter().filter_map(|pseudonym| snapshot.person(pseudonym)).map(|id| id.0);
    let mut scan = Scan::over(query.range.clone());
    scan.people = Some(people.collect());
    scan.all_properties = true;
    scan.details = true;
    if let Some(filter) = &query.filter {
        ask_for(&mut scan, &filter.properties());
    }
    let mut reader = RowReader::new(snapshot);
    let mut events: Vec<(i64, Vec<u8>, u32)> = Vec::new();
    for block in snapshot.scan(&scan) {
        cancel.check()?;
        let block = block?;
        let rows: Vec<usize> = match &query.filter {
            None => (0..block.len()).collect(),
            Some(expression) => filter::mask(expression, &block, &mut reader)?.set_indices().collect(),
        };
        for row in rows {
            let mut event = Vec::new();
            write_rows(snapshot, &block, &[row as u32], (TimeUnit::Seconds, b','), ids, &mut event);
            events.push((block.times()[row], event, block.people()[row]));
        }
        if events.len() > 2 * MAX_STREAM_EVENTS {
            events.sort();
            events.truncate(MAX_STREAM_EVENTS);
        }
    }
    events.sort();
    events.truncate(query.limit.unwrap_or(MAX_STREAM_EVENTS).min(MAX_STREAM_EVENTS));
    let mut touched = Touched::default();
    for (_, event, person) in &events {
        touched.add(*person);
        out.extend_from_slice(event);
    }
    if !events.is_empty() {
        // The last comma.
        out.pop();
    }
    Ok(touched)
}
