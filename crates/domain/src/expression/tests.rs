use super::*;
use crate::PropertyValue;
use crate::event::Properties;
use proptest::prelude::*;

struct Row {
    event: Properties,
    user: Properties,
}

impl PropertySource for Row {
    fn property(&self, scope: PropertyScope, name: &str) -> ExprValue<'_> {
        let source = if scope == PropertyScope::User { &self.user } else { &self.event };
        source.property(PropertyScope::Row, name)
    }
}

fn row() -> Row {
    let text = |text: &str| PropertyValue::String(text.into());
    let event = vec![
        ("plan".into(), text("pro")),
        ("amount".into(), PropertyValue::Int(12)),
        ("rate".into(), PropertyValue::Float(-2.5)),
        ("paid".into(), PropertyValue::Bool(true)),
        ("nothing".into(), PropertyValue::Null),
        ("empty".into(), text("")),
        ("digits".into(), text(" 42 ")),
        ("signed up".into(), text("false")),
        ("when".into(), text("2024-01-01T10:00:00")),
        ("seconds".into(), PropertyValue::Int(1_704_103_200)),
        ("tags".into(), PropertyValue::List(vec![text("a"), text("b"), PropertyValue::Int(3)])),
        ("none".into(), PropertyValue::List(vec![])),
        ("object".into(), PropertyValue::Object(vec![("k".into(), PropertyValue::Int(1))])),
    ];
    Row { event, user: vec![("$email".into(), text("[email]")), ("age".into(), PropertyValue::Int(33))] }
}

/// `expression => value`, one a line; the value is itself written in the language.
const VALUES: &str = r#"
properties["plan"] => "pro"
event["plan"] => "pro"
user["age"] + 1 => 34
user["plan"] => undefined
properties["missing"] => undefined
properties["nothing"] => null
properties["object"] => "{\"k\":1}"
1 + 2 * 3 => 7
(1 + 2) * 3 => 9
10 - 3 - 2 => 5
7 % 3 => 1
-7 % 3 => -1
7 % -3 => 1
7 % 0 => undefined
1 / 0 => undefined
0 / 0 => undefined
1e308 * 10 => undefined
1 / 4 => 0.25
"a" + "b" => "ab"
"a" + 1 => undefined
1 + true => undefined
"a" - "b" => undefined
1 == 1.0 => true
1 == "1" => false
1 != "1" => true
true == 1 => false
null == null => true
undefined == undefined => true
null == undefined => false
properties["missing"] == undefined => true
[1, "a"] == [1, "a"] => true
[1] == [1, 2] => false
1 < 2 => true
2 <= 2 => true
3 > 4 => false
4 >= 5 => false
"a" < "b" => true
false < true => true
1 < "2" => undefined
null < 1 => undefined
[1] < [2] => undefined
properties["amount"] > 10 => true
properties["missing"] > 10 => undefined
not (properties["missing"] > 10) => true
"ro" in properties["plan"] => true
"" in "abc" => true
"x" in properties["plan"] => false
properties["plan"] in ["free", "pro"] => true
"a" in properties["tags"] => true
3 in properties["tags"] => true
"3" in properties["tags"] => false
1 in "123" => undefined
"a" in 5 => undefined
true and true => true
true and undefined => false
undefined or true => true
undefined or undefined => false
"text" and true => false
1 or false => false
false or true and false => false
not false => true
not undefined => true
not null => undefined
not 1 => undefined
not not true => true
not true == false => true
-properties["amount"] => -12
-"a" => undefined
--3 => 3
floor(-2.5) => -3
ceil(-2.5) => -2
round(2.5) => 3
round(-2.5) => -3
floor("2.5") => undefined
number("abc") => undefined
number("") => undefined
number("inf") => undefined
number(properties["digits"]) => 42
number(true) => 1
number(false) => 0
number(null) => undefined
number([1]) => undefined
string(12) => "12"
string(0.5) => "0.5"
string(true) => "true"
string(null) => null
string(undefined) => undefined
string([1, "a"]) => "[1, a]"
boolean("true") => true
boolean("false") => false
boolean(properties["signed up"]) => false
boolean("") => false
boolean("no") => true
boolean(0) => false
boolean(-1) => true
boolean(null) => false
boolean(undefined) => false
boolean([]) => false
defined(properties["plan"]) => true
defined(properties["empty"]) => true
defined(properties["nothing"]) => false
defined(properties["missing"]) => false
not defined(properties["missing"]) => true
properties["when"] > datetime("2024-01-01T09:59:59") => true
properties["when"] == datetime("2024-01-01T12:00:00+02:00") => true
datetime("2024-01-01") < properties["when"] => true
properties["seconds"] == datetime("2024-01-01T10:00:00Z") => true
datetime(1704103200000) == datetime(1704103200) => true
datetime("yesterday") => undefined
properties["plan"] > datetime("2024-01-01") => undefined
properties["plan"] == datetime("2024-01-01") => false
string(datetime(1704103200)) => "2024-01-01T10:00:00"
number(datetime("2024-01-01T10:00:00")) => 1704103200
'single "quotes"' == "single \"quotes\"" => true
"\u00e9\ud83c\udf89\n" == "é🎉
" => true
"#;

