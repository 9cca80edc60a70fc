use super::*;
use crate::hash::leaf_hash;

fn signer() -> (Signer, VerifierKey) {
    let signer = Signer::from_seed(&[3; 32]);
    let key = signer.verifier_key(&Origin::parse("example.com/ledger").unwrap());
    (signer, key)
}

fn checkpoint() -> Checkpoint {
    let origin = Origin::parse("example.com/ledger").unwrap();
    Checkpoint { origin, size: 70_000, root: leaf_hash(b"some root") }
}

#[test]
fn a_signed_checkpoint_leads_back() {
    let (signer, key) = signer();
    let note = checkpoint().sign(&signer);
    assert!(note.starts_with("example.com/ledger\n70000\n"));
    assert_eq!(Checkpoint::verify(note.as_bytes(), &key), Ok(checkpoint()));
}

#[test]
fn each_flipped_bit_is_found() {
    let (signer, key) = signer();
    let note = checkpoint().sign(&signer).into_bytes();
    for position in 0..note.len() * 8 {
        let mut flipped = note.clone();
        flipped[position / 8] ^= 1 << (position % 8);
        assert!(Checkpoint::verify(&flipped, &key).is_err(), "bit {position}");
    }
    for length in 0..note.len() {
        assert!(Checkpoint::verify(&note[..length], &key).is_err(), "cut to {length}");
    }
}

#[test]
fn signatures_of_others_are_ignored_but_do_not_suffice() {
    let (signer, key) = signer();
    let witness = "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let note = checkpoint().sign(&signer);
    assert_eq!(Checkpoint::verify(format!("{note}{witness}").as_bytes(), &key), Ok(checkpoint()));
    let alone = format!("{}\n{witness}", checkpoint().body());
    assert_eq!(Checkpoint::verify(alone.as_bytes(), &key), Err(CheckpointError::NotSigned));
    let forged = checkpoint().sign(&Signer::from_seed(&[4; 32]));
    assert_eq!(Checkpoint::verify(forged.as_bytes(), &key), Err(CheckpointError::NotSigned));
    let wrong = note.replace("70000", "70001");
    assert_eq!(Checkpoint::verify(wrong.as_bytes(), &key), Err(CheckpointError::Signature));
}

#[test]
fn other_logs_and_other_spellings_are_refused() {
    let (signer, key) = signer();
    let other = Checkpoint { origin: Origin::parse("example.com/other").unwrap(), ..checkpoint() };
    assert_eq!(Checkpoint::verify(other.sign(&signer).as_bytes(), &key), Err(CheckpointError::Origin));
    let root = checkpoint().root.to_base64();
    for body in [
        format!("example.com/ledger\n070000\n{root}\n"),
        format!("example.com/ledger\n+70000\n{root}\n"),
        format!("example.com/ledger\n70000\n{root}\nextension\n"),
        format!("example.com/ledger\n70000\n{}\n", &root[..42]),
        "example.com/ledger\n70000\n".to_owned(),
    ] {
        let signature = [key.id().to_be_bytes().as_slice(), &signer.sign(body.as_bytes())].concat();
        let note = format!("{body}\n— example.com/ledger {}\n", BASE64_STANDARD.encode(signature));
        assert_eq!(Checkpoint::verify(note.as_bytes(), &key), Err(CheckpointError::Body), "{body:?}");
    }
}
