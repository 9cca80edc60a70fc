//! The way of an event.

use super::{Run, StepResult, cut};
use crate::admit::{self, InsertIdChoice, Rules};
use crate::enrich::Source;
use crate::identity::{self, EventIdentity, IdentityProperties, Link};
use crate::outcome::{DropReason, Outcome, Rejection};
use crate::wire::{Endpoint, IncomingEvent};
use domain::event::Properties;
use domain::identity::IdentityMode;
use domain::schema::DataKind;
use domain::{Event, EventName, InsertId, PropertyName, PropertyValue, Pseudonym, Timestamp};

type Step = fn(&mut Draft, &mut Run<'_>) -> StepResult;

const STEPS: [Step; 13] = [
    consent,
    shape,
    event_name,
    time,
    distinct_id,
    insert_id,
    agent,
    source,
    place,
    identity,
    classify,
    cut_texts,
    stamp,
];

/// Place, source and stamps of an ordinary event.
const ROOM_FOR_ADDED: usize = 8;

/// An event between its raw and its stored form.
struct Draft {
    incoming: IncomingEvent,
    name: EventName,
    time: Timestamp,
    insert_id: InsertId,
    identity: EventIdentity,
    /// What is added after the classifier: our own words, and ids that are pseudonyms already.
    added: Properties,
}

pub(super) fn process(incoming: IncomingEvent, run: &mut Run<'_>) -> StepResult {
    let mut draft = Draft {
        incoming,
        name: run.pipeline.names.none.clone(),
        time: run.head.now,
        insert_id: run.pipeline.names.no_id.clone(),
        identity: EventIdentity::default(),
        added: Properties::with_capacity(ROOM_FOR_ADDED),
    };
    for step in STEPS {
        if let Err(outcome) = step(&mut draft, run) {
            let outcome = with_insert_id(outcome, &draft.incoming);
            run.remember(draft.incoming.name.as_ref().map(EventName::as_str), &outcome);
            return Err(outcome);
        }
    }
    let Draft { incoming, name, time, insert_id, identity, added } = draft;
    let mut properties = incoming.properties;
    properties.reserve_exact(added.len());
    for (name, value) in added {
        put(&mut properties, name, value);
    }
    run.batch.events.push(Event {
        name,
        time,
        distinct: identity.distinct,
        device: identity.device,
        user: identity.user,
        insert_id,
        properties,
    });
    Ok(())
}

/// A rejected event is named to its client by its own key.
fn with_insert_id(outcome: Outcome, incoming: &IncomingEvent) -> Outcome {
    match outcome {
        Outcome::Rejected(rejection) => Outcome::Rejected(Rejection {
            insert_id: incoming.insert_id.text().map(|id| cut::text(id).into()),
            ..rejection
        }),
        other => other,
    }
}

fn consent(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    if draft.incoming.ignore {
        return Err(Outcome::Dropped(DropReason::Ignored));
    }
    run.consent()
}

fn shape(draft: &mut Draft, _: &mut Run<'_>) -> StepResult {
    Ok(admit::defect(draft.incoming.defect, true)?)
}

fn event_name(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    draft.name = admit::name(Rules::of(run.head), draft.incoming.name.clone())?;
    Ok(())
}

fn time(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    draft.time = admit::time(Rules::of(run.head), draft.incoming.time, run.head.now)?;
    Ok(())
}

fn distinct_id(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    let elsewhere = draft.incoming.user_id.text().or(draft.incoming.device_id.text()).is_some();
    Ok(admit::distinct_id(Rules::of(run.head), &draft.incoming.distinct_id, elsewhere)?)
}

fn insert_id(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    let IncomingEvent { insert_id, metadata_id, .. } = &draft.incoming;
    draft.insert_id = match admit::insert_id(Rules::of(run.head), insert_id, metadata_id)? {
        // Random by nature, so that only what is more than random speaks against keeping it.
        InsertIdChoice::Keep(id) if !run.is_telling(id) => InsertId::from(id),
        InsertIdChoice::Keep(id) | InsertIdChoice::Digest(id) => {
            InsertId::from(hex(run.project.sealer.pseudonym(&format!("insert id:{id}")).0))
        }
        InsertIdChoice::MakeUp => {
            let mut bytes = [0; 16];
            run.pipeline.entropy.fill(&mut bytes);
            InsertId::from(hex(bytes))
        }
    };
    Ok(())
}

impl Run<'_> {
    /// Whether a key of good form is really something personal or secret.
    fn is_telling(&mut self, id: &str) -> bool {
        if is_random(id) {
            return false;
        }
        let swept = self.project.classifier.sweep_text(None, id, &mut self.findings);
        let telling = swept.is_some() && self.findings.iter().any(|finding| finding.kind != DataKind::Token);
        self.findings.clear();
        telling
    }
}

