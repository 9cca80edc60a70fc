//! From parameters to the time that a question is about.

use super::context::Query;
use super::error::QueryError;
use domain::calendar::{CalendarError, CivilRange, Granularity};
use domain::report::Period;

/// Units by which results are divided, as the API names them.
pub const UNITS: [(&str, Granularity); 5] = [
    ("minute", Granularity::Minute),
    ("hour", Granularity::Hour),
    ("day", Granularity::Day),
    ("week", Granularity::Week),
    ("month", Granularity::Month),
];

impl From<CalendarError> for QueryError {
    fn from(error: CalendarError) -> Self {
        Self::invalid(error.to_string())
    }
}

impl Query {
    /// `from_date` and `to_date`, both needed, in the project's zone, with `unit`.
    pub fn period(&self) -> Result<Period, QueryError> {
        Ok(Period { range: self.dates()?, granularity: self.unit()?, zone: self.zone.clone() })
    }

    /// `from_date` and `to_date`, or the last `interval` units up to today.
    pub fn period_or_interval(&self) -> Result<Period, QueryError> {
        if self.parameters.get("from_date").is_some() || self.parameters.get("to_date").is_some() {
            return self.period();
        }
        let granularity = self.unit()?;
        let interval = self.parameters.number::<u32>("interval")?.unwrap_or(30).max(1);
        let days = match granularity {
            Granularity::Minute => interval.div_ceil(24 * 60),
            Granularity::Hour => interval.div_ceil(24),
            Granularity::Day => interval,
            Granularity::Week => interval.saturating_mul(7),
            Granularity::Month => interval.saturating_mul(30),
            Granularity::Quarter => interval.saturating_mul(91),
        };
        let today = self.zone.date_of(self.app.office.clock.now());
        Ok(Period { range: CivilRange::last_days(today, days)?, granularity, zone: self.zone.clone() })
    }

    pub fn dates(&self) -> Result<CivilRange, QueryError> {
        let from = self.parameters.required("from_date")?;
        let to = self.parameters.required("to_date")?;
        CivilRange::parse(from, to)
            .map_err(|error| QueryError::invalid(format!("from_date and to_date: {error}")))
    }

    fn unit(&self) -> Result<Granularity, QueryError> {
        self.parameters.one_of("unit", Granularity::Day, &UNITS)
    }
}
