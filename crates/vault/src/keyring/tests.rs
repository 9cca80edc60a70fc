use super::*;
use crate::SeededEntropy;
use std::os::unix::fs::PermissionsExt;

const PROJECT: ProjectId = ProjectId(3);

fn entropy(seed: u64) -> Arc<dyn Entropy> {
    Arc::new(SeededEntropy::new(seed))
}

fn created(directory: &Path) -> (KeyringPaths, Keyring) {
    let paths = KeyringPaths::for_data_dir(&directory.join("data"));
    (paths.clone(), Keyring::create(paths, entropy(1)).unwrap())
}

#[test]
fn the_root_key_lies_beside_the_data_directory() {
    assert_eq!(default_root_key_path(Path::new("/var/lib/bulkhead")), Path::new("/var/lib/bulkhead.key"));
    assert_eq!(default_root_key_path(Path::new("/var/lib/bulkhead/")), Path::new("/var/lib/bulkhead.key"));
    assert_eq!(default_root_key_path(Path::new("data")), Path::new("data.key"));
}

#[test]
fn keys_outlive_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let (paths, keyring) = created(directory.path());
    keyring.create_project(PROJECT).unwrap();
    let secret = keyring.secret("ledger").unwrap();
    let who = keyring.project_sealer(PROJECT, []).unwrap().pseudonym("u1");

    let again = Keyring::open(paths.clone(), entropy(2)).unwrap();
    again.create_project(PROJECT).unwrap();
    assert_eq!(*again.secret("ledger").unwrap(), *secret);
    assert_ne!(*again.secret("other").unwrap(), *secret);
    assert_eq!(again.project_sealer(PROJECT, []).unwrap().pseudonym("u1"), who);
    assert_eq!(again.vault_public().unwrap().to_bytes(), keyring.vault_public().unwrap().to_bytes());

    for path in [&paths.root_key, &paths.keyring] {
        assert_eq!(
            std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
            0o600,
            "{}",
            path.display()
        );
    }
    assert_eq!(std::fs::read(&paths.root_key).unwrap().len(), 32);
}

#[test]
fn another_process_may_add_keys_meanwhile() {
    let directory = tempfile::tempdir().unwrap();
    let (paths, server) = created(directory.path());
    let command = Keyring::open(paths.clone(), entropy(2)).unwrap();
    command.create_project(PROJECT).unwrap();
    let who = server.project_sealer(PROJECT, []).unwrap().pseudonym("u1");
    server.secret("ledger").unwrap();
    server.create_project(ProjectId(4)).unwrap();
    let third = Keyring::open(paths, entropy(3)).unwrap();
    assert_eq!(
        third.project_sealer(PROJECT, []).unwrap().pseudonym("u1"),
        who,
        "nobody's keys were overwritten"
    );
    assert!(matches!(third.project_sealer(ProjectId(5), []), Err(KeyringError::UnknownProject(_))));
}

#[test]
fn an_interrupted_start_can_be_repeated_and_a_keyring_is_never_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let (paths, keyring) = created(directory.path());
    keyring.secret("ledger").unwrap();
    let before = std::fs::read(&paths.keyring).unwrap();
    assert!(matches!(Keyring::create(paths.clone(), entropy(9)), Err(KeyringError::KeyringExists(_))));
    assert_eq!(std::fs::read(&paths.keyring).unwrap(), before);

    std::fs::remove_file(&paths.keyring).unwrap();
    let root = std::fs::read(&paths.root_key).unwrap();
    Keyring::create(paths.clone(), entropy(9)).unwrap();
    assert_eq!(std::fs::read(&paths.root_key).unwrap(), root);
}

#[test]
fn what_is_wrong_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let (paths, _) = created(directory.path());
    let reopen = || Keyring::open(paths.clone(), entropy(2)).unwrap_err().to_string();
    let root = std::fs::read(&paths.root_key).unwrap();
    let place = paths.root_key.display().to_string();

    std::fs::write(&paths.root_key, [7; 32]).unwrap();
    assert!(reopen().contains("does not belong to the keyring") && reopen().contains(&place));
    std::fs::write(&paths.root_key, [7; 31]).unwrap();
    assert!(reopen().contains("not 32 bytes") && reopen().contains(&place));
    std::fs::remove_file(&paths.root_key).unwrap();
    assert!(reopen().contains("no root key at") && reopen().contains(&place));

    write_new(&paths.root_key, &root).unwrap();
    std::fs::set_permissions(&paths.root_key, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(reopen().contains("chmod 600"));
    std::fs::set_permissions(&paths.root_key, std::fs::Permissions::from_mode(0o600)).unwrap();

    std::fs::write(&paths.keyring, b"hello").unwrap();
    assert!(reopen().contains("not a keyring"));
    std::fs::remove_file(&paths.keyring).unwrap();
    assert!(reopen().contains("no keyring at"));
}

#[test]
fn every_flipped_bit_and_every_cut_is_found() {
    let root = SecretKey::from_bytes([5; 32]);
    let entries = Entries::from([
        (Slot::VaultPrivate, SecretKey::from_bytes([1; 32])),
        (Slot::Pseudonym(1), SecretKey::from_bytes([2; 32])),
        (Slot::Secret("ledger".into()), SecretKey::from_bytes([3; 32])),
    ]);
    let good = file::encode(&entries, &root, &SeededEntropy::new(1));
    assert_eq!(file::decode(&good, &root).unwrap().len(), 3);
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let expected = if bit / 8 < 8 { Refusal::NotAKeyring } else { Refusal::Damaged };
        assert_eq!(file::decode(&bad, &root).err(), Some(expected), "bit {bit}");
    }
    for length in 0..good.len() {
        assert!(file::decode(&good[..length], &root).is_err(), "cut to {length}");
    }
}

#[test]
fn the_keyring_holds_no_key_in_clear_and_shows_none() {
    let directory = tempfile::tempdir().unwrap();
    let (paths, keyring) = created(directory.path());
    keyring.create_project(PROJECT).unwrap();
    let secret = keyring.secret("ledger").unwrap();
    let file = std::fs::read(&paths.keyring).unwrap();
    let root = std::fs::read(&paths.root_key).unwrap();
    for key in [secret.as_slice(), &root, &*keyring.vault_private().unwrap().to_bytes()] {
        assert!(!file.windows(8).any(|window| window == &key[..8]));
        assert!(!format!("{keyring:?}").contains(&format!("{}, {}, {}", key[0], key[1], key[2])));
    }
}
