//! The answer, and how it was made.

use crate::Timestamp;
use crate::calendar::{Bucket, CivilRange, ReportZone};
use serde::{Serialize, Serializer};

/// Name of the rules that these numbers follow; it changes with them.
pub const RULE_SET: &str = "mixpanel-2026-1";

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportResult {
    pub buckets: Vec<Bucket>,
    /// Names of the buckets, as Mixpanel writes them.
    pub names: Vec<String>,
    /// By metric: all rows, then segments from the greatest to the least, then the others.
    /// Formulas come after the metrics in the same way.
    pub series: Vec<Series>,
    pub how: HowMade,
}

impl ReportResult {
    /// The series of one metric or formula over all rows.
    pub fn overall(&self, metric: usize) -> Option<&Series> {
        self.series.iter().find(|series| series.metric == metric && series.segment == Segment::All)
    }

    /// The series of one metric or formula by segment.
    pub fn segments(&self, metric: usize) -> impl Iterator<Item = &Series> {
        self.series.iter().filter(move |series| series.metric == metric && series.segment != Segment::All)
    }
}

/// One line of figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    /// Index of the metric; formulas continue after the last one.
    pub metric: usize,
    pub name: String,
    pub segment: Segment,
    /// By bucket. `null` is what is undefined.
    #[serde(serialize_with = "figures")]
    pub values: Vec<Option<f64>>,
    /// For the whole range, worked out over the range and never by adding up buckets or segments.
    #[serde(serialize_with = "figure")]
    pub total: Option<f64>,
}

/// Of which rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    All,
    /// One value for each breakdown.
    Values(Vec<String>),
    /// Everything beyond the limit, and how many segments that is.
    Others {
        segments: u64,
    },
}

/// What a reader needs to trust a number or to ask again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HowMade {
    pub rule_set: &'static str,
    pub zone: ReportZone,
    pub range: CivilRange,
    /// The range as instants, half open.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Rewrites that the report went through.
    pub rewrites: Vec<&'static str>,
    /// Rows looked at, and different people in them.
    pub rows: u64,
    pub people: u64,
    /// Everything that arrived up to then is in; filled in by who took the snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fresh_to: Option<Timestamp>,
    /// Filled in by who holds a clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
}

/// Largest whole number that a fraction holds exactly.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A figure that is whole is written without a fraction: counts are integers to every reader.
struct Figure(Option<f64>);

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => serializer.serialize_none(),
            Some(whole) if whole.fract() == 0.0 && whole.abs() <= MAX_WHOLE => {
                serializer.serialize_i64(whole as i64)
            }
            Some(fraction) => serializer.serialize_f64(fraction),
        }
    }
}

fn figure<S: Serializer>(figure: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    Figure(*figure).serialize(serializer)
}

fn figures<S: Serializer>(figures: &[Option<f64>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(figures.iter().map(|figure| Figure(*figure)))
}
