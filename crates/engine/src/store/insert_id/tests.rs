use super::*;
use proptest::prelude::*;

#[test]
fn forms_of_sdks_fit_in_sixteen_bytes() {
    for (text, form) in [
        ("", 0),
        ("cu4m1p2k9x0a8b7c", 16),
        ("5958d1b8d0c34a1fa4d27c0e7f1f2a3b", HEX_LOWER),
        ("5958D1B8D0C34A1FA4D27C0E7F1F2A3B", HEX_UPPER),
        ("5958d1b8-d0c3-4a1f-a4d2-7c0e7f1f2a3b", UUID_LOWER),
        ("5958D1B8-D0C3-4A1F-A4D2-7C0E7F1F2A3B", UUID_UPPER),
        ("5958D1b8d0c34a1fa4d27c0e7f1f2a3b", LONG),
        ("5958d1b8-d0c3-4a1f-a4d2-7c0e7f1f2a3g", LONG),
        ("seventeen bytes !", LONG),
    ] {
        let packed = PackedId::pack(text);
        assert_eq!(packed.form, form, "{text}");
        assert_eq!(packed.unpack(Some(text)).as_str(), text);
    }
}

proptest! {
    #[test]
    fn every_id_comes_back(text in "[0-9a-fA-F-]{0,40}|.{0,20}|[0-9a-f]{32}") {
        let packed = PackedId::pack(&text);
        prop_assert_eq!(packed.unpack(Some(&text)), InsertId::from(text));
    }
}
