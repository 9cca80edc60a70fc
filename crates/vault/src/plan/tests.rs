use super::*;
use SealedOperation::{Add, Append, Delete, Observe, Remove, Set, SetOnce, Union, Unset};

/// Applies operations of the form (operation, field, value), in two loads from the database.
fn apply(
    stored: &[(SealedOperation, &str, &str)],
    new: &[(SealedOperation, &str, &str)],
) -> (Vec<Outcome>, Kept) {
    let mut before = Operations::default();
    run(&mut before, stored);
    let rows: Vec<Row> = before.finish().0.into_iter().map(|row| Row { fresh: None, ..row }).collect();
    let mut after = Operations::new(rows);
    let outcomes = run(&mut after, new);
    let kept = after.rows.iter().map(|row| (row.operation, row.field.clone(), row.digest[0])).collect();
    (outcomes, kept)
}

type Kept = Vec<(SealedOperation, String, u8)>;

fn run(operations: &mut Operations, steps: &[(SealedOperation, &str, &str)]) -> Vec<Outcome> {
    steps
        .iter()
        .map(|(operation, field, value)| {
            let digest = [value.bytes().next().unwrap_or(0); 16];
            operations.apply(*operation, field, digest, Timestamp::default(), Clear::from(*value))
        })
        .collect()
}

fn kept(rows: &[(SealedOperation, &str, &str)]) -> Kept {
    rows.iter()
        .map(|(operation, field, value)| (*operation, (*field).to_owned(), value.as_bytes()[0]))
        .collect()
}

#[test]
fn only_what_a_fold_needs_stays() {
    use Outcome::{Taken, Unchanged};
    #[expect(clippy::type_complexity, reason = "a table")]
    let table: &[(
        &[(SealedOperation, &str, &str)],
        (SealedOperation, &str, &str),
        Outcome,
        &[(SealedOperation, &str, &str)],
    )] = &[
        (&[], (Set, "e", "a"), Taken, &[(Set, "e", "a")]),
        (&[(Set, "e", "a")], (Set, "e", "a"), Unchanged, &[(Set, "e", "a")]),
        (&[(Set, "e", "a")], (Set, "e", "b"), Taken, &[(Set, "e", "b")]),
        (&[(Set, "e", "a"), (Append, "e", "b")], (Set, "e", "a"), Taken, &[(Set, "e", "a")]),
        (&[(Set, "e", "a")], (SetOnce, "e", "b"), Unchanged, &[(Set, "e", "a")]),
        (&[(SetOnce, "e", "a")], (SetOnce, "e", "b"), Unchanged, &[(SetOnce, "e", "a")]),
        (&[(Append, "e", "a")], (SetOnce, "e", "b"), Taken, &[(Append, "e", "a"), (SetOnce, "e", "b")]),
        (&[(Append, "e", "a")], (Append, "e", "a"), Taken, &[(Append, "e", "a"), (Append, "e", "a")]),
        (&[(Add, "n", "1")], (Add, "n", "1"), Taken, &[(Add, "n", "1"), (Add, "n", "1")]),
        (&[(Union, "e", "a")], (Union, "e", "a"), Unchanged, &[(Union, "e", "a")]),
        (
            &[(Union, "e", "a"), (Remove, "e", "a")],
            (Union, "e", "a"),
            Taken,
            &[(Union, "e", "a"), (Remove, "e", "a"), (Union, "e", "a")],
        ),
        (&[], (Remove, "e", "a"), Unchanged, &[]),
        (&[(Set, "e", "a")], (Unset, "e", ""), Taken, &[]),
        (&[], (Unset, "e", ""), Unchanged, &[]),
        (
            &[(Set, "a.b", "x"), (Set, "a[0]", "y"), (Set, "ab", "z")],
            (Unset, "a", ""),
            Taken,
            &[(Set, "ab", "z")],
        ),
        (&[(Set, "a.b", "x"), (Set, "a.c", "y")], (Unset, "a.b", ""), Taken, &[(Set, "a.c", "y")]),
        (&[(Set, "a.b", "x")], (Set, "a", "y"), Taken, &[(Set, "a", "y")]),
        (&[(Set, "e", "a"), (Observe, "e", "b")], (Delete, "", ""), Taken, &[(Observe, "e", "b")]),
        (&[(Observe, "e", "a")], (Set, "e", "b"), Taken, &[(Observe, "e", "a"), (Set, "e", "b")]),
        (
            &[(Observe, "e", "a"), (Observe, "e", "b")],
            (Observe, "e", "a"),
            Unchanged,
            &[(Observe, "e", "a"), (Observe, "e", "b")],
        ),
    ];
    for (at, (stored, new, outcome, left)) in table.iter().enumerate() {
        let (outcomes, rows) = apply(stored, &[*new]);
        assert_eq!((outcomes, rows), (vec![*outcome], kept(left)), "row {at}");
        // The same, when all of it arrives in one batch.
        let (outcomes, rows) = apply(&[], &[stored, std::slice::from_ref(new)].concat());
        assert_eq!((outcomes.last(), rows), (Some(outcome), kept(left)), "row {at} in one batch");
    }
}

#[test]
fn the_newest_observed_values_are_kept() {
    let values: Vec<String> = (b'a'..=b'z').map(|letter| char::from(letter).to_string()).collect();
    let steps: Vec<_> = values.iter().map(|value| (Observe, "q", value.as_str())).collect();
    let (_, rows) = apply(&steps[..20], &steps[20..]);
    assert_eq!(rows, kept(&steps[26 - MAX_OBSERVED_PER_FIELD..]));
}

#[test]
fn a_person_is_bounded_and_sequences_are_never_reused_within_a_load() {
    let mut operations = Operations::default();
    for n in 0..MAX_ROWS_PER_PERSON {
        let outcome = operations.apply(Set, &n.to_string(), [0; 16], Timestamp::default(), Clear::from("1"));
        assert_eq!(outcome, Outcome::Taken);
    }
    assert_eq!(operations.apply(Set, "x", [0; 16], Timestamp::default(), Clear::from("1")), Outcome::Full);
    assert_eq!(operations.apply(Set, "0", [1; 16], Timestamp::default(), Clear::from("2")), Outcome::Taken);
    let (fresh, removed) = operations.finish();
    let mut sequences: Vec<i64> = fresh.iter().map(|row| row.sequence).collect();
    sequences.dedup();
    assert_eq!((sequences.len(), removed.len()), (MAX_ROWS_PER_PERSON, 0));
}

#[test]
fn long_fields_are_named_taken_and_put_back() {
    let mut operations = Operations::default();
    for _ in 0..MAX_ROWS_PER_FIELD {
        operations.apply(Append, "e", [0; 16], Timestamp::default(), Clear::from("1"));
    }
    assert_eq!(operations.long_fields(), Vec::<String>::new());
    let rows = operations.finish().0.into_iter().map(|row| Row { fresh: None, ..row }).collect();
    let mut operations = Operations::new(rows);
    operations.apply(Append, "e", [0; 16], Timestamp::default(), Clear::from("1"));
    assert_eq!(operations.long_fields(), ["e"]);
    let (stored, fresh): (Vec<Row>, Vec<Row>) =
        operations.take("e").into_iter().partition(|row| row.fresh.is_none());
    assert_eq!((stored.len(), fresh.len()), (MAX_ROWS_PER_FIELD, 1));
    operations.put_back(stored);
    let (fresh, removed) = operations.finish();
    assert_eq!((fresh.len(), removed.len()), (0, 0));
}
