use super::*;
use domain::event::Properties;
use domain::identity::{IdentityLink, LinkKind};
use domain::profile::{ProfileOperator, ProfileSubject, ProfileUpdate};
use domain::sealed::SealedRecord;
use domain::{Batch, Event, InsertId, ProjectId, PropertyName, PropertyValue, Pseudonym, Timestamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["Signed up", "$browser", "plan", "", "größe"]).prop_map(str::to_owned),
        ".{0,12}",
    ]
}

fn time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![0..2_000_000_000_000i64, any::<i64>()].prop_map(Timestamp::from_millis)
}

fn pseudonym() -> impl Strategy<Value = Pseudonym> {
    prop_oneof![(0..3u8).prop_map(|n| Pseudonym([n; 16])), any::<[u8; 16]>().prop_map(Pseudonym)]
}

fn insert_id() -> impl Strategy<Value = InsertId> {
    prop_oneof!["[0-9a-fA-F]{32}", "[0-9a-f]{32}", "[0-9A-F]{32}", "[0-9a-z-]{0,36}", ".{0,8}", hyphenated()]
        .prop_map(InsertId::from)
}

fn hyphenated() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}",
        "[0-9a-f-]{36}",
    ]
}

fn value() -> impl Strategy<Value = PropertyValue> {
    let leaf = prop_oneof![
        Just(PropertyValue::Null),
        any::<bool>().prop_map(PropertyValue::Bool),
        any::<i64>().prop_map(PropertyValue::Int),
        // NaN is not equal to itself; its bits are looked at in a test of their own.
        any::<f64>().prop_filter("comparable", |float| !float.is_nan()).prop_map(PropertyValue::Float),
        ".{0,20}".prop_map(|text| PropertyValue::String(text.into())),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(PropertyValue::List),
            vec((name().prop_map(PropertyName::from), inner), 0..4).prop_map(PropertyValue::Object),
        ]
    })
}

fn properties() -> impl Strategy<Value = Properties> {
    vec((name().prop_map(PropertyName::from), value()), 0..6)
}

fn event() -> impl Strategy<Value = Event> {
    let ids = (option::of(pseudonym()), option::of(pseudonym()), option::of(pseudonym()));
    (name(), time(), ids, insert_id(), properties()).prop_map(
        |(name, time, (distinct, device, user), insert_id, properties)| Event {
            name: name.into(),
            time,
            distinct,
            device,
            user,
            insert_id,
            properties,
        },
    )
}

fn link() -> impl Strategy<Value = IdentityLink> {
    let kind = prop::sample::select(vec![LinkKind::Identify, LinkKind::Alias, LinkKind::Merge]);
    (time(), kind, pseudonym(), pseudonym()).prop_map(|(time, kind, left, right)| IdentityLink {
        time,
        kind,
        left,
        right,
    })
}

fn operator() -> impl Strategy<Value = ProfileOperator> {
    prop_oneof![
        properties().prop_map(ProfileOperator::Set),
        properties().prop_map(ProfileOperator::SetOnce),
        properties().prop_map(ProfileOperator::Add),
        properties().prop_map(ProfileOperator::Append),
        properties().prop_map(ProfileOperator::Union),
        properties().prop_map(ProfileOperator::Remove),
        vec(name().prop_map(PropertyName::from), 0..4).prop_map(ProfileOperator::Unset),
        Just(ProfileOperator::Delete),
    ]
}

fn update() -> impl Strategy<Value = ProfileUpdate> {
    let subject = prop_oneof![
        pseudonym().prop_map(ProfileSubject::Person),
        (name(), name()).prop_map(|(key, id)| ProfileSubject::Group { key: key.into(), id: id.into() }),
    ];
    (subject, time(), vec(operator(), 0..4), any::<bool>()).prop_map(
        |(subject, time, operators, ignore_time)| ProfileUpdate { subject, time, operators, ignore_time },
    )
}

fn batch() -> impl Strategy<Value = Batch> {
    let sealed = vec(vec(any::<u8>(), 0..40).prop_map(SealedRecord), 0..3);
    (any::<u32>(), time(), vec(event(), 0..8), vec(link(), 0..3), vec(update(), 0..3), sealed).prop_map(
        |(project, received, events, links, profiles, sealed)| Batch {
            project: ProjectId(project),
            received,
            events,
            links,
            profiles,
            sealed,
        },
    )
}

/// A body of many like events, which is long enough to be compressed.
fn long_batch() -> Batch {
    let mut batch = Batch::new(ProjectId(7), Timestamp::from_millis(1_000));
    for number in 0..200u32 {
        batch.events.push(Event {
            name: "Viewed page".into(),
            time: Timestamp::from_millis(i64::from(number)),
            distinct: Some(Pseudonym([1; 16])),
            device: None,
            user: Some(Pseudonym([1; 16])),
            insert_id: format!("{number:032x}").into(),
            properties: vec![
                ("$browser".into(), PropertyValue::String("Chrome".into())),
                ("n".into(), PropertyValue::Int(number.into())),
            ],
        });
    }
    batch
}

