//! Whoever changes a ledger is found out, and the place is named.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ledger::layout::{self, Resource};
use ledger::{BlobHash, Checkpoint, CheckpointError, Problem, Report, decode_bundle, verify};

use super::{copy, fill, key, leaf, open};

const SIZE: u64 = 1_300;

/// How many bits of the test ledger are flipped, one at a time.
const FLIPS: u64 = 400;

/// A ledger of [`SIZE`] leaves, the last three of which name a blob each, closed in good order.
fn build(directory: &Path) -> Checkpoint {
    let ledger = open(directory);
    // Single groups, as a quiet server writes them, and large ones, as a busy one does.
    (0..20).for_each(|index| fill(&ledger, index..index + 1));
    fill(&ledger, 20..700);
    ledger.publish().unwrap();
    fill(&ledger, 700..SIZE - 3);
    for number in SIZE - 3..SIZE {
        let hash = ledger.put_blob(&blob(number)).unwrap();
        assert_eq!(ledger.append(hash.reference().into_bytes()).unwrap(), number);
    }
    ledger.close().unwrap()
}

fn blob(number: u64) -> Vec<u8> {
    format!("people of entry {number}").into_bytes()
}

fn check(directory: &Path) -> Report {
    verify(directory, &key(), &[])
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// The entries that the byte at `position` of a file stands for.
fn entries_at(file: &str, contents: &[u8], position: usize) -> Range<u64> {
    if file.starts_with("blob/") {
        let number =
            (SIZE - 3..SIZE).find(|number| file == layout::blob(&BlobHash::of(&blob(*number)))).unwrap();
        return number..number + 1;
    }
    let Some(resource) = Resource::parse(file) else { return 0..0 };
    let first = resource.index * 256;
    match resource.level {
        Some(level) => {
            let place = first + position as u64 / 32;
            place << (8 * level)..(place + 1) << (8 * level)
        }
        None => {
            let mut end = 0;
            let leaves = decode_bundle(contents, resource.width as usize).unwrap();
            let place = leaves.iter().position(|leaf| {
                end += 2 + leaf.len();
                position < end
            });
            let entry = first + place.unwrap() as u64;
            entry..entry + 1
        }
    }
}

#[test]
fn each_flipped_bit_is_found_and_named() {
    let directory = tempfile::tempdir().unwrap();
    build(directory.path());
    assert!(check(directory.path()).is_intact());
    let files: Vec<_> =
        files(directory.path()).into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
    let kinds = ["checkpoint", "blob/", "pending/", "tile/0/", "tile/1/", "tile/entries/"];
    let mut hits = [0; 6];
    let bits: u64 = files.iter().map(|(contents, _)| contents.len() as u64 * 8).sum();
    for flip in 0..FLIPS {
        // Every third flip goes to the small files, which an even spread would hardly touch.
        let mut bit = (flip.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11) % bits;
        let (contents, path) = if flip % 3 == 0 {
            let small: Vec<_> =
                files.iter().filter(|(contents, _)| (1..2000).contains(&contents.len())).collect();
            let picked = small[(flip / 3) as usize % small.len()];
            bit %= picked.0.len() as u64 * 8;
            picked
        } else {
            let holds = |(contents, _): &&(Vec<u8>, PathBuf)| {
                let length = contents.len() as u64 * 8;
                let here = bit < length;
                if !here {
                    bit -= length;
                }
                here
            };
            files.iter().find(holds).unwrap()
        };
        let position = (bit / 8) as usize;
        let mut changed = contents.clone();
        changed[position] ^= 1 << (bit % 8);
        fs::write(path, &changed).unwrap();
        let report = check(directory.path());
        fs::write(path, contents).unwrap();

        let file = path.strip_prefix(directory.path()).unwrap().to_str().unwrap();
        hits[kinds.iter().position(|kind| file.starts_with(kind)).unwrap()] += 1;
        assert!(!report.is_intact(), "{file} bit {bit}: not found");
        // A flip in a leaf may make it name another blob, which then is missing, too.
        let damage = report.damage.iter().find(|damage| damage.file == file);
        let damage = damage.unwrap_or_else(|| panic!("{file} bit {bit}: {report:?}"));
        let entries = entries_at(file, contents, position);
        if damage.problem == Problem::Bundle {
            assert_eq!(damage.entries.start, entries.start, "{file} bit {bit}");
        } else if file.starts_with("pending/") {
            assert!(!damage.entries.is_empty(), "{file} bit {bit}: {damage}");
        } else {
            assert_eq!(damage.entries, entries, "{file} bit {bit}: {damage}");
        }
    }
    assert!(hits.iter().all(|hits| *hits > 0), "{hits:?}");
    assert!(check(directory.path()).is_intact());
}

#[test]
fn each_missing_or_cut_file_is_named() {
    let directory = tempfile::tempdir().unwrap();
    build(directory.path());
    for path in files(directory.path()) {
        let file = path.strip_prefix(directory.path()).unwrap().to_str().unwrap().to_owned();
        let contents = fs::read(&path).unwrap();
        // Without pending groups the published files are a whole ledger.
        if file == "lock" || file.starts_with("pending/") {
            continue;
        }
        fs::remove_file(&path).unwrap();
        let report = check(directory.path());
        assert!(report.damage.iter().any(|damage| damage.file == file), "without {file}: {report:?}");
        if !file.starts_with("blob/") && file != "checkpoint" {
            assert_eq!(report.damage.len(), 1, "without {file}: {report:?}");
        }
        for length in [0, 1, contents.len() / 2, contents.len() - 1] {
            fs::write(&path, &contents[..length]).unwrap();
            let report = check(directory.path());
            assert!(
                report.damage.iter().any(|damage| damage.file == file),
                "{file} cut to {length}: {report:?}"
            );
        }
        fs::write(&path, [contents.as_slice(), b"\0"].concat()).unwrap();
        let report = check(directory.path());
        assert!(report.damage.iter().any(|damage| damage.file == file), "{file} and more: {report:?}");
        fs::write(&path, &contents).unwrap();
    }
    assert!(check(directory.path()).is_intact());
}

#[test]
fn an_older_copy_and_another_history_are_told_by_a_known_checkpoint() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = open(old.path());
    fill(&ledger, 0..500);
    ledger.close().unwrap();
    drop(ledger);
    copy(old.path(), new.path());
    let ledger = open(new.path());
    let known: Vec<Checkpoint> = (500..540)
        .map(|index| {
            fill(&ledger, index..index + 1);
            ledger.publish().unwrap()
        })
        .collect();
    drop(ledger);
    assert!(verify(new.path(), &key(), &known).is_intact());
    for known in &known {
        let report = verify(old.path(), &key(), std::slice::from_ref(known));
        assert_eq!(report.damage.len(), 1);
        assert_eq!(report.damage[0].problem, Problem::RolledBack(known.size));
    }
    // The key's owner rewrites history from some leaf on: consistent, signed, and yet another tree.
    for fork in [500, 511, 512, 538] {
        let forked = tempfile::tempdir().unwrap();
        copy(old.path(), forked.path());
        let ledger = open(forked.path());
        fill(&ledger, 500..fork);
        ledger.append(b"never happened".to_vec()).unwrap();
        fill(&ledger, fork + 1..600);
        ledger.close().unwrap();
        assert!(check(forked.path()).is_intact());
        for known in &known {
            let report = verify(forked.path(), &key(), std::slice::from_ref(known));
            let problems: Vec<_> = report.damage.iter().map(|damage| damage.problem.clone()).collect();
            let expected = if known.size > fork { vec![Problem::Forked(known.size)] } else { vec![] };
            assert_eq!(problems, expected, "fork at {fork}, known {}", known.size);
        }
    }
}

