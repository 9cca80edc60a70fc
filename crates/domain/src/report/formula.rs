//! Metrics calculated from metrics: `A / B`.

use super::insights::MAX_METRICS;
use crate::expression::{
    ExprValue, Expression, ExpressionError, PropertyScope, PropertySource, parse_letters,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Arithmetic over the report's metrics, which are called `A`, `B`, … in their order. It is
/// evaluated for each bucket and, for the range, over the metrics' figures for the range, never
/// by adding up. What is undefined, as a division by zero, is `null`.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula(Expression);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormulaError {
    #[error(transparent)]
    Syntax(#[from] ExpressionError),
    #[error("a formula calculates with metrics; call them A, B, C, …")]
    NotAMetric,
}

impl Formula {
    /// Its value where the metrics have these values.
    pub fn eval(&self, metrics: &[Option<f64>]) -> Option<f64> {
        struct Figures<'a>(&'a [Option<f64>]);
        impl PropertySource for Figures<'_> {
            fn property(&self, _: PropertyScope, name: &str) -> ExprValue<'_> {
                let figure = letter_index(name).and_then(|at| self.0.get(at).copied().flatten());
                figure.map_or(ExprValue::Undefined, ExprValue::number)
            }
        }
        match self.0.eval(&Figures(metrics)) {
            ExprValue::Number(number) => Some(number),
            _ => None,
        }
    }

    /// How many metrics there must be.
    pub fn metrics_needed(&self) -> usize {
        let letters = self.0.properties().row;
        letters.iter().filter_map(|name| letter_index(name.as_str())).map(|at| at + 1).max().unwrap_or(0)
    }
}

fn letter_index(name: &str) -> Option<usize> {
    match name.as_bytes() {
        [letter @ b'A'..=b'Z'] => Some(usize::from(letter - b'A')).filter(|at| *at < MAX_METRICS),
        _ => None,
    }
}

impl FromStr for Formula {
    type Err = FormulaError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expression = parse_letters(text)?;
        let used = expression.properties();
        let only_letters = used.row.iter().all(|name| letter_index(name.as_str()).is_some());
        if !only_letters || used.row.is_empty() || !used.user.is_empty() {
            return Err(FormulaError::NotAMetric);
        }
        Ok(Self(expression))
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names are single letters, so that nothing else can look like one of these.
        f.write_str(&self.0.to_string().replace("properties[\"", "").replace("\"]", ""))
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Formula {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