/// Whether a key is a UUID or 32 hex digits that spell no text: what SDKs and exporters make, and
/// not worth a look through every shape. Sixteen random bytes are all printable once in ten millions.
fn is_random(id: &str) -> bool {
    if !matches!(id.len(), 32 | 36) {
        return false;
    }
    let value = |byte: u8| char::from(byte).to_digit(16);
    let (mut digits, mut high, mut letters, mut unprintable) = (0, 0, false, false);
    for byte in id.bytes().filter(|byte| *byte != b'-') {
        let Some(digit) = value(byte) else { return false };
        letters |= digit > 9;
        match digits % 2 {
            0 => high = digit,
            _ => unprintable |= !(0x20..0x7f).contains(&(high * 16 + digit)),
        }
        digits += 1;
    }
    digits == 32 && letters && unprintable
}

/// Browser, system and device from an agent that the app passes on, where the client named none;
/// bots are marked, not dropped.
fn agent(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    let names = &run.pipeline.names;
    let enricher = &run.pipeline.enricher;
    let is_bot = match draft.incoming.user_agent.take() {
        Some(user_agent) => {
            let has =
                |wanted: &PropertyName| draft.incoming.properties.iter().any(|(name, _)| name == wanted);
            if !has(&names.browser) && !has(&names.os) {
                let agent = enricher.agent(&user_agent);
                let parts = [
                    (&names.browser, agent.browser.as_deref().map(text)),
                    (&names.browser_version, agent.browser_version.map(PropertyValue::Float)),
                    (&names.os, agent.os.as_deref().map(text)),
                    (&names.device, agent.device.as_deref().map(text)),
                ];
                let new = parts.into_iter().filter(|(name, _)| !has(name));
                draft.added.extend(new.filter_map(|(name, part)| Some((name.clone(), part?))));
            }
            enricher.is_bot(&user_agent)
        }
        // The request's own agent is the person's only where the library runs in the browser.
        None if is_web(&draft.incoming.properties) => run.request_is_bot(),
        None => false,
    };
    if is_bot {
        run.counts.bots += 1;
        draft.added.push((run.pipeline.names.is_bot.clone(), PropertyValue::Bool(true)));
    }
    Ok(())
}

impl Run<'_> {
    fn request_is_bot(&mut self) -> bool {
        *self.request_is_bot.get_or_insert_with(|| {
            let user_agent = self.head.user_agent.as_deref();
            user_agent.is_some_and(|user_agent| self.pipeline.enricher.is_bot(user_agent))
        })
    }
}

fn is_web(properties: &Properties) -> bool {
    properties.iter().any(|(name, value)| {
        name.as_str() == "mp_lib" && matches!(value, PropertyValue::String(lib) if &**lib == "web")
    })
}

/// Where a visit came from: `$referrer_source` and `$referrer_medium`, the same for the first visit.
/// They join the client's own properties, since a campaign's name passes the classifier like any text.
fn source(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    let names = &run.pipeline.names;
    let (mut last, mut first, mut utm_medium, mut utm_source) = (None, None, None, None);
    for (name, value) in &draft.incoming.properties {
        let PropertyValue::String(value) = value else { continue };
        match name.as_str() {
            "$referrer" => last = Some(&**value),
            "$referring_domain" if last.is_none() => last = Some(&**value),
            "$initial_referrer" => first = Some(&**value),
            "$initial_referring_domain" if first.is_none() => first = Some(&**value),
            "utm_medium" => utm_medium = Some(&**value),
            "utm_source" => utm_source = Some(&**value),
            _ => {}
        }
    }
    let written = |source: &Source| [text(&source.name), text(source.medium.as_str())];
    let this_visit = if utm_medium.or(utm_source).is_some() {
        run.pipeline.enricher.campaign_source(utm_medium, utm_source, last).as_ref().map(written)
    } else {
        last.and_then(|referrer| run.source(referrer)).map(written)
    };
    let first_visit = first.and_then(|referrer| run.source(referrer)).map(written);
    let visits = [
        (this_visit, &names.referrer_source, &names.referrer_medium),
        (first_visit, &names.initial_referrer_source, &names.initial_referrer_medium),
    ];
    for (found, source_name, medium_name) in visits {
        let Some([source, medium]) = found else { continue };
        put(&mut draft.incoming.properties, source_name.clone(), source);
        put(&mut draft.incoming.properties, medium_name.clone(), medium);
    }
    Ok(())
}

