//! What is added to an event from what came with the request: place, browser and system, the kind of
//! source, and whether a bot sent it.
//!
//! The address goes in and a [`Place`] comes out; nobody keeps the address.

mod agent;
mod bot;
mod geo;
mod referrer;

#[cfg(test)]
mod tests;

pub use agent::Agent;
pub use geo::Place;
pub use referrer::{Medium, Source};

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

/// Data files beside the binary. Each may be missing; what is built in then answers.
#[derive(Clone, Debug, Default)]
pub struct EnrichmentFiles {
    /// Places by version 4 addresses, in MaxMind's format: DB-IP's, or the operator's own GeoLite2 or
    /// GeoIP2 file (which has both families in one: name it twice).
    pub city_v4: Option<PathBuf>,
    /// The same by version 6 addresses.
    pub city_v6: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenEnrichmentError {
    #[error("read place data {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{} is not a place database in MaxMind's format", path.display())]
    Malformed { path: PathBuf, source: maxminddb::MaxMindDbError },
}

/// A line that has to be shown where results of the data are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribution {
    pub text: &'static str,
    pub url: &'static str,
}

/// All that enriches. Built once, shared by all who collect.
pub struct Enricher {
    places: geo::Places,
    agents: agent::Agents,
    bots: bot::Bots,
    sources: referrer::Sources,
}

impl fmt::Debug for Enricher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enricher").field("places", &self.places).finish_non_exhaustive()
    }
}

impl Enricher {
    /// Opens the files that are named. A file that is named and cannot be used is an error: places
    /// that silently turn to countries are noticed a quarter later.
    pub fn open(files: &EnrichmentFiles) -> Result<Self, OpenEnrichmentError> {
        Ok(Self {
            places: geo::Places::open(files)?,
            agents: agent::Agents::default(),
            bots: bot::Bots,
            sources: referrer::Sources,
        })
    }

    /// With nothing but what is built in: countries, no cities.
    pub fn built_in() -> Self {
        Self {
            places: geo::Places::built_in(),
            agents: agent::Agents::default(),
            bots: bot::Bots,
            sources: referrer::Sources,
        }
    }

    /// Where an address is used.
    pub fn place(&self, address: IpAddr) -> Place {
        self.places.find(address)
    }

    /// Browser and system, spelled as Mixpanel's SDKs spell them.
    pub fn agent(&self, user_agent: &str) -> Agent {
        self.agents.parse(user_agent)
    }

    /// Whether this is a crawler, a monitor, or a library that fetches pages.
    pub fn is_bot(&self, user_agent: &str) -> bool {
        self.bots.is_bot(user_agent)
    }

    /// What kind of source a referring URL or domain is.
    pub fn source(&self, referring_domain_or_url: &str) -> Option<Source> {
        self.sources.find(referring_domain_or_url)
    }

    /// The same with `utm_medium` and `utm_source`, which say what a referrer cannot: that a click was
    /// paid for, or came out of a mail.
    pub fn campaign_source(
        &self,
        medium: Option<&str>,
        source: Option<&str>,
        referrer: Option<&str>,
    ) -> Option<Source> {
        self.sources.of_campaign(medium, source, referrer)
    }

    /// What must be shown where places are shown, for the data that is loaded.
    pub fn attributions(&self) -> Vec<Attribution> {
        self.places.attributions()
    }
}
