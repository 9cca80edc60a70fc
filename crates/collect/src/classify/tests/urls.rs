//! The rule table of `url.rs`, case by case.

use crate::classify::url::{clean, is_url};

#[track_caller]
fn becomes(url: &str, expected: &str) {
    let mut taken = vec![];
    let cleaned = clean(url, &mut taken).unwrap_or_else(|| url.to_owned());
    assert_eq!(cleaned, expected, "from {url}");
    assert_eq!(cleaned == url, taken.is_empty(), "what is taken out is reported: {url}");
    assert_eq!(clean(&cleaned, &mut vec![]), None, "a clean URL stays: {cleaned}");
}

#[test]
fn plain_urls_stay() {
    for url in [
        "https://example.com",
        "https://www.example.com/",
        "https://example.com/pricing",
        "https://shop.example.co.uk/men/shoes/running-shoes-2024?color=blue&size=42&sort=price&page=2#reviews",
        "https://example.com/blog/2024/05/how-we-scaled-postgres.html",
        "https://example.com/?utm_source=google&utm_medium=cpc&utm_campaign=summer_sale&utm_term=running+shoes",
        "https://app.example.com/settings/billing?tab=invoices",
        "https://example.com/users",
        "https://example.com/users/settings",
        "https://example.com/account/billing",
        "http://localhost:3000/checkout",
        "http://127.0.0.1:8080/",
        "/pricing",
        "/docs/api/v2/getting-started",
        "?utm_source=newsletter&debug=true&step=3",
        "google.com",
        "www.google.com/search",
        "android-app://com.google.android.gm/",
        "https://example.com/#/dashboard/overview",
    ] {
        becomes(url, url);
    }
}

#[test]
fn personal_parts_go() {
    for (url, expected) in [
        ("https://ada:lovelace@example.com/x", "https://example.com/x"),
        ("https://example.com/users/12345", "https://example.com/users/[id]"),
        ("https://example.com/users/42/edit", "https://example.com/users/[id]/edit"),
        ("https://example.com/u/ada", "https://example.com/u/[id]"),
        ("https://www.linkedin.com/in/ada-lovelace-b1234", "https://www.linkedin.com/in/[id]"),
        ("https://example.com/profile/ada.lovelace?tab=posts", "https://example.com/profile/[id]?tab=posts"),
        ("https://example.com/@ada", "https://example.com/[id]"),
        (
            "https://example.com/orders/550e8400-e29b-41d4-a716-446655440000",
            "https://example.com/orders/[id]",
        ),
        ("https://example.com/orders/1234567", "https://example.com/orders/[id]"),
        ("https://example.com/watch/dQw4w9WgXcQ", "https://example.com/watch/[id]"),
        ("https://example.com/x/ada@example.com", "https://example.com/x/[email]"),
        ("https://example.com/x/ada%40example.com/y", "https://example.com/x/[email]/y"),
        ("https://example.com/search/Ada%20L", "https://example.com/search/[other]"),
        ("https://example.com/reset-password/aB3dE5fG7hJ9", "https://example.com/reset-password/[token]"),
        (
            "https://example.com/?email=ada%40example.com&plan=pro",
            "https://example.com/?email=[email]&plan=pro",
        ),
        ("https://example.com/?e=ada%40example.com", "https://example.com/?e=[email]"),
        ("https://example.com/?name=Ada+Lovelace", "https://example.com/?name=[name]"),
        ("https://example.com/?user_id=7", "https://example.com/?user_id=[id]"),
        ("https://example.com/?phone=%2B14155552671", "https://example.com/?phone=[phone]"),
        ("https://example.com/?token=abc", "https://example.com/?token=[token]"),
        ("https://example.com/?password=x", "https://example.com/?password=[password]"),
        ("https://example.com/?q=divorce+lawyer", "https://example.com/?q=[other]"),
        (
            "https://example.com/?redirect=https%3A%2F%2Fx.com%2F%3Femail%3Dada%40example.com",
            "https://example.com/?redirect=[email]",
        ),
        ("https://example.com/?next=%2Fusers%2Fada", "https://example.com/?next=[other]"),
        ("https://example.com/?ada@example.com", "https://example.com/?[email]"),
        ("https://example.com/?utm_campaign=ada%40example.com", "https://example.com/?utm_campaign=[email]"),
        (
            "https://example.com/#access_token=abc&state=x",
            "https://example.com/#access_token=[api_key]&state=x",
        ),
        ("https://example.com/#/users/ada", "https://example.com/#/users/[id]"),
        ("https://example.com/#:~:text=Ada", "https://example.com/#[other]"),
        ("http://203.0.113.7:8080/x", "http://[ip]:8080/x"),
        ("http://[2001:db8::1]/x", "http://[ip]/x"),
        ("mailto:ada@example.com?subject=Hi", "mailto:[email]"),
        ("tel:+14155552671", "tel:[phone]"),
        ("data:text/plain;base64,QWRh", "data:[other]"),
        ("/users/ada/orders", "/users/[id]/orders"),
        ("?email=ada@example.com", "?email=[email]"),
        (
            "https://example.com/?gclid=Cj0KCQiA1NebBhDDARIsAANiDD3_RJMMWzHaFMzxTzK",
            "https://example.com/?gclid=[id]",
        ),
        ("https://example.com/x?data=YWRhQGV4YW1wbGUuY29t", "https://example.com/x?data=[email]"),
        ("https://example.com/YWRhQGV4YW1wbGUuY29t", "https://example.com/[email]"),
    ] {
        becomes(url, expected);
    }
}

#[test]
fn what_is_a_url() {
    for text in [
        "https://x.com",
        "/path",
        "?a=b",
        "mailto:a@b.c",
        "example.com/path",
        "app://x",
        "view-source:https://x.com",
    ] {
        assert!(is_url(text), "{text}");
    }
    for text in [
        "a/b testing",
        "and/or",
        "text/html",
        "1/2",
        "Price: 5",
        "note:this",
        "12:30",
        "/ ",
        "/",
        "com.example.App",
        "v1.2/x",
    ] {
        assert!(!is_url(text), "{text}");
    }
}