/// City, region and country of the address. Afterwards the address is forgotten, but for a person
/// who has no other name.
fn place(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    let Some(address) = run.address(draft.incoming.address) else { return Ok(()) };
    let names = &run.pipeline.names;
    let place = run.place(address);
    let parts = [
        (&names.city, place.city.as_deref().map(text)),
        (&names.region, place.region.as_deref().map(text)),
        (&names.country, place.country.as_deref().map(text)),
    ];
    for (name, part) in parts {
        // An import can say better where it happened.
        if let Some(part) = part
            && !draft.incoming.properties.iter().any(|(known, _)| known == name)
        {
            draft.added.push((name.clone(), part));
        }
    }
    Ok(())
}

/// Ids become pseudonyms: the event's own, and those in its properties.
fn identity(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    let Draft { incoming, name, time, .. } = draft;
    let in_properties = IdentityProperties::take(name.as_str(), &mut incoming.properties);
    let ids = (&incoming.distinct_id, &incoming.device_id, &incoming.user_id);
    let nobody = run.head.endpoint == Endpoint::Track && incoming.distinct_id == crate::wire::Id::Missing;
    let somebody = if nobody { run.address(incoming.address) } else { None };
    draft.identity = identity::of_event(run.project.identity_mode, ids, somebody, &mut run.people);
    if run.project.identity_mode == IdentityMode::Original {
        let ids = (&incoming.distinct_id, &incoming.user_id);
        match identity::link(name.as_str(), run.head.endpoint, ids, &in_properties, *time, &mut run.people) {
            Link::None => {}
            Link::Made(link) => run.batch.links.push(link),
            Link::Failed(reason) => {
                draft.added.push((run.pipeline.names.failure_reason.clone(), text(reason)));
            }
        }
    }
    draft.added.extend(in_properties.into_pseudonyms(&mut run.people));
    Ok(())
}

/// Everything personal or secret leaves the event; placeholders stay.
fn classify(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    run.project.classifier.sweep(&mut draft.incoming.properties, &mut run.findings);
    if !run.clean_names.contains(&draft.name) {
        match run.project.classifier.sweep_text(None, draft.name.as_str(), &mut run.findings) {
            Some(swept) => draft.name = EventName::from(swept),
            None => {
                run.clean_names.insert(draft.name.clone());
            }
        }
    }
    run.seal_observed(draft.identity.distinct, draft.time);
    Ok(())
}

fn cut_texts(draft: &mut Draft, _: &mut Run<'_>) -> StepResult {
    cut::properties(&mut draft.incoming.properties);
    let cut = cut::text(draft.name.as_str());
    if cut.len() < draft.name.as_str().len() {
        draft.name = EventName::from(cut);
    }
    Ok(())
}

/// What the vendor's server says about an event's arrival.
fn stamp(draft: &mut Draft, run: &mut Run<'_>) -> StepResult {
    let names = &run.pipeline.names;
    let arrival = PropertyValue::Int(run.head.now.millis());
    draft.added.push((names.api_endpoint.clone(), text(run.head.endpoint.path())));
    draft.added.push((names.api_timestamp.clone(), arrival.clone()));
    draft.added.push((names.processing_time.clone(), arrival));
    if run.head.endpoint == Endpoint::Import {
        draft.added.push((names.import.clone(), PropertyValue::Bool(true)));
    }
    Ok(())
}

/// What the collector knows replaces what a client says under the same name.
fn put(properties: &mut Properties, name: PropertyName, value: PropertyValue) {
    match properties.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => properties.push((name, value)),
    }
}

fn text(text: &str) -> PropertyValue {
    PropertyValue::String(text.into())
}

fn hex(bytes: [u8; 16]) -> String {
    Pseudonym(bytes).to_string().split_off(domain::subject::PSEUDONYM_PREFIX.len())
}

#[cfg(test)]
mod tests;
