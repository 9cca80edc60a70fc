//! Where the demo's people are: blocks of public addresses by country, and how many live there.
//! The server looks the places up itself; these are only addresses.

use fastrand::Rng;

struct Region {
    /// First two bytes of an IPv4 block in that country.
    block: [u8; 2],
    locale: &'static str,
    weight: u32,
}

const REGIONS: [Region; 14] = [
    Region { block: [73, 158], locale: "en-US", weight: 22 },
    Region { block: [98, 207], locale: "en-US", weight: 12 },
    Region { block: [86, 134], locale: "en-GB", weight: 9 },
    Region { block: [84, 160], locale: "de-DE", weight: 8 },
    Region { block: [90, 63], locale: "fr-FR", weight: 6 },
    Region { block: [5, 2], locale: "ro-RO", weight: 5 },
    Region { block: [49, 207], locale: "hi-IN", weight: 11 },
    Region { block: [103, 48], locale: "bn-BD", weight: 4 },
    Region { block: [36, 66], locale: "id-ID", weight: 6 },
    Region { block: [41, 32], locale: "ar-EG", weight: 4 },
    Region { block: [133, 18], locale: "ja-JP", weight: 5 },
    Region { block: [177, 32], locale: "pt-BR", weight: 6 },
    Region { block: [1, 128], locale: "en-AU", weight: 3 },
    Region { block: [70, 48], locale: "en-CA", weight: 4 },
];

/// A person's address and the language of their browser.
#[derive(Clone, Debug)]
pub struct Place {
    pub address: [u8; 4],
    pub locale: &'static str,
}

pub fn pick(rng: &mut Rng) -> Place {
    let total: u32 = REGIONS.iter().map(|region| region.weight).sum();
    let mut ticket = rng.u32(..total);
    for region in &REGIONS {
        if ticket < region.weight {
            let address = [region.block[0], region.block[1], rng.u8(..), rng.u8(1..255)];
            return Place { address, locale: region.locale };
        }
        ticket -= region.weight;
    }
    unreachable!("a ticket is below the sum of the weights")
}
