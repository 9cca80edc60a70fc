use super::{Agent, Attribution, Enricher, EnrichmentFiles, Medium, OpenEnrichmentError, Place, Source};
use std::path::PathBuf;

fn country(enricher: &Enricher, address: &str) -> Option<String> {
    enricher.place(address.parse().expect("an address")).country
}

#[test]
fn the_built_in_table_knows_countries() {
    let enricher = Enricher::built_in();
    for (address, expected) in [
        ("103.48.16.1", Some("BD")),
        ("41.32.0.1", Some("EG")),
        ("36.66.1.1", Some("ID")),
        ("5.2.150.1", Some("RO")),
        ("8.8.8.8", Some("US")),
        ("2001:4860:4860::8888", Some("US")),
        ("::ffff:103.48.16.1", Some("BD")),
        ("127.0.0.1", None),
        ("192.168.1.1", None),
        ("::1", None),
    ] {
        assert_eq!(country(&enricher, address).as_deref(), expected, "{address}");
    }
    let place = enricher.place("103.48.16.1".parse().expect("an address"));
    assert_eq!(place, Place { country: Some("BD".into()), region: None, city: None });
    assert_eq!(enricher.attributions(), [], "the built-in table is in the public domain");
}

/// Data of a file in MaxMind's format with one record for every address.
fn database(kind: &str, record: &[u8]) -> Vec<u8> {
    let text = |text: &str| [&[0x40 | text.len() as u8][..], text.as_bytes()].concat();
    let mut file = vec![];
    // One node of two records of 24 bits; both point to the first byte of the data section.
    let pointer = 1_u32 + 16;
    file.extend(&pointer.to_be_bytes()[1..]);
    file.extend(&pointer.to_be_bytes()[1..]);
    file.extend([0; 16]);
    file.extend(record);
    file.extend(b"\xAB\xCD\xEFMaxMind.com");
    file.push(0xE0 | 9);
    for (name, number) in [
        ("node_count", 1_u8),
        ("record_size", 24),
        ("ip_version", 4),
        ("binary_format_major_version", 2),
        ("binary_format_minor_version", 0),
    ] {
        file.extend(text(name));
        // A u32 for the count of nodes, u16 for the others.
        file.extend([if name == "node_count" { 0xC1 } else { 0xA1 }, number]);
    }
    file.extend(text("database_type"));
    file.extend(text(kind));
    file.extend(text("build_epoch"));
    file.extend([0x01, 0x02, 1]);
    file.extend(text("languages"));
    file.extend([0x01, 0x04, 0x42, b'e', b'n']);
    file.extend(text("description"));
    file.extend([0xE0]);
    file
}

fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut map = vec![0xE0 | entries.len() as u8];
    for (name, value) in entries {
        map.extend(string(name));
        map.extend(value);
    }
    map
}

fn string(text: &str) -> Vec<u8> {
    [&[0x40 | text.len() as u8][..], text.as_bytes()].concat()
}

fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("bulkhead-{}-{name}", std::process::id()));
    std::fs::write(&path, bytes).expect("a temporary file");
    path
}

#[test]
fn both_shapes_of_records_are_understood() {
    let flat = map(&[
        ("country_code", string("bd")),
        ("state1", string("Dhaka Division")),
        ("city", string("Dhaka (Gulshan)")),
    ]);
    let named = |name: &str| map(&[("names", map(&[("en", string(name))]))]);
    let list = |item: Vec<u8>| [vec![0x01, 0x04], item].concat();
    let nested = map(&[
        ("country", map(&[("iso_code", string("BD"))])),
        ("subdivisions", list(named("Dhaka Division"))),
        ("city", named("Dhaka")),
    ]);
    for (name, kind, record, attribution) in [
        ("flat", "dbip-city", flat, "IP Geolocation by DB-IP"),
        ("nested", "GeoLite2-City", nested, "GeoLite"),
    ] {
        let path = written(name, &database(kind, &record));
        let files = EnrichmentFiles { city_v4: Some(path.clone()), city_v6: None };
        let enricher = Enricher::open(&files).expect("place data");
        std::fs::remove_file(path).expect("the temporary file");
        let place = enricher.place("203.0.113.7".parse().expect("an address"));
        let expected = Place {
            country: Some("BD".into()),
            region: Some("Dhaka Division".into()),
            city: Some("Dhaka".into()),
        };
        assert_eq!(place, expected, "{name}");
        assert_eq!(
            country(&enricher, "2001:4860:4860::8888").as_deref(),
            Some("US"),
            "the other family: built in"
        );
        let shown: Vec<Attribution> = enricher.attributions();
        assert!(shown.len() == 1 && shown[0].text.contains(attribution), "{shown:?}");
    }
}

