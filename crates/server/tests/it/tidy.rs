//! Style and structure as far as a program can check them.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which of our crates each of our crates may see (ARCHITECTURE.md).
const ARROWS: [(&str, &[&str]); 6] = [
    ("bulkhead-domain", &[]),
    ("bulkhead-ledger", &[]),
    ("bulkhead-vault", &["bulkhead-domain"]),
    ("bulkhead-collect", &["bulkhead-domain", "bulkhead-vault"]),
    ("bulkhead-engine", &["bulkhead-domain"]),
    (
        "bulkhead-server",
        &["bulkhead-domain", "bulkhead-ledger", "bulkhead-vault", "bulkhead-collect", "bulkhead-engine"],
    ),
];

/// Longer than this and a file has more than one subject.
const FILE_LINES_MAX: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

/// Direct dependencies of each package of the workspace, without those of its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let names = |package: &Value| {
        let all = package["dependencies"].as_array().expect("a list").iter();
        all.filter(|dependency| dependency["kind"].is_null())
            .map(|dependency| dependency["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    let packages = metadata["packages"].as_array().expect("packages");
    packages.iter().map(|p| (p["name"].as_str().expect("a name").to_owned(), names(p))).collect()
}

#[test]
fn the_arrows_between_crates_are_those_of_the_architecture() {
    let found = dependencies();
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), ours, "crates of the workspace");
    for (name, allowed) in ARROWS {
        let seen: BTreeSet<&str> =
            found[name].iter().map(String::as_str).filter(|dependency| ours.contains(dependency)).collect();
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        assert!(seen.is_subset(&allowed), "{name} sees {seen:?}, may see {allowed:?}");
    }
}

#[test]
fn columns_are_the_engines_and_ciphers_the_vaults() {
    for (name, seen) in dependencies() {
        for dependency in seen {
            if dependency.starts_with("arrow") || dependency == "parquet" {
                assert_eq!(name, "bulkhead-engine", "{dependency}");
            }
            if ["chacha20poly1305", "hpke", "hkdf"].contains(&dependency.as_str()) {
                assert_eq!(name, "bulkhead-vault", "{dependency}");
            }
            if ["tokio", "axum", "sqlx"].contains(&dependency.as_str()) {
                assert!(
                    !["bulkhead-domain", "bulkhead-ledger", "bulkhead-collect"].contains(&name.as_str()),
                    "{name} sees {dependency}"
                );
            }
        }
    }
}

/// Files that git tracks, with one of these endings.
fn tracked(endings: &[&str]) -> Vec<PathBuf> {
    let output = Command::new("git").args(["ls-files"]).current_dir(root()).output().expect("git runs");
    let listed = String::from_utf8(output.stdout).expect("paths are text");
    listed
        .lines()
        .filter(|path| endings.iter().any(|ending| path.ends_with(ending)))
        .map(|path| root().join(path))
        .filter(|path| path.is_file())
        .collect()
}

#[test]
fn no_file_outgrows_its_subject() {
    for path in tracked(&[".rs", ".ts", ".svelte"]) {
        if path.ends_with("src/api/schema.ts") {
            continue; // generated
        }
        let lines = std::fs::read_to_string(&path).expect("source is text").lines().count();
        assert!(lines <= FILE_LINES_MAX, "{} has {lines} lines", path.display());
    }
}

#[test]
fn nothing_is_left_undone_or_switched_off() {
    // Spelt apart, so that this file does not find itself.
    let marks = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("#[ig", "nore"),
        concat!("FIX", "ME"),
    ];
    for path in tracked(&[".rs", ".ts", ".svelte", ".py", ".js"]) {
        let text = std::fs::read_to_string(&path).expect("source is text");
        for mark in marks {
            assert!(!text.contains(mark), "{} contains {mark}", path.display());
        }
    }
}

#[test]
fn main_files_and_crate_roots_are_tables_of_contents() {
    for path in tracked(&["src/main.rs", "src/lib.rs"]) {
        let text = std::fs::read_to_string(&path).expect("source is text");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).count();
        assert!(code <= 60, "{} has {code} lines of code", path.display());
    }
}