#[test]
fn values() {
    let row = row();
    let mut cases = 0;
    // One case holds a line feed inside a text, so cases are split where the next one begins.
    for case in VALUES.trim().replace("é🎉\n\"", "é🎉\\n\"").lines() {
        let (text, expected) = case.rsplit_once(" => ").unwrap();
        let expression = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let expected = parse(expected).unwrap();
        assert_eq!(expression.eval(&row), expected.eval(&row), "{text}");
        cases += 1;
    }
    assert_eq!(cases, VALUES.matches(" => ").count());
}

#[test]
fn errors_say_where_and_what_to_write() {
    let cases = [
        ("", "at character 1: expected a value such as properties[\"x\"], found the end"),
        ("1 +", "at character 4: expected a value such as properties[\"x\"], found the end"),
        ("properties[\"x\"] = 1", "at character 17: equality is written `==`"),
        ("properties[x]", "at character 12: a property is written as properties[\"its name\"]"),
        (
            "properties(\"x\")",
            "at character 11: expected `[` and the name of a property in quotes, found `(`",
        ),
        ("(1", "at character 3: expected `)`, found the end"),
        ("[1 2]", "at character 4: expected `,` or `]`, found a number"),
        ("1 2", "at character 3: expected an operator or the end, found a number"),
        ("\"open", "at character 1: the text that begins here has no closing quote"),
        (
            "\"\\q\"",
            "at character 1: the text that begins here has an unknown escape; use \\\" \\\\ \\n \\t \\u0000",
        ),
        ("1.2.3", "at character 1: not a number; write it like 12 or 0.5"),
        ("a == not b", "at character 1: unknown word"),
        ("1 == not 2", "at character 6: expected a value such as properties[\"x\"], found a word"),
        ("é", "at character 1: unknown character; texts are put in double quotes"),
        ("ann@example.com", "at character 4: unknown character"),
    ];
    for (text, expected) in cases {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
        assert!(!error.contains("example.com"));
    }
}

#[test]
fn limits_end_in_errors() {
    let deep = [
        format!("{}1{}", "(".repeat(4000), ")".repeat(4000)),
        "not ".repeat(1000) + "true",
        format!("1{}", " + 1".repeat(1000)),
        "-".repeat(5000) + "1",
        "[".repeat(300),
        "floor(".repeat(300),
    ];
    for text in deep {
        assert_eq!(parse(&text).unwrap_err().problem, Problem::TooDeep, "{}", &text[..20]);
    }
    let long = format!("\"{}\"", "x".repeat(MAX_LENGTH));
    assert_eq!(parse(&long).unwrap_err().problem, Problem::TooLong);
    assert_eq!(parse_on(&"x".repeat(MAX_LENGTH + 1)).unwrap_err().problem, Problem::TooLong);
}

#[test]
fn breakdowns_take_a_bare_name() {
    assert_eq!(parse_on("$browser").unwrap(), Expression::property("$browser"));
    assert_eq!(parse_on("Plan type").unwrap(), Expression::property("Plan type"));
    assert_eq!(parse_on("properties[\"x\"]").unwrap(), Expression::property("x"));
    assert!(parse_on("").is_err());
    assert!(parse_on("properties[x]").is_err());
}

