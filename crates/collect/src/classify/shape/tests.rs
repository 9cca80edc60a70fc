use super::{DataKind, Hints, Spans, find, find_random, first_kind};
use crate::classify::glance::Glance;

/// Finds with the prefilter out of the way, to test the families; and with it, to test that it lets
/// everything through that they find.
fn kinds(text: &str, hints: Hints) -> Vec<(DataKind, &str)> {
    let mut spans = Spans::default();
    let glance = Glance::of(text);
    find(text, &glance, hints, &mut spans);
    find_random(text, &glance, hints, &mut spans);
    let spans = spans.settle();
    assert!(spans.is_empty() || !glance.is_clean(), "{text:?} is passed over at a glance");
    spans.into_iter().map(|span| (span.kind, &text[span.range])).collect()
}

#[track_caller]
fn each_is(kind: DataKind, texts: &[&str]) {
    for text in texts {
        assert_eq!(kinds(text, Hints::NONE), [(kind, *text)], "{text:?} is {}", kind.as_str());
        let sentence = format!("see {text} there");
        assert_eq!(kinds(&sentence, Hints::NONE), [(kind, *text)], "in {sentence:?}");
    }
}

#[track_caller]
fn none_is_anything(texts: &[&str]) {
    for text in texts {
        assert_eq!(kinds(text, Hints::NONE), [], "{text:?} is plain");
    }
}

#[test]
fn e_mail_addresses() {
    each_is(
        DataKind::Email,
        &[
            "amina@example.com",
            "Amina.Rahman+news@mail.example.co.uk",
            "o'brien@example.ie",
            "amina%40example.com",
            "amina%2540example.com",
            "amina&#64;example.com",
            "amina\\u0040example.com",
            "amina＠example.com",
            "অমিনা@উদাহরণ.বাংলা",
            "müller@bücher.de",
            "user@xn--bcher-kva.xn--p1ai",
            "amina [at] example [dot] com",
            "amina(at)example.com",
            "\"amina\"@example.com",
        ],
    );
    none_is_anything(&[
        "logo@2x.png",
        "icon@3x.webp",
        "@media print",
        "@angular/core",
        "react@18.2.0",
        "12 @ 4.99",
        "a@b",
    ]);
}

#[test]
fn telephone_numbers() {
    each_is(
        DataKind::Phone,
        &[
            "+14155552671",
            "+1 (415) 555-2671",
            "+44 20 7946 0958",
            "+8801711123456",
            "+880 1711-123456",
            "+49 (0)30 1234567",
            "%2B14155552671",
            "(415) 555-2671",
            "(02) 9374 4000",
            "415-555-2671",
            "415.555.2671",
            "1-415-555-2671",
            "06 12 34 56 78",
            "07700 900123",
            "01711-123456",
            "01711123456",
            "0171 123-4567",
            "0722 123 456",
            "880 1711 123456",
        ],
    );
    none_is_anything(&[
        "2024-01-15",
        "2024-01-15 10:30:00",
        "15.01.2024 10:30",
        "01-02-2024 10:30",
        "2024-01-15T10:30:00.000Z",
        "1,234,567.89",
        "1 234 567 890",
        "123.456.789",
        "1732272000",
        "1732272000000",
        "1732272000.123",
        "10.15.7",
        "120.0.6099.109",
        "ORD-0123456789",
        "#0123456789",
        "0-306-40615-2",
        "5901234123457",
        "1920x1080",
        "550e8400-e29b-41d4-a716-446655440000",
        "12345678-1234-4123-8123-123456789012",
        "+15%",
        "$0.01234567",
        "14155552671",
        "10000000",
    ]);
    assert_eq!(kinds("call me at 8801711123456 today", Hints::NONE), [(DataKind::Phone, "8801711123456")]);
    assert_eq!(kinds("0306406152", Hints::THING), []);
}

#[test]
fn a_card_right_behind_another_number() {
    for text in
        ["order 264846 4111111111111111 paid", "2026-11-22 4111 1111 1111 1111", "12 4111-1111-1111-1111"]
    {
        let found = kinds(text, Hints::NONE);
        assert!(found.iter().any(|(kind, _)| *kind == DataKind::Card), "{text:?}: {found:?}");
    }
    assert_eq!(kinds("264846 4111111111111111", Hints::NONE), [(DataKind::Card, "4111111111111111")]);
}

