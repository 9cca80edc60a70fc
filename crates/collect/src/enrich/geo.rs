//! Places of addresses, from files in MaxMind's format.
//!
//! Two shapes of record are understood: flat ones with a field `country_code`, as the packages of
//! `ip-location-db` have them, and MaxMind's own with `country.iso_code`.
//!
//! Without files, a table of countries that is built into the binary answers (2.6 MB there, 5 MB once
//! it is unpacked, which the first look-up does).

use super::{Attribution, EnrichmentFiles, OpenEnrichmentError};
use flate2::read::GzDecoder;
use maxminddb::Reader;
use serde::Deserialize;
use std::fmt;
use std::io::Read;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

/// Countries by address; see data/SOURCES.md.
static COUNTRIES_GZ: &[u8] = include_bytes!("../../../../data/country.mmdb.gz");
/// Most that the built-in table may unpack to.
const MOST_COUNTRY_BYTES: u64 = 64 * 1024 * 1024;

static COUNTRIES: LazyLock<Reader<Vec<u8>>> = LazyLock::new(|| {
    let mut unpacked = vec![];
    #[expect(clippy::disallowed_methods, reason = "capped by `take`")]
    GzDecoder::new(COUNTRIES_GZ)
        .take(MOST_COUNTRY_BYTES)
        .read_to_end(&mut unpacked)
        .expect("the built-in table was checked by a test");
    Reader::from_source(unpacked).expect("the built-in table was checked by a test")
});

const DB_IP: Attribution = Attribution { text: "IP Geolocation by DB-IP", url: "https://db-ip.com" };
const MAXMIND: Attribution = Attribution {
    text: "This product includes GeoLite Data created by MaxMind, available from https://www.maxmind.com",
    url: "https://www.maxmind.com",
};

/// Where an address is used, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1 alpha-2, in capitals.
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
}

/// One record of a file, in either shape.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default)]
    country_code: Option<&'a str>,
    #[serde(borrow, default)]
    state1: Option<&'a str>,
    #[serde(borrow, default)]
    city: Option<City<'a>>,
    #[serde(borrow, default)]
    country: Option<Country<'a>>,
    #[serde(borrow, default)]
    registered_country: Option<Country<'a>>,
    #[serde(borrow, default)]
    subdivisions: Option<Vec<Named<'a>>>,
}

/// A city is a text in a flat record and an object in MaxMind's.
#[derive(Deserialize)]
#[serde(untagged)]
enum City<'a> {
    Flat(#[serde(borrow)] &'a str),
    Nested(#[serde(borrow)] Named<'a>),
}

#[derive(Deserialize)]
struct Country<'a> {
    #[serde(borrow, default)]
    iso_code: Option<&'a str>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    names: Option<Names<'a>>,
}

#[derive(Deserialize)]
struct Names<'a> {
    #[serde(borrow, default)]
    en: Option<&'a str>,
}

impl Record<'_> {
    fn place(self) -> Place {
        let filled = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let english = |named: Named<'_>| filled(named.names.and_then(|names| names.en));
        let nested_country =
            [self.country, self.registered_country].into_iter().flatten().find_map(|c| c.iso_code);
        Place {
            country: filled(self.country_code.or(nested_country)).map(|code| code.to_ascii_uppercase()),
            region: filled(self.state1)
                .or_else(|| self.subdivisions.and_then(|parts| parts.into_iter().next()).and_then(english)),
            city: self.city.and_then(|city| match city {
                // `Dhaka (Sher-E-Bangla Nagar)`: a quarter is finer than a city is asked to be.
                City::Flat(name) => filled(name.split(" (").next()),
                City::Nested(named) => english(named),
            }),
        }
    }
}

type Database = Arc<Reader<Vec<u8>>>;

pub(super) struct Places {
    v4: Option<Database>,
    v6: Option<Database>,
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named =
            |database: &Option<Database>| database.as_ref().map(|db| db.metadata().database_type.clone());
        f.debug_struct("Places").field("v4", &named(&self.v4)).field("v6", &named(&self.v6)).finish()
    }
}

impl Places {
    pub(super) fn built_in() -> Self {
        Self { v4: None, v6: None }
    }

    pub(super) fn open(files: &EnrichmentFiles) -> Result<Self, OpenEnrichmentError> {
        let v4 = files.city_v4.as_ref().map(open).transpose()?;
        let v6 = match &files.city_v6 {
            // One file for both families is read once.
            same if *same == files.city_v4 => v4.clone(),
            other => other.as_ref().map(open).transpose()?,
        };
        Ok(Self { v4, v6 })
    }

    pub(super) fn find(&self, address: IpAddr) -> Place {
        let address = address.to_canonical();
        let database = match address {
            IpAddr::V4(_) => &self.v4,
            IpAddr::V6(_) => &self.v6,
        };
        let found = database.as_ref().map(|database| look_up(database, address)).unwrap_or_default();
        // The file may not have the address, or only its city's region.
        if found.country.is_some() {
            found
        } else {
            Place { country: look_up(&COUNTRIES, address).country, ..found }
        }
    }

    pub(super) fn attributions(&self) -> Vec<Attribution> {
        let mut attributions = vec![];
        for database in [&self.v4, &self.v6].into_iter().flatten() {
            let kind = database.metadata().database_type.to_ascii_lowercase();
            let attribution =
                if kind.contains("geolite") || kind.contains("geoip2") { MAXMIND } else { DB_IP };
            if !attributions.contains(&attribution) {
                attributions.push(attribution);
            }
        }
        attributions
    }
}

fn open(path: &PathBuf) -> Result<Database, OpenEnrichmentError> {
    let bytes = std::fs::read(path)
        .map_err(|source| OpenEnrichmentError::Unreadable { path: path.clone(), source })?;
    let reader = Reader::from_source(bytes)
        .map_err(|source| OpenEnrichmentError::Malformed { path: path.clone(), source })?;
    Ok(Arc::new(reader))
}

/// A damaged record says nothing about the place; it must not keep the event out.
fn look_up(database: &Reader<Vec<u8>>, address: IpAddr) -> Place {
    database
        .lookup(address)
        .and_then(|found| found.decode::<Record<'_>>())
        .ok()
        .flatten()
        .map(Record::place)
        .unwrap_or_default()
}