#[test]
fn knows_what_it_reads() {
    let used =
        parse(r#"number(properties["b"]) > 1 and user["$email"] in [event["a"], "x"]"#).unwrap().properties();
    assert_eq!(used.row.iter().map(PropertyName::as_str).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(used.user.iter().map(PropertyName::as_str).collect::<Vec<_>>(), ["$email"]);
}

#[test]
fn texts_are_replaced_by_what_they_are_compared_with() {
    let expression = parse(
        r#"properties["distinct_id"] == "ann" or string(properties["distinct_id"]) in ["bob", "eve"] or "ann" == properties["plan"] or "ann" + "a" == "b""#,
    )
    .unwrap();
    let mapped = expression.map_texts(&mut |compared, text| {
        compared
            .filter(|(_, name)| name.as_str() == "distinct_id")
            .map(|_| format!("p_{text}").into_boxed_str())
    });
    assert_eq!(
        mapped.to_string(),
        r#"properties["distinct_id"] == "p_ann" or string(properties["distinct_id"]) in ["p_bob", "p_eve"] or "ann" == properties["plan"] or "ann" + "a" == "b""#
    );
}

#[test]
fn travels_as_text() {
    let expression = parse(r#"not (properties["a"]=='x')and 1<2"#).unwrap();
    let json = serde_json::to_string(&expression).unwrap();
    assert_eq!(json, r#""not properties[\"a\"] == \"x\" and 1 < 2""#);
    assert_eq!(serde_json::from_str::<Expression>(&json).unwrap(), expression);
    assert!(serde_json::from_str::<Expression>("\"1 +\"").is_err());
}

fn any_expression() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        any::<String>().prop_map(|text| Expression::Text(text.into())),
        prop_oneof![Just(0.0), (0..1000u32).prop_map(f64::from), any::<f64>()]
            .prop_map(|number| Expression::Number(if number.is_finite() { number.abs() } else { 1.5 })),
        any::<bool>().prop_map(Expression::Boolean),
        Just(Expression::Null),
        Just(Expression::Undefined),
        (
            prop_oneof![Just(PropertyScope::Row), Just(PropertyScope::Event), Just(PropertyScope::User)],
            prop_oneof![
                prop::sample::select(vec![
                    "plan", "amount", "rate", "paid", "nothing", "tags", "when", "object"
                ])
                .prop_map(str::to_owned),
                any::<String>()
            ]
        )
            .prop_map(|(scope, name)| Expression::Property(scope, name.into())),
    ];
    leaf.prop_recursive(6, 40, 3, |inner| {
        use BinaryOperator::*;
        let binary = prop::sample::select(vec![
            Or,
            And,
            Equal,
            NotEqual,
            Less,
            LessOrEqual,
            Greater,
            GreaterOrEqual,
            In,
            Add,
            Subtract,
            Multiply,
            Divide,
            Remainder,
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Expression::List),
            (prop::sample::select(vec![UnaryOperator::Not, UnaryOperator::Negate]), inner.clone())
                .prop_map(|(operator, operand)| Expression::Unary(operator, Box::new(operand))),
            (binary, inner.clone(), inner.clone()).prop_map(|(operator, left, right)| Expression::Binary(
                operator,
                Box::new(left),
                Box::new(right)
            )),
            (prop::sample::select(Function::ALL.to_vec()), inner)
                .prop_map(|(function, operand)| Expression::Call(function, Box::new(operand))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_parses_to_the_same(expression in any_expression()) {
        prop_assert_eq!(parse(&expression.to_string()), Ok(expression));
    }

    #[test]
    fn evaluation_never_panics_and_numbers_are_finite(expression in any_expression()) {
        let row = row();
        if let ExprValue::Number(number) = expression.eval(&row) {
            prop_assert!(number.is_finite());
        }
    }

    #[test]
    fn parsing_never_panics(text in r#"(properties|user|\[|\]|\(|\)|"|'|\\|[ a-z0-9.=<>!+*/%-]|and|or|not|in|,){0,40}"#) {
        let _ = parse(&text);
        let _ = parse_on(&text);
    }
}
