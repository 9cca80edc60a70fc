use super::*;

fn load(environment: &[(&str, &str)]) -> Settings {
    let pairs = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::load(None, pairs).expect("settings load")
}

#[test]
fn no_file_and_no_environment_give_the_defaults() {
    let settings = load(&[("PATH", "/bin")]);
    assert_eq!(settings.listen.port(), 8686);
    assert_eq!(settings.key_path(), PathBuf::from("bulkhead-data.key"));
    assert_eq!(settings.base_url(), "http://127.0.0.1:8686");
}

#[test]
fn the_environment_reaches_into_sections() {
    let settings = load(&[
        ("BULKHEAD_LISTEN", "0.0.0.0:443"),
        ("BULKHEAD_TLS__CERTIFICATE", "/etc/tls/cert.pem"),
        ("BULKHEAD_TLS__KEY", "/etc/tls/key.pem"),
        ("BULKHEAD_TRUSTED_PROXIES", "['10.0.0.0/8', '::1']"),
        ("BULKHEAD_INGEST__HONOUR_DO_NOT_TRACK", "true"),
    ]);
    assert_eq!(settings.base_url(), "https://127.0.0.1:443");
    assert!(settings.ingest.honour_do_not_track);
    assert!(settings.trusted_proxies[0].contains("10.1.2.3".parse().unwrap()));
    assert!(!settings.trusted_proxies[0].contains("11.1.2.3".parse().unwrap()));
    assert!(settings.trusted_proxies[1].contains("::1".parse().unwrap()));
}

#[test]
fn a_misspelt_setting_is_an_error_that_names_it() {
    let error = Settings::load(None, [("BULKHEAD_LISTNE".to_owned(), "x".to_owned())].into_iter())
        .expect_err("unknown setting");
    assert!(error.to_string().contains("listne"), "{error}");
}

#[test]
fn ranges() {
    for (range, inside, outside) in [
        ("0.0.0.0/0", "1.2.3.4", "::2"),
        ("192.168.1.7", "192.168.1.7", "192.168.1.8"),
        ("fd00::/8", "fd12::1", "fe80::1"),
    ] {
        let network = Network::try_from(range.to_owned()).unwrap();
        assert!(network.contains(inside.parse().unwrap()), "{range} contains {inside}");
        assert!(!network.contains(outside.parse().unwrap()), "{range} does not contain {outside}");
    }
    for wrong in ["10.0.0.0/33", "ten", "::1/129", ""] {
        assert!(Network::try_from(wrong.to_owned()).is_err(), "{wrong}");
    }
}