/// Two ledgers of the same key that differ in leaf 300.
fn twins() -> (tempfile::TempDir, tempfile::TempDir) {
    let (honest, forged) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (directory, leaf_300) in [(&honest, leaf(300)), (&forged, b"rewritten".to_vec())] {
        let ledger = open(directory.path());
        fill(&ledger, 0..300);
        ledger.append(leaf_300).unwrap();
        fill(&ledger, 301..1000);
        ledger.close().unwrap();
        drop(ledger);
        fs::remove_dir_all(directory.path().join("pending")).unwrap();
    }
    (honest, forged)
}

#[test]
fn a_rewriting_is_found_however_far_up_it_goes() {
    let (honest, forged) = twins();
    let steal = |path: &str| fs::copy(forged.path().join(path), honest.path().join(path)).map(drop).unwrap();
    let damage = || {
        let damage = check(honest.path()).damage;
        damage.into_iter().map(|damage| (damage.file, damage.entries, damage.problem)).collect::<Vec<_>>()
    };
    steal("tile/entries/001");
    assert_eq!(damage(), [("tile/entries/001".to_owned(), 300..301, Problem::Entry)]);
    steal("tile/0/001");
    assert_eq!(damage(), [("tile/0/001".to_owned(), 256..512, Problem::Rewritten)]);
    steal("tile/1/000.p/3");
    assert_eq!(damage(), [("checkpoint".to_owned(), 0..1000, Problem::Root)]);
    steal("checkpoint");
    assert_eq!(damage(), []);
}

