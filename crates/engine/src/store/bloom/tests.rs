use super::*;

fn spread(n: u64) -> u64 {
    n.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

#[test]
fn it_never_denies_a_key_and_rarely_invents_one() {
    let keys = 20_000;
    let mut bloom = Bloom::with_capacity(keys as usize);
    (0..keys).for_each(|n| bloom.insert(spread(n)));
    let bloom = Bloom::from_bytes(&bloom.to_bytes()).unwrap();
    assert!((0..keys).all(|n| bloom.may_contain(spread(n))));
    let invented = (keys..3 * keys).filter(|&n| bloom.may_contain(spread(n))).count();
    assert!(invented < 200, "{invented} of {} were invented", 2 * keys);
}