#[test]
fn payment_cards() {
    each_is(
        DataKind::Card,
        &[
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "5555555555554444",
            "2223003122003222",
            "378282246310005",
            "3782 822463 10005",
            "6011111111111117",
            "3530111333300000",
            "30569309025904",
            "6200000000000005",
        ],
    );
    none_is_anything(&[
        "4111111111111112",
        "1732272000000",
        "1732272000000000",
        "1111111111111117",
        "9999999999999995",
        "0000000000000000",
    ]);
}

#[test]
fn bank_accounts() {
    each_is(
        DataKind::Iban,
        &[
            "DE89370400440532013000",
            "DE89 3704 0044 0532 0130 00",
            "GB29NWBK60161331926819",
            "gb29 nwbk 6016 1331 9268 19",
            "RO49AAAA1B31007593840000",
            "NO9386011117947",
        ],
    );
    none_is_anything(&["DE89370400440532013001", "XX89370400440532013000", "DE8937040044"]);
}

#[test]
fn national_ids() {
    each_is(
        DataKind::NationalId,
        &[
            "123-45-6789",
            "AB123456C",
            "AB 12 34 56 C",
            "1800101221144",
            "12345678Z",
            "X1234567L",
            "2341 2341 2346",
            "529.982.247-25",
            "RSSMRA85T10A562S",
            "1 85 05 78 006 084 91",
            "19811218-9876",
            "11010519491231002X",
        ],
    );
    none_is_anything(&[
        "000-45-6789",
        "666-45-6789",
        "912-45-6789",
        "123-00-6789",
        "12345678A",
        "2341 2341 2345",
        "529.982.247-26",
        "1800101221145",
    ]);
    assert_eq!(kinds("1800101221144", Hints::TIME), []);
}

#[test]
fn internet_addresses() {
    each_is(
        DataKind::Ip,
        &[
            "203.0.113.7",
            "10.1.2.3",
            "2001:db8::8a2e:370:7334",
            "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
            "fe80::1ff:fe23:4567",
        ],
    );
    none_is_anything(&[
        "127.0.0.1",
        "0.0.0.0",
        "::1",
        "10:30:00",
        "a::b",
        "std::io",
        "256.1.1.1",
        "1.2.3.4.5",
        "1.2.3",
        "Chrome/120.0.0.0",
        "version 1.2.3.4",
        "v1.2.3.4",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    ]);
    assert_eq!(kinds("1.2.3.4", Hints::VERSION), []);
}

/// Keys that vendors mark. Put together here, so that no scanner takes this file for a leak.
#[test]
fn keys_of_known_vendors() {
    let body = "4eC39HqLyjWDarjtT1zdp7dc";
    let long = "4eC39HqLyjWDarjtT1zdp7dcAbCdEfGh1234";
    let hex = "0123456789abcdef0123456789abcdef";
    for key in [
        format!("sk-{body}"),
        format!("sk-proj-{body}"),
        format!("sk-ant-api03-{body}"),
        format!("sk_{}_{body}", "live"),
        format!("rk_{}_{body}", "live"),
        format!("pk_{}_{body}", "test"),
        format!("ghp_{long}"),
        format!("gho_{long}"),
        format!("github_{}_{long}", "pat"),
        format!("xox{}-123456789012-{body}", "b"),
        format!("xox{}-123456789012-{body}", "p"),
        format!("AK{}IOSFODNN7EXAMPLE", "IA"),
        format!("AS{}IOSFODNN7EXAMPLE", "IA"),
        format!("AI{}SyA{long}", "za"),
        format!("ya29.{long}"),
        format!("glpat-{body}"),
        format!("npm_{long}"),
        format!("pypi-{long}"),
        format!("SG.{body}.{long}"),
        format!("key-{hex}"),
        format!("shp{}_{hex}", "at"),
        format!("dop_v1_{hex}{hex}"),
        format!("hf_{long}"),
        format!("sq0atp-{body}"),
        format!("EA{}{long}", "AC"),
        format!("SK{hex}"),
        format!("Bearer {long}"),
        format!("Basic {}", "dXNlcjpwYXNzd29yZDEyMw=="),
        format!("-----BEGIN RSA {} KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA {0} KEY-----", "PRIVATE"),
    ] {
        assert_eq!(kinds(&key, Hints::NONE), [(DataKind::ApiKey, key.as_str())]);
        assert_eq!(kinds(&key, Hints::THING), [(DataKind::ApiKey, key.as_str())], "whatever the name says");
    }
    let cut_off = format!("-----BEGIN {} KEY-----\\nMIIEvQIBADAN", "PRIVATE");
    assert_eq!(kinds(&cut_off, Hints::NONE), [(DataKind::ApiKey, cut_off.as_str())]);
    assert_eq!(first_kind("postgres://app:hunter2@db/x", Hints::NONE), Some(DataKind::Password));
    none_is_anything(&[
        "sk-learn-tutorial-for-beginners",
        "task-management-overview",
        "Basic subscription",
        "bearer of news",
        "key-account-management-team-lead",
    ]);
}

