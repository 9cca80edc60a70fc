//! From records to a batch for the log: a list of named steps that reads like the product.
//!
//! A record goes through the steps of its kind in order. Each step either passes it on or ends its
//! way with an outcome; the others of its request are not touched by that.

mod cut;
mod events;
mod names;
mod profiles;

use crate::classify::{Classifier, Finding};
use crate::enrich::{Enricher, Place, Source};
use crate::identity::People;
use crate::outcome::{DropReason, DroppedExample, Outcome};
use crate::wire::{AddressField, Head, Record, Share};
use domain::identity::IdentityMode;
use domain::schema::DataKind;
use domain::sealed::SealedRecord;
use domain::{Batch, EventName, ProjectId, Pseudonym, Timestamp};
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use vault::{Clear, Entropy, ProjectSealer, SealedOperation};

/// Examples of dropped records that one request can leave behind: enough to see what is wrong.
const EXAMPLES_PER_REQUEST: usize = 8;

/// What all projects share.
#[derive(Debug)]
pub struct Pipeline {
    enricher: Arc<Enricher>,
    entropy: Arc<dyn Entropy>,
    names: names::Names,
}

/// The project whose records run through the pipeline.
#[derive(Clone, Copy)]
pub struct ProjectContext<'a> {
    pub project: ProjectId,
    pub identity_mode: IdentityMode,
    pub sealer: &'a ProjectSealer,
    pub classifier: &'a Classifier,
    pub policy: PrivacyPolicy,
}

impl fmt::Debug for ProjectContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectContext").field("project", &self.project).finish_non_exhaustive()
    }
}

/// Which signals of a browser keep its events out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrivacyPolicy {
    pub honour_do_not_track: bool,
    pub honour_global_privacy_control: bool,
}

/// What became of a share of a request.
#[derive(Debug)]
pub struct Processed {
    pub batch: Batch,
    /// One per record, with its position in the request.
    pub outcomes: Vec<(usize, Outcome)>,
    pub counts: Counts,
    pub examples: Vec<DroppedExample>,
}

/// For the counters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub accepted: u64,
    pub not_kept: BTreeMap<DropReason, u64>,
    /// Values that were sealed for the vault.
    pub sealed: BTreeMap<DataKind, u64>,
    /// Secrets that were destroyed at the door, and personal values of events that name no one.
    pub destroyed: BTreeMap<DataKind, u64>,
    pub bots: u64,
}

impl Pipeline {
    pub fn new(enricher: Arc<Enricher>, entropy: Arc<dyn Entropy>) -> Self {
        Self { enricher, entropy, names: names::Names::default() }
    }

    /// Runs the records of one project through their steps.
    pub fn run(&self, head: &Head, share: Share, project: &ProjectContext<'_>) -> Processed {
        let mut run = Run {
            pipeline: self,
            head,
            project,
            people: People::new(project.sealer),
            batch: Batch::new(project.project, head.now),
            findings: Vec::new(),
            last_place: None,
            last_source: None,
            clean_names: HashSet::new(),
            request_is_bot: None,
            counts: Counts::default(),
            examples: Vec::new(),
        };
        if head.endpoint.takes_events() {
            run.batch.events.reserve(share.records.len());
        }
        let outcomes = share
            .records
            .into_iter()
            .map(|(position, record)| {
                let result = match record {
                    Record::Event(event) => events::process(event, &mut run),
                    Record::Update(update) => profiles::process(update, &mut run),
                };
                let outcome = result.err().unwrap_or(Outcome::Accepted);
                run.count(&outcome);
                (position, outcome)
            })
            .collect();
        let Run { people, mut batch, counts, examples, .. } = run;
        batch.sealed.extend(people.into_sealed());
        Processed { batch, outcomes, counts, examples }
    }
}

/// Ends a record's way.
type StepResult = Result<(), Outcome>;