#[test]
fn a_file_that_is_named_must_be_usable() {
    let missing = EnrichmentFiles { city_v4: Some("/nowhere/places.mmdb".into()), city_v6: None };
    assert!(matches!(Enricher::open(&missing), Err(OpenEnrichmentError::Unreadable { .. })));
    let path = written("damaged", b"no database");
    let damaged = EnrichmentFiles { city_v4: None, city_v6: Some(path.clone()) };
    let opened = Enricher::open(&damaged);
    std::fs::remove_file(path).expect("the temporary file");
    assert!(matches!(opened, Err(OpenEnrichmentError::Malformed { .. })));
}

#[test]
fn agents_are_spelled_as_mixpanel_does() {
    let enricher = Enricher::built_in();
    for (agent, browser, version, os, device) in [
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            Some("Chrome"),
            Some(120.0),
            Some("Mac OS X"),
            None,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 Edg/119.0.0.0",
            Some("Microsoft Edge"),
            Some(119.0),
            Some("Windows"),
            None,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
            Some("Mobile Safari"),
            Some(17.2),
            Some("iOS"),
            Some("iPhone"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Mobile Safari/537.36",
            Some("Chrome"),
            Some(121.0),
            Some("Android"),
            Some("Android"),
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:122.0) Gecko/20100101 Firefox/122.0",
            Some("Firefox"),
            Some(122.0),
            Some("Linux"),
            None,
        ),
        ("", None, None, None, None),
    ] {
        let expected = Agent {
            browser: browser.map(str::to_owned),
            browser_version: version,
            os: os.map(str::to_owned),
            device: device.map(str::to_owned),
        };
        assert_eq!(enricher.agent(agent), expected, "{agent}");
        assert_eq!(enricher.agent(agent), expected, "remembered: {agent}");
    }
}

#[test]
fn bots_are_told_from_people_and_from_sdks() {
    let enricher = Enricher::built_in();
    for bot in [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.0; +https://openai.com/gptbot)",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36",
    ] {
        assert!(enricher.is_bot(bot), "{bot}");
    }
    for person in [
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 14; CUBOT P80) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Mobile Safari/537.36",
        "python-requests/2.31.0",
        "okhttp/4.12.0",
        "Go-http-client/1.1",
        "axios/1.6.2",
        "",
    ] {
        assert!(!enricher.is_bot(person), "{person}");
    }
}

#[test]
fn sources_of_referrers() {
    let enricher = Enricher::built_in();
    for (referrer, medium, name) in [
        ("https://www.google.com/", Medium::Search, "Google"),
        ("google.co.uk", Medium::Search, "Google"),
        ("https://duckduckgo.com/?t=h", Medium::Search, "DuckDuckGo"),
        ("https://mail.google.com/mail/u/0", Medium::Email, "Gmail"),
        ("android-app://com.google.android.gm/", Medium::Email, "Gmail"),
        ("https://l.facebook.com/l.php", Medium::Social, "Facebook"),
        ("https://t.co/abc", Medium::Social, "X"),
        ("https://chatgpt.com/", Medium::Search, "ChatGPT"),
        ("https://blog.partner.co.uk/post", Medium::Referral, "partner.co.uk"),
        ("http://user@shop.example.com:8080/x", Medium::Referral, "example.com"),
    ] {
        assert_eq!(enricher.source(referrer), Some(Source { medium, name: name.into() }), "{referrer}");
    }
    for nothing in ["", "$direct", "[ip]"] {
        assert_eq!(enricher.source(nothing), None, "{nothing}");
    }
}

#[test]
fn a_campaign_knows_better_than_the_referrer() {
    let enricher = Enricher::built_in();
    let google = Some("https://www.google.com/");
    let source = |medium, name: &str| Some(Source { medium, name: name.into() });
    assert_eq!(enricher.campaign_source(Some("cpc"), Some("google"), google), source(Medium::Paid, "Google"));
    assert_eq!(
        enricher.campaign_source(Some("Newsletter"), Some("weekly"), None),
        source(Medium::Email, "weekly")
    );
    assert_eq!(enricher.campaign_source(None, Some("partner"), None), source(Medium::Referral, "partner"));
    assert_eq!(enricher.campaign_source(Some("cpc"), None, google), source(Medium::Paid, "Google"));
    assert_eq!(enricher.campaign_source(None, None, google), source(Medium::Search, "Google"));
    assert_eq!(enricher.campaign_source(None, Some(" "), None), None);
}
