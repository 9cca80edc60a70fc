use super::*;
use crate::SeededEntropy;
use SealedOperation::{Add, Append, Delete, Observe, Set, SetOnce, Unset};

const WHO: Pseudonym = Pseudonym([1; 16]);

fn memory() -> FieldMemory {
    FieldMemory::new(&SeededEntropy::new(1))
}

#[test]
fn only_an_exact_repeat_of_the_last_operation_is_suppressed() {
    // (field, operation, value, is news)
    let table = [
        ("$email", Set, "\"a\"", true),
        ("$email", Set, "\"a\"", false),
        ("$name", Set, "\"a\"", true),
        ("$name", Set, "\"a\"", false),
        ("$email", SetOnce, "\"a\"", true),
        ("$phone", SetOnce, "\"1\"", true),
        ("$phone", SetOnce, "\"1\"", false),
        ("logins", Add, "1", true),
        ("logins", Add, "1", true),
        ("seen", Append, "1", true),
        ("seen", Append, "1", true),
        ("gone", Unset, "", true),
        ("gone", Unset, "", false),
        ("q", Observe, "\"a\"", true),
        ("q", Observe, "\"b\"", true),
        ("q", Observe, "\"a\"", false),
    ];
    let mut memory = memory();
    for (at, (field, operation, value, news)) in table.into_iter().enumerate() {
        assert_eq!(
            memory.is_news(WHO, field, operation, value),
            news,
            "row {at}: {field} {operation:?} {value}"
        );
    }
}

#[test]
fn a_value_that_comes_back_is_sealed_again() {
    let mut memory = memory();
    for value in ["\"a\"", "\"b\"", "\"a\""] {
        assert!(memory.is_news(WHO, "$email", Set, value), "{value}");
    }
}

#[test]
fn what_is_done_to_a_field_concerns_what_is_nested_in_it() {
    let histories: [[(&str, SealedOperation); 3]; 3] = [
        [("a.b", Set), ("a", Unset), ("a.b", Set)],
        [("a", Unset), ("a[0].b", Set), ("a", Unset)],
        [("a", Set), ("a.b", Unset), ("a", Set)],
    ];
    for history in histories {
        let mut memory = memory();
        for (field, operation) in history {
            assert!(memory.is_news(WHO, field, operation, "1"), "{field} in {history:?}");
        }
    }
}

#[test]
fn after_a_change_repeats_are_sealed_until_the_log_must_have_settled() {
    let mut memory = memory();
    assert!(memory.is_news(WHO, "$email", Set, "\"a\""));
    assert!(memory.is_news(WHO, "$email", Set, "\"b\""));
    assert!(
        memory.is_news(WHO, "$email", Set, "\"b\""),
        "a request beside this one may have put `a` behind it"
    );
    for count in 0..IN_FLIGHT {
        assert!(memory.is_news(WHO, "n", Add, &count.to_string()));
    }
    assert!(!memory.is_news(WHO, "$email", Set, "\"b\""));
}

#[test]
fn after_a_deletion_everything_is_news() {
    let mut memory = memory();
    assert!(memory.is_news(WHO, "$email", Set, "\"a\""));
    assert!(memory.is_news(WHO, "", Delete, ""));
    assert!(memory.is_news(WHO, "$email", Set, "\"a\""));
    assert!(memory.is_news(WHO, "", Delete, ""), "a deletion is never a repeat");
}

#[test]
fn memory_is_bounded_and_forgets_the_oldest() {
    let mut recent = Recent::<u32, ()>::with_capacity(10);
    for key in 0..1000 {
        assert!(recent.remember(key));
        assert!(recent.young.len() + recent.old.len() <= 20);
    }
    assert!(!recent.remember(999));
    assert!(!recent.remember(985), "the old half is still known");
    assert!(recent.remember(5), "long forgotten");
}
