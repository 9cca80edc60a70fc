//! A range of dates divided into parts of civil time.

use super::{CalendarError, CivilRange, Granularity, ReportZone, jiff_instant};
use crate::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use serde::Serialize;
use std::collections::HashMap;
use std::ops::Range;

/// Most buckets of one report: a month of minutes. More cannot be drawn or read.
pub const MAX_BUCKETS: usize = 50_000;

/// One part of the range. Where clocks go back an hour there are two buckets with the same local
/// time and different offsets; a date that a zone skipped has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bucket {
    pub start: Timestamp,
    /// Not in it any more.
    pub end: Timestamp,
    /// Local time that the bucket is named by. Of a week, month or quarter this is its first day,
    /// also where the range begins later.
    pub local: DateTime,
    /// Seconds east of UTC at the start.
    pub offset: i32,
    /// Whether the range holds all of it.
    pub whole: bool,
}

impl Bucket {
    /// `2024-11-03T01:00:00-04:00`
    pub fn iso(&self) -> String {
        let minutes = self.offset.abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        format!("{}{sign}{:02}:{:02}", self.local.strftime("%Y-%m-%dT%H:%M:%S"), minutes / 60, minutes % 60)
    }
}

/// The parts of a range, in order and without holes, and which of them an instant falls into.
#[derive(Clone, Debug, PartialEq)]
pub struct Buckets {
    granularity: Granularity,
    list: Vec<Bucket>,
    /// Starts in milliseconds, then the end of the last one.
    bounds: Vec<i64>,
    /// Mean length of a bucket, for the first guess.
    mean: i64,
}

impl Buckets {
    pub fn new(
        range: CivilRange,
        granularity: Granularity,
        zone: &ReportZone,
    ) -> Result<Self, CalendarError> {
        let list = match granularity {
            Granularity::Minute => clock_buckets(range, zone, 60)?,
            Granularity::Hour => clock_buckets(range, zone, 3600)?,
            _ => date_buckets(range, granularity, zone),
        };
        if list.len() > MAX_BUCKETS {
            return Err(CalendarError::TooManyBuckets);
        }
        let mut bounds: Vec<i64> = list.iter().map(|bucket| bucket.start.millis()).collect();
        bounds.extend(list.last().map(|bucket| bucket.end.millis()));
        let mean = match (bounds.first(), bounds.last()) {
            (Some(first), Some(last)) => ((last - first) / list.len().max(1) as i64).max(1),
            _ => 1,
        };
        Ok(Self { granularity, list, bounds, mean })
    }

    pub fn granularity(&self) -> Granularity {
        self.granularity
    }

