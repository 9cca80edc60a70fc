use super::is_random;

#[test]
fn what_is_random_and_what_may_spell_something() {
    for random in ["5f0c2ab19de84e3c8a7d6b5f4e3d2c1b", "5F0C2AB1-9DE8-4E3C-8A7D-6B5F4E3D2C1B"] {
        assert!(is_random(random), "{random}");
    }
    for telling in [
        // `amina@example.io` in hex
        "616d696e61406578616d706c652e696f",
        "41111111111111114111111111111111",
        "amina@example.com",
        "a-1",
        "",
        "5f0c2ab19de84e3c8a7d6b5f4e3d2c1g",
        "5f0c2ab1-9de8-4e3c-8a7d-6b5f4e3d2c1-",
    ] {
        assert!(!is_random(telling), "{telling}");
    }
}