/// One request of one project on its way.
struct Run<'a> {
    pipeline: &'a Pipeline,
    head: &'a Head,
    project: &'a ProjectContext<'a>,
    people: People<'a>,
    batch: Batch,
    /// What the classifier took out of the present record.
    findings: Vec<Finding>,
    last_place: Option<(IpAddr, Place)>,
    /// Visits of one request mostly come from the same page.
    last_source: Option<(Box<str>, Option<Source>)>,
    /// Event names in which nothing personal was found.
    clean_names: HashSet<EventName>,
    request_is_bot: Option<bool>,
    counts: Counts,
    examples: Vec<DroppedExample>,
}

impl Run<'_> {
    fn count(&mut self, outcome: &Outcome) {
        match outcome.reason() {
            None => self.counts.accepted += 1,
            Some(reason) => *self.counts.not_kept.entry(reason).or_default() += 1,
        }
    }

    /// Keeps an example of what was dropped, its name swept like every name that is stored.
    fn remember(&mut self, event: Option<&str>, outcome: &Outcome) {
        let Some(reason) = outcome.reason() else { return };
        if self.examples.len() >= EXAMPLES_PER_REQUEST {
            return;
        }
        let event = event.map(|name| {
            let swept = self.project.classifier.sweep_text(None, name, &mut self.findings);
            self.findings.clear();
            cut::text(swept.as_deref().unwrap_or(name)).into()
        });
        let field = match outcome {
            Outcome::Rejected(rejection) => Some(rejection.field),
            _ => None,
        };
        self.examples.push(DroppedExample { time: self.head.now, event, reason, field });
    }

    /// Consent comes first: what a person keeps to themselves is not even looked at.
    fn consent(&self) -> StepResult {
        let policy = self.project.policy;
        let opted_out = (policy.honour_do_not_track && self.head.do_not_track)
            || (policy.honour_global_privacy_control && self.head.global_privacy_control);
        if opted_out { Err(Outcome::Dropped(DropReason::OptedOut)) } else { Ok(()) }
    }

    /// The address to look up for a record that says this about it.
    fn address(&self, field: AddressField) -> Option<IpAddr> {
        match field {
            AddressField::Missing => self.head.place_address(),
            AddressField::Own => self.head.address,
            AddressField::Off => None,
            AddressField::Given(address) => Some(address),
        }
    }

    fn place(&mut self, address: IpAddr) -> &Place {
        let known = matches!(&self.last_place, Some((last, _)) if *last == address);
        if !known {
            self.last_place = Some((address, self.pipeline.enricher.place(address)));
        }
        &self.last_place.as_ref().expect("looked up just now").1
    }

    fn source(&mut self, referrer: &str) -> Option<&Source> {
        let known = matches!(&self.last_source, Some((last, _)) if **last == *referrer);
        if !known {
            self.last_source = Some((referrer.into(), self.pipeline.enricher.source(referrer)));
        }
        self.last_source.as_ref().and_then(|(_, source)| source.as_ref())
    }

    /// Seals what the classifier took out of an event: it belongs to the person, where there is one.
    fn seal_observed(&mut self, who: Option<Pseudonym>, time: Timestamp) {
        for finding in std::mem::take(&mut self.findings) {
            let sealed = match (&finding.value, who) {
                (Some(value), Some(who)) => Some((value, who)),
                _ => None,
            };
            match sealed {
                Some((value, who)) => {
                    *self.counts.sealed.entry(finding.kind).or_default() += 1;
                    // The event's own name is no property and has no path.
                    let field = if finding.path.is_empty() { "event" } else { &finding.path };
                    self.seal(who, field, SealedOperation::Observe, &json_text(value.expose()), time);
                }
                None => *self.counts.destroyed.entry(finding.kind).or_default() += 1,
            }
        }
    }

    fn seal(
        &mut self,
        who: Pseudonym,
        field: &str,
        operation: SealedOperation,
        value: &Clear<String>,
        time: Timestamp,
    ) {
        let sealed: Option<SealedRecord> =
            self.project.sealer.seal_field(who, field, operation, value.expose(), time);
        self.batch.sealed.extend(sealed);
    }
}

/// A clear text as JSON.
fn json_text(text: &str) -> Clear<String> {
    Clear::new(serde_json::Value::from(text).to_string())
}
