//! The ledger from outside: through its public face, and through another implementation of tlog-tiles.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod appending;
mod independent;
mod tampering;

use std::path::Path;

use ledger::{Ledger, Origin, Signer, VerifierKey};

fn origin() -> Origin {
    Origin::parse("example.com/ledger").unwrap()
}

fn signer() -> Signer {
    Signer::from_seed(&[7; 32])
}

fn key() -> VerifierKey {
    signer().verifier_key(&origin())
}

fn open(directory: &Path) -> Ledger {
    Ledger::open(directory, signer(), origin()).unwrap()
}

/// A leaf of a length that depends on its index.
fn leaf(index: u64) -> Vec<u8> {
    format!("{{\"n\":{index},\"pad\":\"{}\"}}", "x".repeat((index * 7 % 40) as usize)).into_bytes()
}

/// Appends without waiting for each one, so that a large ledger takes few syncs.
fn fill(ledger: &Ledger, range: std::ops::Range<u64>) {
    let (sender, receiver) = std::sync::mpsc::channel();
    for index in range.clone() {
        let sender = sender.clone();
        ledger.append_then(leaf(index), move |outcome| sender.send((index, outcome)).unwrap()).unwrap();
    }
    drop(sender);
    for (index, outcome) in receiver {
        assert_eq!(outcome.unwrap(), index);
    }
}

/// Copies a directory as it is at this moment.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
