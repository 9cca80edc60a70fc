use super::{properties, swept, swept_by};
use crate::classify::{ClassOverrides, Classifier};
use domain::schema::{DataKind, Sensitivity};

/// Properties, what is left of them, what was found: path, kind, clear value (none if destroyed).
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str, Option<&'static str>)]);

const CASES: &[Case] = &[
    (
        r#"{"$email":"ada@example.com","plan":"Pro"}"#,
        r#"{"$email":"[email]","plan":"Pro"}"#,
        &[("$email", "email", Some("ada@example.com"))],
    ),
    (
        r#"{"account":{"owner":[{"plan":"x"},{"phone":"0171 1234567"}]}}"#,
        r#"{"account":{"owner":[{"plan":"x"},{"phone":"[phone]"}]}}"#,
        &[("account.owner[1].phone", "phone", Some("0171 1234567"))],
    ),
    (r#"{"password":"hunter2"}"#, r#"{"password":"[password]"}"#, &[("password", "password", None)]),
    (
        r#"{"text":"write to ada@example.com or bob@example.com"}"#,
        r#"{"text":"write to [email] or [email]"}"#,
        &[("text", "email", Some("ada@example.com")), ("text", "email", Some("bob@example.com"))],
    ),
    (
        r#"{"clicks by ada@example.com":3}"#,
        r#"{"clicks by [email]":3}"#,
        &[("clicks by [email]", "email", Some("ada@example.com"))],
    ),
    (
        r#"{"a@example.com":1,"b@example.com":2}"#,
        r#"{"[email]":1,"[email] 2":2}"#,
        &[("[email]", "email", Some("a@example.com")), ("[email]", "email", Some("b@example.com"))],
    ),
    (r#"{"x":4111111111111111}"#, r#"{"x":"[card]"}"#, &[("x", "card", None)]),
    (
        r#"{"user_id":12345,"count":12345}"#,
        r#"{"user_id":"[id]","count":12345}"#,
        &[("user_id", "id", Some("12345"))],
    ),
    (r#"{"phone":14155552671}"#, r#"{"phone":"[phone]"}"#, &[("phone", "phone", Some("14155552671"))]),
    (
        r#"{"payload":"{\"email\":\"ada@example.com\",\"plan\":\"pro\"}"}"#,
        r#"{"payload":"{\"email\":\"[email]\",\"plan\":\"pro\"}"}"#,
        &[("payload.email", "email", Some("ada@example.com"))],
    ),
    (
        r#"{"x":"YWRhQGV4YW1wbGUuY29t"}"#,
        r#"{"x":"[email]"}"#,
        &[("x", "email", Some("YWRhQGV4YW1wbGUuY29t"))],
    ),
    (
        r#"{"x":"6164614065786d706c652e636f6d"}"#,
        r#"{"x":"[email]"}"#,
        &[("x", "email", Some("6164614065786d706c652e636f6d"))],
    ),
    (
        r#"{"x":"%61%64%61%40example.com"}"#,
        r#"{"x":"[email]"}"#,
        &[("x", "email", Some("%61%64%61%40example.com"))],
    ),
    (r#"{"x":"password=hunter2; ok"}"#, r#"{"x":"password=[password]; ok"}"#, &[("x", "password", None)]),
    (
        r#"{"x":"my name is Ada Lovelace and so on"}"#,
        r#"{"x":"my name is [name] and so on"}"#,
        &[("x", "name", Some("Ada Lovelace"))],
    ),
    (
        r#"{"log":"open C:\\Users\\ada\\notes.txt"}"#,
        r#"{"log":"open C:\\Users\\[name]\\notes.txt"}"#,
        &[("log", "name", Some("ada"))],
    ),
    (
        r#"{"note_to_self":"see https://example.com/users/ada?tab=x, then reply"}"#,
        r#"{"note_to_self":"see https://example.com/users/[id]?tab=x, then reply"}"#,
        &[("note_to_self", "id", Some("ada"))],
    ),
    (
        r#"{"address":{"street":"1 Main St","city":"Dhaka","country":"BD","label":"home","floor":"3"}}"#,
        r#"{"address":{"street":"[address]","city":"Dhaka","country":"BD","label":"home","floor":"[address]"}}"#,
        &[("address.street", "address", Some("1 Main St")), ("address.floor", "address", Some("3"))],
    ),
    (
        r#"{"user":{"id":7,"plan":"pro","name":"Ada"}}"#,
        r#"{"user":{"id":"[id]","plan":"pro","name":"[name]"}}"#,
        &[("user.id", "id", Some("7")), ("user.name", "name", Some("Ada"))],
    ),
    (
        r#"{"nested":{"$user_id":"ada@example.com"},"$user_id":"ada@example.com","distinct_id":"x@y.zz"}"#,
        r#"{"nested":{"$user_id":"[id]"},"$user_id":"ada@example.com","distinct_id":"x@y.zz"}"#,
        &[("nested.$user_id", "id", Some("ada@example.com"))],
    ),
    (
        r#"{"id":"550e8400-e29b-41d4-a716-446655440000","order_id":"550e8400-e29b-41d4-a716-446655440000"}"#,
        r#"{"id":"[id]","order_id":"550e8400-e29b-41d4-a716-446655440000"}"#,
        &[("id", "id", Some("550e8400-e29b-41d4-a716-446655440000"))],
    ),
    (
        r#"{"tags":["a","ada@example.com"]}"#,
        r#"{"tags":["a","[email]"]}"#,
        &[("tags[1]", "email", Some("ada@example.com"))],
    ),
    // What says nothing stays, also under a reserved name.
    (
        r#"{"email":null,"phone":true,"name":"","mobile":"iPhone","card":"visa","token":12}"#,
        r#"{"email":null,"phone":true,"name":"","mobile":"iPhone","card":"visa","token":12}"#,
        &[],
    ),
    // A pseudonym that comes back from an export.
    (
        r#"{"owner":"p_0f5a8e2c9b7d4e1f6a3c8b5d2e9f7a4c"}"#,
        r#"{"owner":"p_0f5a8e2c9b7d4e1f6a3c8b5d2e9f7a4c"}"#,
        &[],
    ),
];

#[test]
fn what_is_taken_out_and_what_stays() {
    for (before, after, found) in CASES {
        let (left, taken) = swept(before);
        assert_eq!(left, *after, "from {before}");
        let expected: Vec<_> = found
            .iter()
            .map(|(path, kind, value)| ((*path).to_owned(), *kind, value.map(str::to_owned)))
            .collect();
        assert_eq!(taken, expected, "from {before}");
        assert_eq!(swept(&left), (left.clone(), vec![]), "a second sweep finds nothing");
    }
}

#[test]
fn a_finding_says_whether_it_was_the_whole_value() {
    let mut properties = properties(r#"{"a":"ada@example.com","b":"to ada@example.com"}"#);
    let mut found = vec![];
    Classifier::new(ClassOverrides::default()).sweep(&mut properties, &mut found);
    assert_eq!(found.iter().map(|finding| finding.whole).collect::<Vec<_>>(), [true, false]);
    let shown = format!("{found:?}");
    assert!(!shown.contains("ada"), "{shown}");
}

#[test]
fn an_operator_changes_a_class() {
    let overrides = [
        ("owner", Sensitivity::Plain),
        ("codename", Sensitivity::Personal),
        ("ref", Sensitivity::Identifier),
        ("mood", Sensitivity::Secret),
        ("password", Sensitivity::Plain),
    ];
    let classifier = Classifier::new(overrides.into_iter().collect());
    let key = format!("sk_{}_4eC39HqLyjWDarjtT1zdp7dc", "live");
    let before = format!(
        r#"{{"owner":"ada@example.com {key}","codename":{{"a":["x",1]}},"ref":5,"mood":"sad","password":"hunter2"}}"#
    );
    let (left, found) = swept_by(&classifier, &before);
    assert_eq!(
        left,
        r#"{"owner":"ada@example.com [api_key]","codename":{"a":["[other]","[other]"]},"ref":"[id]","mood":"[token]","password":"[password]"}"#
    );
    let destroyed: Vec<_> =
        found.iter().filter(|(_, _, value)| value.is_none()).map(|(path, ..)| path.as_str()).collect();
    assert_eq!(destroyed, ["owner", "mood", "password"]);
}

#[test]
fn single_texts() {
    let classifier = Classifier::new(ClassOverrides::default());
    let mut found = vec![];
    let mut sweep = |name, text| classifier.sweep_text(name, text, &mut found);
    assert_eq!(sweep(None, "Sign Up"), None);
    assert_eq!(sweep(None, "Mail sent to ada@example.com"), Some("Mail sent to [email]".into()));
    assert_eq!(sweep(None, "Acme Corp"), None);
    assert_eq!(sweep(Some("email"), "whatever it is"), Some("[email]".into()));
    assert_eq!(sweep(Some("user_id"), "42"), Some("[id]".into()));
    assert_eq!(sweep(Some("distinct_id"), "42"), Some("[id]".into()));
    assert_eq!(sweep(Some("price"), "42"), None);
    assert_eq!(
        found.iter().map(|f| f.kind).collect::<Vec<_>>(),
        [DataKind::Email, DataKind::Email, DataKind::Id, DataKind::Id]
    );
}

#[test]
fn a_groups_name_is_an_organisations() {
    let classifier = Classifier::new(ClassOverrides::default());
    let (mut group, mut found) =
        (properties(r#"{"$name":"Acme Corp","name":"Acme","$email":"it@acme.example"}"#), vec![]);
    classifier.sweep_group(&mut group, &mut found);
    assert_eq!(super::json(&group), r#"{"$name":"Acme Corp","name":"Acme","$email":"[email]"}"#);
}
