use super::*;
use std::path::PathBuf;

fn dir() -> PathBuf {
    PathBuf::from("/data")
}

fn sim(seed: u64) -> SimDisk {
    let disk = SimDisk::new(seed);
    disk.create_dir(&dir()).unwrap();
    disk
}

fn write_synced(disk: &dyn Disk, path: &Path, content: &[u8]) {
    let file = disk.create(path).unwrap();
    file.append_all(content).unwrap();
    file.sync().unwrap();
    disk.sync_dir(path.parent().unwrap()).unwrap();
}

fn read(disk: &dyn Disk, path: &Path) -> Vec<u8> {
    let file = disk.open_read(path).unwrap();
    let mut content = vec![0; file.length().unwrap() as usize];
    file.read_exact_at(&mut content, 0).unwrap();
    content
}

/// What any disk must do, asked of both.
fn check_contract(disk: &dyn Disk, dir: &Path) {
    let (one, two) = (dir.join("one"), dir.join("two"));
    write_synced(disk, &one, b"hello");
    assert_eq!(disk.create(&one).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(disk.open(&two).unwrap_err().kind(), io::ErrorKind::NotFound);

    let file = disk.open(&one).unwrap();
    file.append_all(b", world").unwrap();
    assert_eq!(file.length().unwrap(), 12);
    file.truncate(5).unwrap();
    file.append_all(b"!").unwrap();
    let mut buffer = [0; 16];
    assert_eq!(file.read_up_to(&mut buffer, 3).unwrap(), 3);
    assert_eq!(&buffer[..3], b"lo!");
    assert_eq!(file.read_at(&mut buffer, 6).unwrap(), 0);
    assert_eq!(file.read_exact_at(&mut buffer, 0).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);

    write_synced(disk, &two, b"old");
    disk.rename(&one, &two).unwrap();
    assert_eq!(read(disk, &two), b"hello!");
    assert_eq!(disk.list(dir).unwrap(), ["two"]);
    assert!(disk.open_read(&two).unwrap().append(b"x").is_err());

    let lock = disk.lock(&dir.join("lock")).unwrap();
    assert_eq!(disk.lock(&dir.join("lock")).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    drop(lock);
    disk.lock(&dir.join("lock")).unwrap();

    disk.remove(&two).unwrap();
    assert!(!disk.list(dir).unwrap().contains(&"two".to_owned()));
    assert_eq!(disk.remove(&two).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(disk.list(&dir.join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn the_real_disk_keeps_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("a/b");
    RealDisk.create_dir(&deep).unwrap();
    check_contract(&RealDisk, &deep);
}

#[test]
fn the_simulated_disk_keeps_the_contract() {
    check_contract(&sim(1), &dir());
}

#[test]
fn a_crash_keeps_what_was_synced_and_tears_the_rest() {
    let path = dir().join("file");
    let mut lengths = std::collections::BTreeSet::new();
    for seed in 0..50 {
        let disk = sim(seed);
        write_synced(&disk, &path, b"kept");
        let file = disk.open(&path).unwrap();
        file.append_all(&[7; 2000]).unwrap();
        disk.crash();
        assert!(file.length().is_err(), "a handle does not survive");
        let content = disk.content(&path).unwrap();
        assert_eq!(&content[..4], b"kept");
        lengths.insert(content.len());
        disk.crash();
        assert_eq!(disk.content(&path).unwrap(), content, "what a crash left is durable");
    }
    assert!(lengths.len() > 20, "tears vary: {lengths:?}");
}

#[test]
fn names_are_durable_once_the_directory_is_synced() {
    let (synced, unsynced) = (dir().join("synced"), dir().join("unsynced"));
    let mut survived = 0;
    for seed in 0..50 {
        let disk = sim(seed);
        write_synced(&disk, &synced, b"");
        disk.create(&unsynced).unwrap().sync().unwrap();
        disk.crash();
        assert!(disk.content(&synced).is_some());
        survived += usize::from(disk.content(&unsynced).is_some());
    }
    assert!((5..45).contains(&survived), "{survived} of 50");
}

#[test]
fn bytes_of_a_failed_sync_are_seen_but_never_durable() {
    let path = dir().join("file");
    let mut lost = 0;
    for seed in 0..20 {
        let disk = sim(seed);
        write_synced(&disk, &path, b"kept");
        let file = disk.open(&path).unwrap();
        file.append_all(b"forsaken").unwrap();
        disk.set_faults(SimFaults { failing_syncs: 1, ..SimFaults::default() });
        assert!(file.sync().is_err());
        assert_eq!(disk.content(&path).unwrap(), b"keptforsaken");
        file.sync().unwrap();
        disk.crash();
        lost += usize::from(disk.content(&path).unwrap() != b"keptforsaken");
    }
    assert_eq!(lost, 20);
}

#[test]
fn faults_are_as_a_real_disk_reports_them() {
    let disk = sim(1);
    let file = disk.create(&dir().join("file")).unwrap();
    disk.set_faults(SimFaults { room: Some(3), ..SimFaults::default() });
    assert_eq!(file.append_all(b"12345").unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert_eq!(file.length().unwrap(), 3);
    disk.set_faults(SimFaults { read_only: true, ..SimFaults::default() });
    assert_eq!(file.append(b"1").unwrap_err().kind(), io::ErrorKind::ReadOnlyFilesystem);
    assert_eq!(disk.create(&dir().join("other")).unwrap_err().kind(), io::ErrorKind::ReadOnlyFilesystem);
    disk.set_faults(SimFaults { short: true, ..SimFaults::default() });
    file.append_all(b"45678").unwrap();
    assert_eq!(read(&disk, &dir().join("file")), b"12345678");
}