#[test]
fn what_does_not_belong_is_listed_and_leftovers_are_checked() {
    let directory = tempfile::tempdir().unwrap();
    build(directory.path());
    for file in ["tile/0/x000/001", "tile/0/readme", "blob/ab/abc", "pending/1.log"] {
        fs::create_dir_all(directory.path().join(file).parent().unwrap()).unwrap();
        fs::write(directory.path().join(file), "not ours").unwrap();
    }
    let report = check(directory.path());
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.unknown_files, ["pending/1.log", "blob/ab/abc", "tile/0/readme", "tile/0/x000/001"]);

    // What a killed writer left behind must be the beginning of what is there now.
    let bundle = fs::read(directory.path().join("tile/entries/001")).unwrap();
    let beginning: usize = (256..259).map(|index| 2 + leaf(index).len()).sum();
    fs::create_dir_all(directory.path().join("tile/entries/001.p")).unwrap();
    let leftover = directory.path().join("tile/entries/001.p/3");
    fs::write(&leftover, &bundle[..beginning]).unwrap();
    assert!(check(directory.path()).is_intact());
    let mut changed = bundle[..beginning].to_vec();
    changed[beginning - 1] ^= 1;
    fs::write(&leftover, changed).unwrap();
    let report = check(directory.path());
    assert_eq!(report.damage.len(), 1);
    assert_eq!(
        (report.damage[0].file.as_str(), report.damage[0].entries.clone()),
        ("tile/entries/001.p/3", 256..259)
    );
}

#[test]
fn damage_reads_as_a_sentence() {
    let directory = tempfile::tempdir().unwrap();
    build(directory.path());
    let path = directory.path().join("tile/entries/002");
    let mut contents = fs::read(&path).unwrap();
    *contents.last_mut().unwrap() ^= 1;
    fs::write(&path, contents).unwrap();
    fs::remove_file(directory.path().join("tile/0/003")).unwrap();
    let lines: Vec<String> = check(directory.path()).damage.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "tile/entries/002: entry 767: is not what the tree committed to",
            "tile/0/003: entries 768 to 1023: is missing",
        ]
    );
    fs::write(directory.path().join("checkpoint"), "").unwrap();
    let report = check(directory.path());
    assert_eq!(report.damage[0].problem, Problem::Checkpoint(CheckpointError::Note));
    assert_eq!(report.checkpoint, None);
    assert_eq!(report.damage[0].to_string().lines().count(), 1);
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(check(empty.path()).damage[0].to_string(), "checkpoint: is missing");
}
