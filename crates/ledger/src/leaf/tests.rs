use proptest::prelude::*;

use super::*;

#[test]
fn an_entry_is_its_length_and_its_bytes() {
    let mut bundle = Vec::new();
    encode_entry(b"ab", &mut bundle);
    encode_entry(b"", &mut bundle);
    encode_entry(&vec![7; MAX_LEAF_LENGTH], &mut bundle);
    assert_eq!(bundle[..8], [0, 2, b'a', b'b', 0, 0, 0xff, 0xff]);
    assert_eq!(decode_bundle(&bundle, 3).unwrap()[..2], [b"ab".as_slice(), b""]);
    assert_eq!(decode_bundle(&bundle, 2), Err(BundleError::TooMany(2)));
    assert_eq!(decode_bundle(&bundle, 4), Err(BundleError::Cut(3)));
    assert_eq!(decode_bundle(&bundle[..bundle.len() - 1], 3), Err(BundleError::Cut(2)));
}

proptest! {
    #[test]
    fn a_bundle_leads_back(leaves: Vec<Vec<u8>>) {
        let mut bundle = Vec::new();
        leaves.iter().for_each(|leaf| encode_entry(leaf, &mut bundle));
        prop_assert_eq!(decode_bundle(&bundle, leaves.len()).unwrap(), leaves);
    }
}
