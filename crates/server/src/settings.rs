//! Settings are values: one typed file plus environment. Components are built from them in `wiring`.
//!
//! Every setting has a default, so `serve` runs without a file. An environment variable
//! `BULKHEAD_LISTEN` overrides `listen`; `BULKHEAD_TLS__CERTIFICATE` overrides `certificate` in `[tls]`.

use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

const ENVIRONMENT_PREFIX: &str = "BULKHEAD_";

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where everything that Bulkhead stores lives, except the root key.
    pub data_dir: PathBuf,
    /// The root key; default: beside the data directory, so that a copy of the directory opens nothing.
    pub key_file: Option<PathBuf>,
    pub listen: SocketAddr,
    /// The address that SDKs and browsers use, where it differs from `listen`.
    pub public_url: Option<String>,
    pub tls: Option<Tls>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    pub log: LogSettings,
    pub geo: GeoSettings,
    pub ingest: IngestSettings,
    pub query: QuerySettings,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug` or `trace`; default `info`.
    pub level: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// City databases in MaxMind's format; without them the embedded country table answers.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct GeoSettings {
    pub city_v4: Option<PathBuf>,
    pub city_v6: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct IngestSettings {
    /// Bodies that may be in memory at once, together; above it a client is told to come back.
    pub in_flight_bytes_max: usize,
    /// Drop (and count) the records of requests that carry `DNT: 1`.
    pub honour_do_not_track: bool,
    /// Drop (and count) the records of requests that carry `Sec-GPC: 1`.
    pub honour_global_privacy_control: bool,
}

impl IngestSettings {
    pub fn privacy_policy(&self) -> collect::pipeline::PrivacyPolicy {
        collect::pipeline::PrivacyPolicy {
            honour_do_not_track: self.honour_do_not_track,
            honour_global_privacy_control: self.honour_global_privacy_control,
        }
    }
}

impl Default for IngestSettings {
    fn default() -> Self {
        Self {
            in_flight_bytes_max: 256 << 20,
            honour_do_not_track: false,
            honour_global_privacy_control: false,
        }
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuerySettings {
    /// Queries of one project that may run at once; above it 429.
    pub concurrent_max: usize,
}

impl Default for QuerySettings {
    fn default() -> Self {
        Self { concurrent_max: 100 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("bulkhead-data"),
            key_file: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8686)),
            public_url: None,
            tls: None,
            trusted_proxies: Vec::new(),
            log: LogSettings::default(),
            geo: GeoSettings::default(),
            ingest: IngestSettings::default(),
            query: QuerySettings::default(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("cannot read settings {path}: {source}", path = path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("settings: {0}")]
    Invalid(#[from] toml::de::Error),
}

impl Settings {
    /// The file's values, then the environment's over them.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let mut table = match file {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|source| SettingsError::Unreadable { path: path.to_owned(), source })?
                .parse::<toml::Table>()?,
            None => toml::Table::new(),
        };
        for (name, value) in environment {
            if let Some(setting) = name.strip_prefix(ENVIRONMENT_PREFIX) {
                overlay(&mut table, &setting.to_ascii_lowercase(), value);
            }
        }
        Ok(table.try_into()?)
    }

    /// The root key's place: beside the data directory unless set.
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| {
            let mut beside = self.data_dir.clone().into_os_string();
            beside.push(".key");
            PathBuf::from(beside)
        })
    }

    /// The address to print and to put into snippets, without a slash at its end.
    pub fn base_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => {
                let scheme = if self.tls.is_some() { "https" } else { "http" };
                let mut address = self.listen;
                if address.ip().is_unspecified() {
                    address.set_ip(IpAddr::from([127, 0, 0, 1]));
                }
                format!("{scheme}://{address}")
            }
        }
    }
}

/// Puts `tls__certificate = value` into `[tls]`. A value that reads as TOML (a number, a list,
/// true) is taken as that, anything else as text.
fn overlay(table: &mut toml::Table, setting: &str, value: String) {
    match setting.split_once("__") {
        Some((section, rest)) => {
            let entry =
                table.entry(section.to_owned()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let toml::Value::Table(inner) = entry {
                overlay(inner, rest, value);
            }
        }
        None => {
            let parsed = format!("value = {value}")
                .parse::<toml::Table>()
                .ok()
                .and_then(|mut parsed| parsed.remove("value"));
            table.insert(setting.to_owned(), parsed.unwrap_or(toml::Value::String(value)));
        }
    }
}

/// An address or a range such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let shift = 32 - u32::from(self.prefix);
                u32::from(ours).checked_shr(shift) == u32::from(theirs).checked_shr(shift)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let shift = 128 - u32::from(self.prefix);
                u128::from(ours).checked_shr(shift) == u128::from(theirs).checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not an address or a range such as 10.0.0.0/8");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.as_str(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), str::parse).map_err(|_| wrong())?;
        if prefix > bits {
            return Err(wrong());
        }
        Ok(Self { address, prefix })
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        format!("{}/{}", network.address, network.prefix)
    }
}

#[cfg(test)]
mod tests;