#[test]
fn web_tokens() {
    let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
    each_is(DataKind::Jwt, &[token]);
    none_is_anything(&["eyJ", "eyJust a word"]);
}

#[test]
fn random_strings() {
    each_is(
        DataKind::Token,
        &[
            "4eC39HqLyjWDarjtT1zdp7dcXy",
            "0f5a8e2c9b7d4e1f6a3c8b5d2e9f7a4c",
            "kJ8vQz2Lm9XwR4tYp7Ns3BdF",
            "q7w8e9r0t1y2u3i4o5p6a7s8d9f0g1h2",
        ],
    );
    none_is_anything(&[
        "550e8400-e29b-41d4-a716-446655440000",
        "p_0f5a8e2c9b7d4e1f6a3c8b5d2e9f7a4c",
        "GetUserProfileV2Response2024Final",
        "summer-sale-2024-banner-variant-b",
        "com.example.app.MainActivity",
        "AccountSettingsNotificationPreferences",
        "ENTERPRISE_ANNUAL_SUBSCRIPTION_2024",
        "checkout_completed_with_coupon_v2",
        "https",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "11111111111111111111111111111111",
        "Windows-10-Enterprise-22H2-x64",
    ]);
    assert_eq!(kinds("0f5a8e2c9b7d4e1f6a3c8b5d2e9f7a4c", Hints::THING), []);
}

#[test]
fn what_overlaps_goes_as_one() {
    let text = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.x1/4111111111111111";
    assert_eq!(kinds(text, Hints::NONE).len(), 1);
    assert_eq!(first_kind("a plain text", Hints::NONE), None);
}

#[test]
fn names_of_persons() {
    each_is(
        DataKind::Name,
        &[
            "Amina Rahman",
            "AMINA RAHMAN",
            "amina.rahman",
            "amina-rahman",
            "amina_rahman",
            "Jean-Pierre Dupont",
            "Maria von Müller",
            "Amina K. Rahman",
            "María González Pérez",
            "Анна Иванова",
            "Müller, Hans",
        ],
    );
    assert_eq!(kinds("my name is Xqzw Vbnmk, hello", Hints::NONE), [(DataKind::Name, "Xqzw Vbnmk")]);
    assert_eq!(kinds("invited Amina Rahman and Hans Müller", Hints::NONE).len(), 2);
    assert_eq!(kinds("San Francisco", Hints::PROPER), []);
    none_is_anything(&[
        "Sign Up",
        "Add to cart",
        "Read More",
        "Grant Page",
        "Summer Rose",
        "New York",
        "Premium Plan",
        "Start Free Trial",
        "Black Friday",
        "black-friday-2026",
        "summer-sale",
        "Get Started Now",
        "Log In With Google",
        "com.example.app",
        "Save & Continue",
        "Mark Read",
        "Home Page",
        "checkout_completed",
        "Order Completed",
        "Settings.Notifications",
    ]);
}

#[test]
fn nothing_is_found_inside_uuids_and_digests() {
    none_is_anything(&[
        "a813fbe0-659d-4237-8532-20287e264846",
        "9f6f7807-26b1-4506-9ade-eda52764db29",
        "order a813fbe0-659d-4237-8532-20287e264846, again",
    ]);
    for n in 1..20_000_u128 {
        let drawn = n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let hex = format!("{drawn:032x}");
        let uuid =
            format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..]);
        assert_eq!(kinds(&uuid, Hints::NONE), [], "{uuid:?} is plain");
        assert_eq!(kinds(&hex, Hints::THING), [], "{hex:?} is plain");
    }
    // Beside one, and around one, everything is found as before.
    let uuid = "a813fbe0-659d-4237-8532-20287e264846";
    let email = format!("{uuid}@example.com");
    assert_eq!(kinds(&email, Hints::NONE), [(DataKind::Email, &*email)]);
    let card = format!("{uuid}, 4111111111111111");
    assert_eq!(kinds(&card, Hints::NONE), [(DataKind::Card, "4111111111111111")]);
}
