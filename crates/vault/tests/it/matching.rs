use crate::support::{House, NOW, PROJECT};
use md5::Md5;
use rustc_hash::FxHashSet;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use vault::SealedOperation::{Append, Observe, Set, Unset};
use vault::{DistinctId, EmailHash, Identifier};

fn address(n: usize) -> String {
    format!("person.{n}@mail-{}.example", n % 97)
}

fn digests(address: &str) -> [Vec<u8>; 3] {
    [Md5::digest(address).to_vec(), Sha1::digest(address).to_vec(), Sha256::digest(address).to_vec()]
}

/// security.md, G3.
#[tokio::test]
async fn a_dictionary_of_the_true_addresses_finds_nobody_without_the_key_and_everybody_with_it() {
    const PEOPLE: usize = 10_000;
    let mut house = House::new().await;
    for chunk in (0..PEOPLE).collect::<Vec<_>>().chunks(2000) {
        let mut records = vec![];
        for n in chunk {
            let id = format!("user-{n}");
            let who = house.sealer.pseudonym(&id);
            records.extend(house.sealer.seal_distinct_id(who, &id));
            let value = format!("\"{}\"", address(*n).to_uppercase());
            records.extend(house.sealer.seal_field(who, "$email", Set, &value, NOW));
        }
        assert_eq!(house.intake(records).await.taken, 2 * chunk.len() as u64);
    }
    house.restart().await;

    // With the key.
    let mut asked = vec![];
    let mut expected = vec![];
    for n in 0..PEOPLE {
        let address = address(n);
        let hashes = digests(&address).map(|digest| EmailHash::from_bytes(&digest).unwrap());
        asked.push(Identifier::Email(address.into()));
        asked.extend(hashes.map(Identifier::EmailHash));
        expected.extend(std::iter::repeat_n(vec![house.sealer.pseudonym(&format!("user-{n}"))], 4));
    }
    assert_eq!(house.vault.find(PROJECT, &asked).await.unwrap(), expected);
    assert_eq!(house.vault.decryptions(), 0, "nobody was opened");
    let strangers: Vec<_> = (PEOPLE..PEOPLE + 1000).map(|n| Identifier::Email(address(n).into())).collect();
    assert!(house.vault.find(PROJECT, &strangers).await.unwrap().iter().all(Vec::is_empty));

    // Without: the first 8 bytes of each form, raw and as digits, are looked for at every offset.
    let mut dictionary = FxHashSet::<[u8; 8]>::default();
    for n in 0..PEOPLE {
        let address = address(n);
        let mut forms = digests(&address).to_vec();
        forms.extend(forms.clone().iter().map(|digest| hex(digest).into_bytes()));
        forms.extend([address.clone().into_bytes(), address.to_uppercase().into_bytes()]);
        forms.extend([format!("user-{n:04}").into_bytes()]);
        dictionary.extend(forms.iter().map(|form| *form.first_chunk::<8>().unwrap()));
    }
    house.vault.close().await;
    let mut bytes = 0;
    for file in std::fs::read_dir(house.data_dir()).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        bytes += content.len();
        assert!(content.windows(8).all(|window| !dictionary.contains(window)));
    }
    assert!(bytes > PEOPLE * 200, "{bytes} bytes were searched");
}

#[tokio::test]
async fn people_are_found_by_what_they_have_now() {
    let mut house = House::new().await;
    let ann = house.person("Ann@example.com", &[("$phone", "\"+49 30 901820\"")]).await;
    let bob = house.person("bob", &[("$email", "\"shared@example.com\"")]).await;
    let cec = house.person("cec", &[("$email", "\"shared@example.com\"")]).await;
    let seen = house.sealer.seal_field(cec, "note", Observe, "\"seen@example.com\"", NOW).unwrap();
    let listed = house.sealer.seal_field(cec, "all", Append, "\"listed@example.com\"", NOW).unwrap();
    house.intake(vec![seen, listed]).await;

    let mut shared = vec![bob, cec];
    shared.sort();
    let table = [
        (Identifier::Email("ann@EXAMPLE.com".into()), vec![ann]),
        (Identifier::DistinctId(DistinctId::new("Ann@example.com")), vec![ann]),
        (Identifier::DistinctId(DistinctId::new("ann@example.com")), vec![]),
        (Identifier::Phone("0049 30 901820".into()), vec![ann]),
        (Identifier::Email("shared@example.com".into()), shared),
        (Identifier::Email("seen@example.com".into()), vec![cec]),
        (Identifier::Email("listed@example.com".into()), vec![cec]),
        (Identifier::Email("not an address".into()), vec![]),
        (Identifier::Phone("bob".into()), vec![]),
    ];
    let (asked, expected): (Vec<_>, Vec<_>) = table.into_iter().unzip();
    assert_eq!(house.vault.find(PROJECT, &asked).await.unwrap(), expected);

    let changed = house.sealer.seal_field(bob, "$email", Set, "\"new@example.com\"", NOW).unwrap();
    let taken = house.sealer.seal_field(ann, "$phone", Unset, "", NOW).unwrap();
    house.intake(vec![changed, taken]).await;
    let now = house.vault.find(PROJECT, &asked).await.unwrap();
    assert_eq!((&now[3], &now[4]), (&vec![], &vec![cec]), "what was overwritten or taken away finds nobody");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
