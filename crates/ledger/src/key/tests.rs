use super::*;

/// The example of C2SP signed-note.
const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

#[test]
fn the_key_of_the_specification_verifies_its_signature() {
    let key: VerifierKey = VKEY.parse().unwrap();
    assert_eq!(key.to_string(), VKEY);
    assert_eq!(key.origin().as_str(), "example.com/foo");
    let signature = BASE64_STANDARD
        .decode(
            "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=",
        )
        .unwrap();
    assert_eq!(signature[..4], key.id().to_be_bytes());
    assert!(key.verifies(b"This is an example message.\n", &signature[4..]));
    assert!(!key.verifies(b"This is an example message!\n", &signature[4..]));
    assert!(!key.verifies(b"This is an example message.\n", &signature[5..]));
}

#[test]
fn keys_that_were_copied_wrongly_are_refused() {
    for (text, error) in [
        ("example.com/foo", KeyError::Form),
        ("example.com/foo+530d903a", KeyError::Form),
        ("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Id),
        ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Id),
        ("example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Type),
        ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==", KeyError::Form),
        ("example.com/foo+530d903a+", KeyError::Type),
        ("exam ple+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", KeyError::Origin),
    ] {
        assert_eq!(text.parse::<VerifierKey>(), Err(error), "{text}");
    }
}

#[test]
fn origins_fit_a_line_of_a_note() {
    for text in ["", "a b", "a+b", "a\nb", "a\u{a0}b", "a\u{7f}", &"a".repeat(256)] {
        assert_eq!(Origin::parse(text), Err(KeyError::Origin), "{text:?}");
    }
    assert!(Origin::parse(&"a".repeat(255)).is_ok());
}

#[test]
fn a_signer_keeps_its_secret() {
    let signer = Signer::from_seed(&[0x5a; 32]);
    assert_eq!(format!("{signer:?}"), "Signer([secret])");
    let key = signer.verifier_key(&Origin::parse("example.com/ledger").unwrap());
    assert_eq!(key.to_string().parse::<VerifierKey>().unwrap(), key);
    assert!(key.verifies(b"text", &signer.sign(b"text")));
}
