//! The way of a profile update.

use super::{Run, StepResult, cut, json_text};
use crate::admit;
use crate::classify::Finding;
use crate::identity;
use crate::outcome::{DropReason, Rejection};
use crate::wire::{AddressField, Endpoint, IncomingUpdate, RawOperator, parse_address};
use domain::event::Properties;
use domain::profile::{ProfileOperator, ProfileSubject, ProfileUpdate};
use domain::{PropertyName, PropertyValue, Pseudonym, Timestamp};
use vault::{Clear, SealedOperation};

/// Whose profile, and under whom its sealed fields are kept.
struct Owner {
    subject: ProfileSubject,
    sealed_under: Pseudonym,
}

pub(super) fn process(update: IncomingUpdate, run: &mut Run<'_>) -> StepResult {
    let result = take(update, run);
    if let Err(outcome) = &result {
        run.remember(None, outcome);
    }
    result
}

fn take(mut update: IncomingUpdate, run: &mut Run<'_>) -> StepResult {
    run.consent()?;
    admit::defect(update.defect, false)?;
    check_operators(&update.operators)?;
    let owner = owner(&update, run)?;
    let time = admit::update_time(update.time, run.head.now);
    take_address(&mut update);
    let place = place(&update, &owner, run);
    let mut operators = Vec::with_capacity(update.operators.len() + 1);
    for operator in update.operators {
        operators.push(seal(operator, &owner, time, run));
    }
    if !place.is_empty() {
        set(&mut operators, place);
    }
    run.batch.profiles.push(ProfileUpdate {
        subject: owner.subject,
        time,
        operators,
        ignore_time: update.ignore_time,
    });
    Ok(())
}

fn check_operators(operators: &[RawOperator]) -> Result<(), Rejection> {
    if operators.is_empty() {
        let message =
            "operator, missing: one of $set, $set_once, $add, $append, $union, $remove, $unset, $delete";
        return Err(Rejection::new(DropReason::NoOperator, "", message));
    }
    let is_number = |value: &PropertyValue| matches!(value, PropertyValue::Int(_) | PropertyValue::Float(_));
    let is_list = |value: &PropertyValue| matches!(value, PropertyValue::List(_));
    let bad = |field, message| Err(Rejection::new(DropReason::BadOperator, field, message));
    for operator in operators {
        match operator {
            RawOperator::Add(numbers) if !numbers.iter().all(|(_, value)| is_number(value)) => {
                return bad("$add", "$add, not a number");
            }
            RawOperator::Union(lists) if !lists.iter().all(|(_, value)| is_list(value)) => {
                return bad("$union", "$union, not a list");
            }
            _ => {}
        }
    }
    Ok(())
}

fn owner(update: &IncomingUpdate, run: &mut Run<'_>) -> Result<Owner, Rejection> {
    if run.head.endpoint != Endpoint::Groups {
        let ids = (&update.distinct_id, &update.device_id, &update.user_id);
        let who = identity::of_update(ids, &mut run.people)
            .ok_or_else(|| Rejection::missing(DropReason::MissingDistinctId, "$distinct_id"))?;
        return Ok(Owner { subject: ProfileSubject::Person(who), sealed_under: who });
    }
    let missing = |field| Rejection::missing(DropReason::MissingGroup, field);
    let key = update.group_key.text().ok_or_else(|| missing("$group_key"))?;
    let id = update.group_id.text().ok_or_else(|| missing("$group_id"))?;
    let sealed_under = run.project.sealer.group_subject(key, id);
    let classifier = run.project.classifier;
    // A business's name stays readable; a person's, or an address, as the id of a group does not.
    let readable_id = match classifier.sweep_text(None, id, &mut run.findings) {
        None => cut::text(id).into(),
        Some(_) => {
            run.batch.sealed.extend(run.project.sealer.seal_distinct_id(sealed_under, id));
            sealed_under.to_string().into()
        }
    };
    let readable_key = classifier.sweep_text(None, key, &mut run.findings);
    run.findings.clear();
    let key = cut::text(readable_key.as_deref().unwrap_or(key)).into();
    Ok(Owner { subject: ProfileSubject::Group { key, id: readable_id }, sealed_under })
}

/// An address among the properties says where to look, and is never one itself.
fn take_address(update: &mut IncomingUpdate) {
    let mut given = AddressField::Missing;
    for operator in &mut update.operators {
        let (RawOperator::Set(properties) | RawOperator::SetOnce(properties)) = operator else { continue };
        properties.retain(|(name, value)| {
            let is_address = matches!(name.as_str(), "ip" | "$ip");
            if is_address && let PropertyValue::String(text) = value {
                given = parse_address(text);
            }
            !is_address
        });
    }
    if update.address == AddressField::Missing {
        update.address = given;
    }
}

/// City, region and country, of a person who is being described. An organisation has no address here.
fn place(update: &IncomingUpdate, owner: &Owner, run: &mut Run<'_>) -> Properties {
    let describes = update.operators.iter().any(|operator| {
        !matches!(operator, RawOperator::Remove(_) | RawOperator::Unset(_) | RawOperator::Delete)
    });
    let is_person = matches!(owner.subject, ProfileSubject::Person(_));
    let Some(address) = run.address(update.address).filter(|_| describes && is_person) else {
        return Properties::new();
    };
    let text = |part: &str| PropertyValue::String(part.into());
    let names = &run.pipeline.names;
    let place = run.place(address);
    let parts = [
        (&names.city, place.city.as_deref().map(text)),
        (&names.region, place.region.as_deref().map(text)),
        (&names.profile_country, place.country.as_deref().map(text)),
    ];
    let mut found: Properties =
        parts.into_iter().filter_map(|(name, part)| Some((name.clone(), part?))).collect();
    if !found.is_empty() {
        found.push((names.geo_source.clone(), text("ip")));
    }
    found
}

