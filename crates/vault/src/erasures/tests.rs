use super::*;

fn erasure(n: u8) -> Erasure {
    Erasure {
        project: ProjectId(u32::from(n)),
        who: Pseudonym([n; 16]),
        at: Timestamp::from_millis(-1 - i64::from(n)),
    }
}

fn written(path: &Path) {
    let (mut journal, found) = Erasures::open(path).unwrap();
    assert_eq!(found, []);
    journal.append(&[erasure(1), erasure(2)]).unwrap();
    journal.append(&[erasure(3)]).unwrap();
}

#[test]
fn entries_come_back_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("erased");
    written(&path);
    let (mut journal, found) = Erasures::open(&path).unwrap();
    assert_eq!(found, [erasure(1), erasure(2), erasure(3)]);
    journal.append(&[erasure(4)]).unwrap();
    assert_eq!(Erasures::open(&path).unwrap().1.len(), 4);
}

#[test]
fn a_torn_tail_is_cut_off_and_the_journal_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("erased");
    written(&path);
    let whole = std::fs::read(&path).unwrap();
    for length in 0..whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        let (mut journal, found) = Erasures::open(&path).unwrap();
        assert_eq!(found.len(), length.saturating_sub(HEADER_BYTES) / ENTRY_BYTES, "cut to {length}");
        journal.append(&[erasure(9)]).unwrap();
        assert_eq!(Erasures::open(&path).unwrap().1.last(), Some(&erasure(9)), "cut to {length}");
    }
}

#[test]
fn damage_before_the_tail_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("erased");
    written(&path);
    let whole = std::fs::read(&path).unwrap();
    for byte in 0..whole.len() - ENTRY_BYTES {
        let mut bad = whole.clone();
        bad[byte] ^= 1;
        std::fs::write(&path, &bad).unwrap();
        match Erasures::open(&path) {
            Err(ErasuresError::NotAJournal(_)) => assert!(byte < HEADER_BYTES),
            Err(ErasuresError::Damaged { offset, .. }) => {
                assert_eq!(offset, (byte - (byte - HEADER_BYTES) % ENTRY_BYTES) as u64);
            }
            other => panic!("byte {byte}: {other:?}"),
        }
    }
}
