use proptest::prelude::*;

use super::*;

#[test]
fn paths_are_those_of_the_specification() {
    assert_eq!(tile(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(tile(1, 0, 17), "tile/1/000.p/17");
    assert_eq!(entries(273, 112), "tile/entries/273.p/112");
    assert_eq!(entries(1000, 256), "tile/entries/x001/000");
    assert_eq!(pending(256), "pending/00000000000000000256.log");
}

/// The worked examples of tlog-tiles, "Partial Tiles".
#[test]
fn a_tree_of_70000_has_the_tiles_of_the_specification() {
    assert_eq!([0, 1, 2].map(|level| full_tiles(level, 70_000)), [273, 1, 0]);
    assert_eq!([0, 1, 2].map(|level| partial_width(level, 70_000)), [112, 17, 1]);
    assert_eq!(levels(70_000), 3);
    assert_eq!([0, 1].map(|level| (full_tiles(level, 256), partial_width(level, 256))), [(1, 0), (0, 1)]);
    assert_eq!((levels(0), levels(u64::MAX)), (0, 8));
}

#[test]
fn other_spellings_of_a_path_are_refused() {
    for path in [
        "tile/0/0",
        "tile/00/000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/entries/1000",
        "tile/0/x001/",
        "tile/0/+01",
        "tile//000",
        "checkpoint",
    ] {
        assert_eq!(Resource::parse(path), None, "{path}");
    }
    for name in ["256.log", "+0000000000000000256.log", "00000000000000000256", "99999999999999999999.log"] {
        assert_eq!(parse_pending(name), None, "{name}");
    }
}

proptest! {
    #[test]
    fn each_path_leads_back(level in proptest::option::of(0_u8..8), index in 0..=u64::MAX / 256, width in 1_u64..=256) {
        let resource = Resource { level, index, width };
        prop_assert_eq!(Resource::parse(&resource.path()), Some(resource));
    }

    #[test]
    fn each_pending_name_leads_back(start: u64) {
        let path = pending(start);
        prop_assert_eq!(parse_pending(path.strip_prefix("pending/").unwrap()), Some(start));
    }
}
