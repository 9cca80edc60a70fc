//! Answers as CSV: a row a date, a column a series.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

pub fn series(dates: &[String], values: &Map<String, Value>) -> Response {
    let mut text = String::from("date");
    for name in values.keys() {
        text.push(',');
        text.push_str(&cell(name));
    }
    text.push_str("\r\n");
    for date in dates {
        text.push_str(&cell(date));
        for column in values.values() {
            text.push(',');
            text.push_str(&column.get(date).unwrap_or(&Value::Null).to_string());
        }
        text.push_str("\r\n");
    }
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response()
}

/// A cell that no spreadsheet takes for a formula: such texts get an apostrophe in front.
fn cell(text: &str) -> String {
    let guarded =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("=\"x\",1", "\"'=\"\"x\"\",1\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
