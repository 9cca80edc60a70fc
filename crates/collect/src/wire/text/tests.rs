use super::*;
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn cesu8_becomes_utf8() {
    for (bytes, text) in [
        (&b"plain"[..], "plain"),
        ("Größe 🎉".as_bytes(), "Größe 🎉"),
        (b"\xed\xa0\xbc\xed\xbe\x89", "🎉"),
        (b"a\xed\xa0\xbc\xed\xbe\x89b", "a🎉b"),
        (b"\xed\xa0\xbc", "\u{fffd}"),
        (b"\xed\xbe\x89x", "\u{fffd}x"),
        (b"\xed\xa0\xbc\xed\xa0\xbc\xed\xbe\x89", "\u{fffd}🎉"),
        (b"\xff\xfe", "\u{fffd}\u{fffd}"),
        (b"a\xc3", "a\u{fffd}"),
        (b"\xed\xa0", "\u{fffd}\u{fffd}"),
    ] {
        assert_eq!(decode(bytes), text, "{bytes:x?}");
    }
}

#[test]
fn json_is_mended_where_it_is_broken() {
    for (broken, mended) in [
        (r#"{"a":"\ud83c"}"#, "{\"a\":\"\u{fffd}\"}"),
        (r#"{"a":"\ud83c\udf89"}"#, r#"{"a":"\ud83c\udf89"}"#),
        (r#"{"a":"\ud83cx\udf89"}"#, "{\"a\":\"\u{fffd}x\u{fffd}\"}"),
        (r#"{"a":"\\ud83c"}"#, r#"{"a":"\\ud83c"}"#),
        (r#"{"a":"\u00"}"#, "{\"a\":\"\u{fffd}00\"}"),
        (r#"{"a":"\x"}"#, r#"{"a":"\\x"}"#),
        ("{\"a\":\"1\t2\"}", r#"{"a":"1\u00092"}"#),
        (r#"[NaN,-Infinity,Infinity,1e999,-1e5,null]"#, "[null,null,null,null,-1e5,null]"),
        (r#""NaN""#, r#""NaN""#),
        (r#""open"#, r#""open"#),
        (r#""open\"#, r#""open\\"#),
    ] {
        assert_eq!(mend_json(broken), mended, "{broken}");
    }
}

proptest! {
    #[test]
    fn good_json_is_left_alone(text in any::<String>(), number in any::<f64>(), other in any::<i64>()) {
        let json = serde_json::json!({ &text: [text, number, other, null, true], "n": { "x": [] } }).to_string();
        prop_assert_eq!(mend_json(&json), json);
    }

    #[test]
    fn escaped_utf16_is_always_mended(units in prop::collection::vec(prop_oneof![0xd7f0_u16..0xe010, any::<u16>()], 0..20)) {
        let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
        let mended = mend_json(&format!("\"{escaped}\""));
        let value: Value = serde_json::from_str(&mended).unwrap();
        prop_assert_eq!(value, Value::from(String::from_utf16_lossy(&units)));
    }

    #[test]
    fn any_bytes_become_text(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = decode(&bytes);
        if let Ok(good) = std::str::from_utf8(&bytes) {
            prop_assert_eq!(text, good);
        }
        let _ = mend_json(&decode(&bytes));
    }
}