    pub fn as_slice(&self) -> &[Bucket] {
        &self.list
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them together, half open.
    pub fn instants(&self) -> Range<Timestamp> {
        let bound = |at: Option<&i64>| Timestamp::from_millis(at.copied().unwrap_or(0));
        bound(self.bounds.first())..bound(self.bounds.last())
    }

    /// The bucket of an instant, `None` outside the range. Constant time: buckets of a kind are
    /// almost of a length, so that a guess is at most a few off.
    pub fn index(&self, millis: i64) -> Option<usize> {
        let (&first, &last) = (self.bounds.first()?, self.bounds.last()?);
        if millis < first || millis >= last {
            return None;
        }
        let guess = (millis - first) / self.mean;
        let mut at = (guess as usize).min(self.list.len() - 1);
        while self.bounds[at] > millis {
            at -= 1;
        }
        while self.bounds[at + 1] <= millis {
            at += 1;
        }
        Some(at)
    }

    /// Names as Mixpanel writes them: the date, and for hours and minutes the time. Where two
    /// would be called the same, their offset from UTC is added.
    pub fn names(&self) -> Vec<String> {
        let format = if self.granularity <= Granularity::Hour { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d" };
        let plain: Vec<String> = self.list.iter().map(|b| b.local.strftime(format).to_string()).collect();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        plain.iter().for_each(|name| *seen.entry(name).or_default() += 1);
        let named = |(name, bucket): (&String, &Bucket)| {
            if seen[name.as_str()] == 1 {
                name.clone()
            } else {
                let iso = bucket.iso();
                format!("{name}{}", &iso[iso.len() - 6..])
            }
        };
        plain.iter().zip(&self.list).map(named).collect()
    }
}

/// Buckets that begin at a date.
fn date_buckets(range: CivilRange, granularity: Granularity, zone: &ReportZone) -> Vec<Bucket> {
    let whole_range = range.instants(zone);
    let mut list = Vec::new();
    let mut date = first_date(range.from(), granularity);
    while date <= range.to() {
        let next = following(date, granularity);
        let (full_start, full_end) = (zone.start_of(date), zone.start_of(next));
        let (start, end) = (full_start.max(whole_range.start), full_end.min(whole_range.end));
        if start < end {
            list.push(Bucket {
                start,
                end,
                local: date.at(0, 0, 0, 0),
                offset: zone.offset_at(full_start.millis()).seconds(),
                whole: start == full_start && end == full_end,
            });
        }
        date = next;
    }
    list
}

/// The first day of the week, month or quarter of a date.
fn first_date(date: Date, granularity: Granularity) -> Date {
    match granularity {
        Granularity::Week => {
            let after_monday = date.weekday().since(Weekday::Monday);
            date.checked_sub(jiff::Span::new().days(i32::from(after_monday))).unwrap_or(date)
        }
        Granularity::Month => date.first_of_month(),
        Granularity::Quarter => {
            let month = (date.month() - 1) / 3 * 3 + 1;
            Date::new(date.year(), month, 1).unwrap_or(date)
        }
        _ => date,
    }
}

fn following(date: Date, granularity: Granularity) -> Date {
    let span = jiff::Span::new();
    let step = match granularity {
        Granularity::Week => span.days(7),
        Granularity::Month => span.months(1),
        Granularity::Quarter => span.months(3),
        _ => span.days(1),
    };
    date.checked_add(step).unwrap_or(Date::MAX)
}

/// Buckets that begin when the clock shows a full hour or minute, and where the clock was changed.
fn clock_buckets(range: CivilRange, zone: &ReportZone, seconds: i64) -> Result<Vec<Bucket>, CalendarError> {
    let Range { start, end } = range.instants(zone);
    let step = seconds * 1000;
    if (end.millis() - start.millis()) / step > MAX_BUCKETS as i64 {
        return Err(CalendarError::TooManyBuckets);
    }
    let changes = changes_of_offset(start.millis(), end.millis(), zone);
    let mut list = Vec::new();
    let mut at = start.millis();
    let mut changes = changes.into_iter().peekable();
    while at < end.millis() {
        while changes.peek().is_some_and(|change| *change <= at) {
            changes.next();
        }
        let offset = zone.offset_at(at);
        let east = i64::from(offset.seconds()) * 1000;
        let full_start = (at + east).div_euclid(step) * step - east;
        let full_end = full_start + step;
        let next = full_end.min(changes.peek().copied().unwrap_or(i64::MAX)).min(end.millis());
        list.push(Bucket {
            start: Timestamp::from_millis(at),
            end: Timestamp::from_millis(next),
            local: offset.to_datetime(jiff_instant(at)),
            offset: offset.seconds(),
            whole: at == full_start && next == full_end,
        });
        at = next;
    }
    Ok(list)
}

/// Instants in the range at which the zone's offset becomes another.
fn changes_of_offset(start: i64, end: i64, zone: &ReportZone) -> Vec<i64> {
    let mut offset = zone.offset_at(start);
    let mut changes = Vec::new();
    for transition in zone.0.following(jiff_instant(start)) {
        let at = transition.timestamp().as_millisecond();
        if at >= end {
            break;
        }
        if transition.offset() != offset {
            changes.push(at);
            offset = transition.offset();
        }
    }
    changes
}