/// Adds what the server knows to the update's `$set`; what the client says itself has precedence.
fn set(operators: &mut Vec<ProfileOperator>, place: Properties) {
    match operators.first_mut() {
        Some(ProfileOperator::Set(properties)) => {
            for (name, value) in place {
                if !properties.iter().any(|(known, _)| *known == name) {
                    properties.push((name, value));
                }
            }
        }
        _ => operators.insert(0, ProfileOperator::Set(place)),
    }
}

/// Takes what is personal out of an operator and seals it as the same operation, so that the vault
/// can fold it later.
fn seal(operator: RawOperator, owner: &Owner, time: Timestamp, run: &mut Run<'_>) -> ProfileOperator {
    use SealedOperation as Sealed;
    match operator {
        RawOperator::Set(properties) => {
            ProfileOperator::Set(seal_values(properties, Sealed::Set, owner, time, run))
        }
        RawOperator::SetOnce(properties) => {
            ProfileOperator::SetOnce(seal_values(properties, Sealed::SetOnce, owner, time, run))
        }
        RawOperator::Add(properties) => {
            let mut swept = seal_values(properties, Sealed::Add, owner, time, run);
            // A placeholder adds to nothing.
            swept.retain(|(_, value)| matches!(value, PropertyValue::Int(_) | PropertyValue::Float(_)));
            ProfileOperator::Add(swept)
        }
        RawOperator::Append(properties) => {
            ProfileOperator::Append(seal_values(properties, Sealed::Append, owner, time, run))
        }
        RawOperator::Union(properties) => {
            ProfileOperator::Union(seal_values(properties, Sealed::Union, owner, time, run))
        }
        RawOperator::Remove(properties) => {
            let before = properties.clone();
            let mut swept = seal_values(properties, Sealed::Remove, owner, time, run);
            // A placeholder may stand for several values: only the vault knows which one goes.
            swept.retain(|property| before.contains(property));
            ProfileOperator::Remove(swept)
        }
        RawOperator::Unset(names) => ProfileOperator::Unset(unset(names, owner, time, run)),
        RawOperator::Delete => {
            let nothing = Clear::new(String::new());
            run.seal(owner.sealed_under, "", Sealed::Delete, &nothing, time);
            ProfileOperator::Delete
        }
    }
}

fn seal_values(
    mut properties: Properties,
    operation: SealedOperation,
    owner: &Owner,
    time: Timestamp,
    run: &mut Run<'_>,
) -> Properties {
    let classifier = run.project.classifier;
    match owner.subject {
        ProfileSubject::Person(_) => classifier.sweep(&mut properties, &mut run.findings),
        ProfileSubject::Group { .. } => classifier.sweep_group(&mut properties, &mut run.findings),
    }
    let mut findings = Vec::new();
    for finding in std::mem::take(&mut run.findings) {
        let counts = if finding.value.is_some() { &mut run.counts.sealed } else { &mut run.counts.destroyed };
        *counts.entry(finding.kind).or_default() += 1;
        findings.push(finding);
    }
    for (field, value) in sealed_fields(&findings, operation) {
        run.seal(owner.sealed_under, field, operation, &value, time);
    }
    cut::properties(&mut properties);
    properties
}

/// The sealed values by field, as JSON. Several values of one field are a list in their order, as
/// is every value of a `$union`. The members of a list that an operator adds or takes away belong
/// to the list as a whole, not to a place in it.
fn sealed_fields(findings: &[Finding], operation: SealedOperation) -> Vec<(&str, Clear<String>)> {
    let in_list =
        matches!(operation, SealedOperation::Append | SealedOperation::Union | SealedOperation::Remove);
    let mut fields: Vec<(&str, Vec<&str>)> = Vec::new();
    for finding in findings {
        let Some(value) = &finding.value else { continue };
        let field = if in_list { without_index(&finding.path) } else { &finding.path };
        match fields.iter_mut().find(|(known, _)| *known == field) {
            Some((_, values)) => values.push(value.expose()),
            None => fields.push((field, vec![value.expose()])),
        }
    }
    let as_json = |values: Vec<&str>| match values[..] {
        [single] if operation != SealedOperation::Union => json_text(single),
        _ => Clear::new(serde_json::Value::from(values).to_string()),
    };
    fields.into_iter().map(|(field, values)| (field, as_json(values))).collect()
}

/// `emails[0]` without its index.
fn without_index(path: &str) -> &str {
    match path.strip_suffix(']').and_then(|path| path.rsplit_once('[')) {
        Some((list, index)) if !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()) => list,
        _ => path,
    }
}

/// Names to forget; the vault is told of each, since it alone knows whether it holds a value.
fn unset(names: Vec<PropertyName>, owner: &Owner, time: Timestamp, run: &mut Run<'_>) -> Vec<PropertyName> {
    let nothing = Clear::new(String::new());
    names
        .into_iter()
        .map(|name| {
            let swept = run.project.classifier.sweep_text(None, name.as_str(), &mut run.findings);
            run.findings.clear();
            let name = swept.map_or(name, PropertyName::from);
            let name = cut::property_name(&name).unwrap_or(name);
            run.seal(owner.sealed_under, name.as_str(), SealedOperation::Unset, &nothing, time);
            name
        })
        .collect()
}