fn nested(depth: usize) -> Batch {
    let value = (0..depth).fold(PropertyValue::Null, |inner, _| PropertyValue::List(vec![inner]));
    let mut batch = long_batch();
    batch.events.truncate(1);
    batch.events[0].properties = vec![("deep".into(), value)];
    batch
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_batch_comes_back_as_it_was(batch in batch()) {
        prop_assert_eq!(decode(&encode(&batch).unwrap().payload).unwrap(), batch);
    }

    #[test]
    fn changed_bytes_never_panic(
        batch in batch(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut payload = encode(&batch).unwrap().payload;
        let _ = decode(&payload[..cut.index(payload.len())]);
        for (at, byte) in changes {
            let at = at.index(payload.len());
            payload[at] = byte;
        }
        let _ = decode(&payload);
    }

    #[test]
    fn arbitrary_bytes_never_panic(mut bytes in vec(any::<u8>(), 0..200), compressed in any::<bool>()) {
        let _ = decode(&bytes);
        bytes.splice(0..0, [VERSION, u8::from(compressed)]);
        let _ = decode(&bytes);
    }

    #[test]
    fn insert_ids_come_back_as_they_were(id in insert_id()) {
        let mut out = Vec::new();
        insert_id::put(&mut out, &id);
        prop_assert_eq!(insert_id::take(&mut bytes::Source::new(&out)).unwrap(), id);
    }
}

#[test]
fn every_prefix_and_every_suffix_is_refused() {
    let payload = encode(&nested(3)).unwrap().payload;
    for length in 0..payload.len() {
        assert!(decode(&payload[..length]).is_err(), "prefix of {length}");
    }
    let longer = [payload.as_slice(), &[0]].concat();
    assert_eq!(decode(&longer).unwrap_err(), DecodeError::Trailing);
}

#[test]
fn common_insert_ids_take_17_bytes() {
    for id in [
        "0123456789abcdef0123456789abcdef",
        "0123456789ABCDEF0123456789ABCDEF",
        "01234567-89ab-cdef-0123-456789abcdef",
        "01234567-89AB-CDEF-0123-456789ABCDEF",
        "00000000000000000000000000000000",
    ] {
        let mut out = Vec::new();
        insert_id::put(&mut out, &id.into());
        assert_eq!(out.len(), 17, "{id}");
    }
}

#[test]
fn long_bodies_are_compressed_and_short_ones_are_not() {
    let batch = long_batch();
    let encoded = encode(&batch).unwrap();
    assert_eq!(encoded.payload[1], FLAG_COMPRESSED);
    assert!(encoded.payload.len() < encoded.body_length);
    assert_eq!(decode(&encoded.payload).unwrap(), batch);
    assert_eq!(encode(&nested(1)).unwrap().payload[1], 0);
}

#[test]
fn a_compressed_body_must_have_its_stated_length() {
    let payload = encode(&long_batch()).unwrap().payload;
    let body = zstd::decode_all(&payload[4..]).unwrap();
    for stated in [0, body.len() as u64 - 1, body.len() as u64 + 1, u64::MAX] {
        let mut lying = vec![VERSION, FLAG_COMPRESSED];
        bytes::put_varint(&mut lying, stated);
        lying.extend_from_slice(&payload[4..]);
        assert_eq!(decode(&lying).unwrap_err(), DecodeError::Compression, "{stated}");
    }
}

#[test]
fn floats_keep_their_bits() {
    for bits in [f64::NAN.to_bits() | 1, (-0.0f64).to_bits(), f64::INFINITY.to_bits()] {
        let mut batch = nested(0);
        batch.events[0].properties[0].1 = PropertyValue::Float(f64::from_bits(bits));
        let back = decode(&encode(&batch).unwrap().payload).unwrap();
        assert!(
            matches!(back.events[0].properties[0].1, PropertyValue::Float(float) if float.to_bits() == bits)
        );
    }
}

#[test]
fn depth_is_bounded_both_ways() {
    let deepest = nested(MAX_DEPTH);
    assert_eq!(decode(&encode(&deepest).unwrap().payload).unwrap(), deepest);
    assert_eq!(encode(&nested(MAX_DEPTH + 1)).unwrap_err(), EncodeError::TooDeep);

    let payload = encode(&deepest).unwrap().payload;
    let innermost = payload.len() - 1;
    let deeper = [&payload[..innermost], &[6, 1].repeat(100_000), &[0]].concat();
    assert_eq!(decode(&deeper).unwrap_err(), DecodeError::TooDeep);
}

#[test]
fn counts_are_not_believed() {
    // project 0, received 0, then more sealed records than there are bytes.
    let mut payload = vec![VERSION, 0, 0, 0];
    bytes::put_varint(&mut payload, u64::MAX);
    assert_eq!(decode(&payload).unwrap_err(), DecodeError::Truncated);
    assert_eq!(decode(&[9, 0]).unwrap_err(), DecodeError::Version(9));
    assert_eq!(decode(&[VERSION, 2]).unwrap_err(), DecodeError::Tag);
}
