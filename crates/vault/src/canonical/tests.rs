use super::*;

#[test]
fn emails() {
    let table = [
        ("ann@example.com", Some("ann@example.com")),
        ("  Ann.Lee@Example.COM \n", Some("ann.lee@example.com")),
        ("<ann@example.com>", Some("ann@example.com")),
        ("mailto:ann@example.com", Some("ann@example.com")),
        ("MAILTO:ann@example.com", Some("ann@example.com")),
        ("ann@example.com.", Some("ann@example.com")),
        ("a.n.n+news@gmail.com", Some("a.n.n+news@gmail.com")),
        ("ann@München.de", Some("ann@xn--mnchen-3ya.de")),
        ("ann@xn--MNCHEN-3ya.de", Some("ann@xn--mnchen-3ya.de")),
        ("ÄNN@example.com", Some("änn@example.com")),
        ("\"a b\"@example.com", None),
        ("ann@localhost", None),
        ("@example.com", None),
        ("ann@", None),
        ("ann", None),
        ("", None),
        ("a@b@example.com", None),
        ("Ann <ann@example.com>", None),
        ("a@example.com,b@example.com", None),
    ];
    for (text, canonical) in table {
        assert_eq!(email(text).as_deref(), canonical, "{text}");
    }
    assert_eq!(email(&format!("{}@example.com", "a".repeat(400))), None);
}

#[test]
fn the_canonical_form_is_a_fixed_point() {
    for text in ["Ann@Example.com", "ann@München.de", "ÄNN@straße.de", "İ@example.com"] {
        let once = email(text).unwrap();
        assert_eq!(email(&once), Some(once.clone()), "{text}");
    }
}

#[test]
fn phones() {
    let table = [
        ("+49 (30) 901820", Some("4930901820")),
        ("0049 30 901820", Some("4930901820")),
        ("tel:+1-202-555-0143", Some("12025550143")),
        ("030/901820", Some("030901820")),
        ("+1 202.555.0143", Some("12025550143")),
        ("12345", None),
        ("+1234567890123456", None),
        ("call me", None),
        ("", None),
    ];
    for (text, canonical) in table {
        assert_eq!(phone(text).as_deref(), canonical, "{text}");
    }
}
