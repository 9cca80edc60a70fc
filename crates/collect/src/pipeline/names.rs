//! The names that the collector itself adds to events and profiles.

use domain::{EventName, InsertId, PropertyName};

/// Made once, cloned at will.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) none: EventName,
    pub(super) no_id: InsertId,
    pub(super) browser: PropertyName,
    pub(super) browser_version: PropertyName,
    pub(super) os: PropertyName,
    pub(super) device: PropertyName,
    pub(super) is_bot: PropertyName,
    pub(super) referrer_source: PropertyName,
    pub(super) referrer_medium: PropertyName,
    pub(super) initial_referrer_source: PropertyName,
    pub(super) initial_referrer_medium: PropertyName,
    pub(super) city: PropertyName,
    pub(super) region: PropertyName,
    pub(super) country: PropertyName,
    pub(super) profile_country: PropertyName,
    pub(super) geo_source: PropertyName,
    pub(super) failure_reason: PropertyName,
    pub(super) api_endpoint: PropertyName,
    pub(super) api_timestamp: PropertyName,
    pub(super) processing_time: PropertyName,
    pub(super) import: PropertyName,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            none: EventName::from(""),
            no_id: InsertId::from(""),
            browser: PropertyName::from("$browser"),
            browser_version: PropertyName::from("$browser_version"),
            os: PropertyName::from("$os"),
            device: PropertyName::from("$device"),
            is_bot: PropertyName::from("$is_bot"),
            referrer_source: PropertyName::from("$referrer_source"),
            referrer_medium: PropertyName::from("$referrer_medium"),
            initial_referrer_source: PropertyName::from("$initial_referrer_source"),
            initial_referrer_medium: PropertyName::from("$initial_referrer_medium"),
            city: PropertyName::from("$city"),
            region: PropertyName::from("$region"),
            country: PropertyName::from("mp_country_code"),
            profile_country: PropertyName::from("$country_code"),
            geo_source: PropertyName::from("$geo_source"),
            failure_reason: PropertyName::from("$failure_reason"),
            api_endpoint: PropertyName::from("$mp_api_endpoint"),
            api_timestamp: PropertyName::from("$mp_api_timestamp_ms"),
            processing_time: PropertyName::from("mp_processing_time_ms"),
            import: PropertyName::from("$import"),
        }
    }
}
