//! Sums that do not depend on the order of rows, exact percentiles, round ranges.

/// A sum kept exactly as a few parts that do not overlap (Shewchuk), rounded once at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct ExactSum(Vec<f64>);

impl ExactSum {
    pub(super) fn add(&mut self, number: f64) {
        let mut carried = number;
        let mut kept = 0;
        for at in 0..self.0.len() {
            let mut part = self.0[at];
            if carried.abs() < part.abs() {
                std::mem::swap(&mut carried, &mut part);
            }
            let high = carried + part;
            let low = part - (high - carried);
            if low != 0.0 {
                self.0[kept] = low;
                kept += 1;
            }
            carried = high;
        }
        self.0.truncate(kept);
        self.0.push(carried);
    }

    pub(super) fn absorb(&mut self, other: &Self) {
        other.0.iter().for_each(|part| self.add(*part));
    }

    /// The exact sum, rounded to the nearest number. `None` past the largest number.
    pub(super) fn value(&self) -> Option<f64> {
        let mut parts = self.0.iter().rev().copied();
        let mut high = parts.next().unwrap_or(0.0);
        let mut low = 0.0;
        for part in parts.by_ref() {
            let before = high;
            high = before + part;
            low = part - (high - before);
            if low != 0.0 {
                break;
            }
        }
        // Half-way cases go by the sign of the next part.
        if let Some(next) = parts.next()
            && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
        {
            let doubled = low * 2.0;
            let moved = high + doubled;
            if doubled == moved - high {
                high = moved;
            }
        }
        high.is_finite().then_some(high)
    }
}

/// Linear interpolation between the two nearest ranks; `None` of nothing. Reorders the numbers.
pub(super) fn percentile(numbers: &mut [f64], p: f64) -> Option<f64> {
    let last = numbers.len().checked_sub(1)?;
    let rank = p / 100.0 * last as f64;
    let below = (rank.floor() as usize).min(last);
    let (_, low, above) = numbers.select_nth_unstable_by(below, f64::total_cmp);
    let low = *low;
    let fraction = rank - below as f64;
    if fraction == 0.0 {
        return Some(low);
    }
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    Some(low + (high - low) * fraction)
}

/// Most ranges that a number is split into.
const MAX_RANGES: f64 = 20.0;

/// Ranges of one width that is 1, 2 or 5 times a power of ten; each holds its lower bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ranges {
    /// The width is `digit × 10^exponent`.
    digit: f64,
    exponent: i32,
}

impl Ranges {
    /// The narrowest that divide the numbers from `least` to `greatest` into at most 20.
    pub(super) fn covering(least: f64, greatest: f64) -> Self {
        let span = (greatest - least).max(0.0);
        if span == 0.0 || !span.is_finite() {
            let size = if span == 0.0 { 0 } else { 307 };
            return Self { digit: 1.0, exponent: size };
        }
        let start = (span / MAX_RANGES).log10().floor() as i32;
        (start..=308)
            .flat_map(|exponent| [1.0, 2.0, 5.0].map(|digit| Self { digit, exponent }))
            .find(|ranges| ranges.index(greatest) - ranges.index(least) < MAX_RANGES)
            .unwrap_or(Self { digit: 1.0, exponent: 308 })
    }

    /// Which of them, counted from the one that begins at 0.
    pub(super) fn index(&self, number: f64) -> f64 {
        if self.exponent < 0 {
            (number * 10f64.powi(-self.exponent) / self.digit).floor()
        } else {
            (number / (self.digit * 10f64.powi(self.exponent))).floor()
        }
    }

    /// `2,000 - 2,100`
    pub(super) fn name(&self, index: f64) -> String {
        format!("{} - {}", self.bound(index), self.bound(index + 1.0))
    }

    fn bound(&self, index: f64) -> String {
        let decimals = usize::try_from(-self.exponent).unwrap_or(0);
        let bound = if self.exponent < 0 {
            index * self.digit / 10f64.powi(-self.exponent)
        } else {
            index * self.digit * 10f64.powi(self.exponent)
        };
        // -0 would be written with its sign.
        with_thousands(&format!("{:.decimals$}", bound + 0.0))
    }
}

fn with_thousands(written: &str) -> String {
    let (sign, digits) = written.strip_prefix('-').map_or(("", written), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}
