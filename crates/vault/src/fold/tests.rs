use super::*;
use SealedOperation::{Add, Append, Delete, Observe, Remove, Set, SetOnce, Union, Unset};
use serde_json::json;

#[test]
fn operators_mean_what_mixpanel_says() {
    // (what happened in order, what the field is then)
    let table = [
        (vec![(Set, json!("a"))], Some(json!("a"))),
        (vec![(Set, json!("a")), (Set, json!("b"))], Some(json!("b"))),
        (vec![(Set, json!(null))], Some(json!(null))),
        (vec![(SetOnce, json!("a"))], Some(json!("a"))),
        (vec![(Set, json!("a")), (SetOnce, json!("b"))], Some(json!("a"))),
        (vec![(SetOnce, json!("a")), (SetOnce, json!("b"))], Some(json!("a"))),
        (vec![(Set, json!("a")), (Unset, json!(null)), (SetOnce, json!("b"))], Some(json!("b"))),
        (vec![(Add, json!(3))], Some(json!(3))),
        (vec![(Set, json!(10)), (Add, json!(-3))], Some(json!(7))),
        (vec![(Set, json!(1)), (Add, json!(0.5))], Some(json!(1.5))),
        (vec![(Set, json!(i64::MAX)), (Add, json!(1))], Some(json!(i64::MAX as f64 + 1.0))),
        (vec![(Set, json!("a")), (Add, json!(1))], Some(json!("a"))),
        (vec![(Add, json!("1"))], None),
        (vec![(Append, json!("a"))], Some(json!(["a"]))),
        (vec![(Append, json!("a")), (Append, json!("a"))], Some(json!(["a", "a"]))),
        (vec![(Set, json!("a")), (Append, json!("b"))], Some(json!(["a", "b"]))),
        (vec![(Set, json!(["a"])), (Append, json!("b"))], Some(json!(["a", "b"]))),
        (vec![(Append, json!({"$amount": 5}))], Some(json!([{"$amount": 5}]))),
        (vec![(Union, json!(["a", "b", "a"]))], Some(json!(["a", "b"]))),
        (vec![(Union, json!("a"))], Some(json!(["a"]))),
        (vec![(Set, json!(["a", "b"])), (Union, json!(["b", "c"]))], Some(json!(["a", "b", "c"]))),
        (vec![(Set, json!("a")), (Union, json!(["a", "b"]))], Some(json!(["a", "b"]))),
        (vec![(Set, json!(["a", "b", "a"])), (Remove, json!("a"))], Some(json!(["b"]))),
        (vec![(Set, json!(["a"])), (Remove, json!("a"))], Some(json!([]))),
        (vec![(Remove, json!("a"))], None),
        (vec![(Set, json!("a")), (Remove, json!("a"))], Some(json!("a"))),
        (vec![(Set, json!("a")), (Unset, json!(null))], None),
        (vec![(Set, json!("a")), (Delete, json!(null))], None),
        (vec![(Set, json!("a")), (Delete, json!(null)), (Append, json!("b"))], Some(json!(["b"]))),
        (vec![(Set, json!("a")), (Observe, json!("b"))], Some(json!("a"))),
    ];
    for (history, expected) in table {
        let folded =
            history.iter().fold(None, |old, (operation, operand)| apply(old, *operation, operand.clone()));
        assert_eq!(folded, expected, "{history:?}");
    }
}
