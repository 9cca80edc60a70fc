//! Civil time: the zone of a report, its range of dates, and the buckets these are divided into.
//!
//! A date belongs to a zone: the same date begins and ends at other instants elsewhere, and a day
//! has 23, 24 or 25 hours, or none at all.

mod buckets;
#[cfg(test)]
mod tests;

pub use buckets::{Bucket, Buckets, MAX_BUCKETS};

use crate::Timestamp;
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// Longest range of a report in days, somewhat over ten years: longer ones are typing errors.
pub const MAX_DAYS: i32 = 3_700;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("unknown time zone; use a name of the IANA database such as Europe/Bucharest or UTC")]
    UnknownZone,
    #[error("not a date; write it as YYYY-MM-DD")]
    BadDate,
    #[error("the range ends on {to}, before it begins on {from}; swap the two dates")]
    Backwards { from: Date, to: Date },
    #[error("the range has {days} days; ask for at most {MAX_DAYS}")]
    TooLong { days: i32 },
    #[error("the range is outside the years 1900 to 2200")]
    TooFar,
    #[error("the range has more than {MAX_BUCKETS} parts; choose a coarser unit or a shorter range")]
    TooManyBuckets,
    #[error("unknown unit; use minute, hour, day, week, month or quarter")]
    UnknownGranularity,
}

/// The zone that a report's dates are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportZone(TimeZone);

impl ReportZone {
    pub const UTC: Self = Self(TimeZone::UTC);

    /// By its name in the IANA database, the same edition on every machine.
    pub fn named(name: &str) -> Result<Self, CalendarError> {
        if name.eq_ignore_ascii_case("utc") {
            return Ok(Self::UTC);
        }
        TimeZone::get(name).map(Self).map_err(|_| CalendarError::UnknownZone)
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The first instant of a date. Where clocks skip midnight that is when they resume, where
    /// they repeat it the earlier one.
    pub fn start_of(&self, date: Date) -> Timestamp {
        let midnight = date.at(0, 0, 0, 0);
        let instant = match self.0.to_ambiguous_timestamp(midnight).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(midnight),
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(midnight),
            // As clocks did not show midnight, the day begins at the transition itself.
            AmbiguousOffset::Gap { before, .. } => before.to_timestamp(midnight).map(|skipped| {
                let after = skipped.saturating_add(jiff::SignedDuration::from_secs(1)).unwrap_or(skipped);
                self.0.preceding(after).next().map_or(skipped, |transition| transition.timestamp())
            }),
        };
        // Dates of a `CivilRange` are far from the ends of jiff's time line.
        Timestamp::from_millis(instant.map_or(i64::MAX, jiff::Timestamp::as_millisecond))
    }

    /// The date that an instant falls on.
    pub fn date_of(&self, instant: Timestamp) -> Date {
        let instant = jiff_instant(instant.millis());
        self.0.to_datetime(instant).date()
    }

    fn offset_at(&self, millis: i64) -> jiff::tz::Offset {
        self.0.to_offset(jiff_instant(millis))
    }
}

/// The nearest instant that jiff can represent.
fn jiff_instant(millis: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    })
}

impl Serialize for ReportZone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for ReportZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::named(&name).map_err(serde::de::Error::custom)
    }
}

/// Dates from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WrittenRange", into = "WrittenRange")]
pub struct CivilRange {
    from: Date,
    to: Date,
}

#[derive(Serialize, Deserialize)]
struct WrittenRange {
    from: Date,
    to: Date,
}

impl TryFrom<WrittenRange> for CivilRange {
    type Error = CalendarError;

    fn try_from(written: WrittenRange) -> Result<Self, Self::Error> {
        Self::new(written.from, written.to)
    }
}

impl From<CivilRange> for WrittenRange {
    fn from(CivilRange { from, to }: CivilRange) -> Self {
        Self { from, to }
    }
}

impl CivilRange {
    pub fn new(from: Date, to: Date) -> Result<Self, CalendarError> {
        if to < from {
            return Err(CalendarError::Backwards { from, to });
        }
        if from.year() < 1900 || to.year() > 2200 {
            return Err(CalendarError::TooFar);
        }
        let days = days_between(from, to) + 1;
        if days > MAX_DAYS {
            return Err(CalendarError::TooLong { days });
        }
        Ok(Self { from, to })
    }

    /// Of two texts `YYYY-MM-DD`.
    pub fn parse(from: &str, to: &str) -> Result<Self, CalendarError> {
        Self::new(parse_date(from)?, parse_date(to)?)
    }

    /// The last so many days up to a date, that date included.
    pub fn last_days(to: Date, days: u32) -> Result<Self, CalendarError> {
        let too_long = CalendarError::TooLong { days: i32::try_from(days).unwrap_or(i32::MAX) };
        let before = i32::try_from(days.saturating_sub(1)).map_err(|_| too_long.clone())?;
        if before >= MAX_DAYS {
            return Err(too_long);
        }
        let from = to.checked_sub(jiff::Span::new().days(before)).map_err(|_| CalendarError::TooFar)?;
        Self::new(from, to)
    }

    pub fn from(&self) -> Date {
        self.from
    }

    pub fn to(&self) -> Date {
        self.to
    }

    pub fn days(&self) -> i32 {
        days_between(self.from, self.to) + 1
    }

    /// From the first instant of the first date up to the first instant after the last one.
    pub fn instants(&self, zone: &ReportZone) -> Range<Timestamp> {
        zone.start_of(self.from)..zone.start_of(next_date(self.to))
    }
}

/// Strictly `YYYY-MM-DD`.
fn parse_date(text: &str) -> Result<Date, CalendarError> {
    if text.len() != 10 {
        return Err(CalendarError::BadDate);
    }
    text.parse().map_err(|_| CalendarError::BadDate)
}

fn days_between(from: Date, to: Date) -> i32 {
    // Ends of jiff's calendar are 20 000 years apart: the difference fits.
    let hours = from.duration_until(to).as_hours();
    i32::try_from(hours / 24).unwrap_or(i32::MAX)
}

fn next_date(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}

/// How long a bucket is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    Minute,
    Hour,
    #[default]
    Day,
    /// From Monday.
    Week,
    Month,
    Quarter,
}

impl Granularity {
    pub const ALL: [Self; 6] = [Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }
}

impl fmt::Display for Granularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Granularity {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|granularity| granularity.as_str() == text)
            .ok_or(CalendarError::UnknownGranularity)
    }
}
