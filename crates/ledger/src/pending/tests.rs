use super::*;
use crate::leaf::encode_entry;

fn keys() -> (Origin, Signer, VerifierKey) {
    let origin = Origin::parse("example.com/ledger").unwrap();
    let signer = Signer::from_seed(&[1; 32]);
    let key = signer.verifier_key(&origin);
    (origin, signer, key)
}

fn group(first: u64, leaves: &[&[u8]]) -> Vec<u8> {
    let (origin, signer, _) = keys();
    let mut entries = Vec::new();
    leaves.iter().for_each(|leaf| encode_entry(leaf, &mut entries));
    encode(first, leaves.len() as u32, &entries, Hash::new([9; 32]), &origin, &signer)
}

#[test]
fn a_group_leads_back() {
    let (_, _, key) = keys();
    let bytes = [group(7, &[b"a", b"", b"ccc"]), group(10, &[b"d"])].concat();
    assert_eq!(bytes[..24], *b"BLG1\0\0\0\x0a\0\0\0\0\0\0\0\x07\0\0\0\x03\0\x01a\0");
    let mut rest = bytes.as_slice();
    let first = decode(&mut rest).unwrap();
    assert_eq!((first.first, first.end(), first.root), (7, 10, Hash::new([9; 32])));
    assert_eq!(first.leaves, [b"a".as_slice(), b"", b"ccc"]);
    assert!(first.is_signed_by(&key));
    let second = decode(&mut rest).unwrap();
    assert_eq!(second.leaves, [b"d"]);
    assert!(rest.is_empty());
    let stranger = Signer::from_seed(&[2; 32]).verifier_key(key.origin());
    assert!(!second.is_signed_by(&stranger));
}

#[test]
fn each_flipped_bit_and_each_cut_is_found() {
    let (_, _, key) = keys();
    let bytes = group(7, &[b"leaf", b"another"]);
    for position in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[position / 8] ^= 1 << (position % 8);
        let intact = decode(&mut flipped.as_slice()).is_ok_and(|group| group.is_signed_by(&key));
        assert!(!intact, "bit {position}");
    }
    for length in 0..bytes.len() {
        assert_eq!(decode(&mut &bytes[..length]).unwrap_err(), Broken::Cut, "cut to {length}");
    }
}

#[test]
fn a_later_group_tells_damage_from_a_torn_end() {
    let (_, _, key) = keys();
    let first = group(0, &[b"one"]);
    let mut bytes = [first.clone(), group(1, &[b"two"])].concat();
    assert_eq!(find_group(&bytes, &key, 0), Some((first.len(), 1)));
    bytes[22] ^= 1;
    assert_eq!(find_group(&bytes, &key, 0), Some((first.len(), 1)));
    assert_eq!(find_group(&bytes, &key, 1), None);
    assert_eq!(find_group(&bytes[..bytes.len() - 1], &key, 0), None);
    let stranger = Signer::from_seed(&[2; 32]).verifier_key(key.origin());
    assert_eq!(find_group(&bytes, &stranger, 0), None);
}
