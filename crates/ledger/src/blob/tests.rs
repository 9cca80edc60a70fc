use super::*;
use crate::disk::RealDisk;

#[test]
fn references_are_found_wherever_they_stand() {
    let (a, b) = (BlobHash::of(b"a"), BlobHash::of(b"b"));
    let leaf = format!(r#"{{"people":"{}","more":["{}"]}}"#, a.reference(), b.reference());
    assert_eq!(references(leaf.as_bytes()).collect::<Vec<_>>(), [a, b]);
    for leaf in [
        String::new(),
        "blob:sha256:".to_owned(),
        format!("blob:sha256:{}", "A".repeat(64)),
        format!("sha256:{a}"),
        a.reference()[..a.reference().len() - 1].to_owned(),
    ] {
        assert_eq!(references(leaf.as_bytes()).count(), 0, "{leaf}");
    }
}

#[test]
fn a_hash_is_known_by_its_digits() {
    let hash = BlobHash::of(b"abc");
    assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(BlobHash::parse(&hash.to_string()), Some(hash));
    assert_eq!(BlobHash::parse(&hash.to_string().to_uppercase()), None);
    assert_eq!(BlobHash::parse(&hash.to_string()[1..]), None);
}

#[test]
fn a_blob_is_kept_once_and_mended() {
    let directory = tempfile::tempdir().unwrap();
    let disk = RealDisk::new(directory.path());
    disk.create_directories(layout::TEMPORARY_DIRECTORY).unwrap();
    let hash = put(directory.path(), &disk, b"people").unwrap();
    assert_eq!(put(directory.path(), &disk, b"people").unwrap(), hash);
    assert_eq!(get(directory.path(), &hash).unwrap().unwrap(), b"people");
    assert!(get(directory.path(), &BlobHash::of(b"nobody")).unwrap().is_none());

    let path = directory.path().join(layout::blob(&hash));
    for damaged in [b"peoplf".as_slice(), b"peopl", b"people and more"] {
        std::fs::write(&path, damaged).unwrap();
        assert!(matches!(get(directory.path(), &hash), Err(BlobError::Damaged(found)) if found == hash));
        assert_eq!(put(directory.path(), &disk, b"people").unwrap(), hash);
        assert_eq!(get(directory.path(), &hash).unwrap().unwrap(), b"people");
    }
    assert_eq!(std::fs::read_dir(directory.path().join(layout::TEMPORARY_DIRECTORY)).unwrap().count(), 0);
}
