//! Parameters as Mixpanel's query API takes them: in the query string or in a form body, lists as JSON text.

use super::error::QueryError;
use domain::ProjectId;

/// A form body of parameters holds a few ids and an expression.
pub const FORM_BYTES_MAX: usize = 10 << 20;

/// Query string and form body together; the body wins.
#[derive(Clone, Debug, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub fn parse(query: Option<&str>, form: &[u8]) -> Self {
        let mut pairs = Vec::new();
        for text in [query.unwrap_or_default().as_bytes(), form] {
            pairs.extend(
                form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())),
            );
        }
        Self(pairs)
    }

    /// The value, where there is one that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// All of them, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn required(&self, name: &'static str) -> Result<&str, QueryError> {
        self.get(name).ok_or_else(|| QueryError::invalid(format!("{name}, missing or empty")))
    }

    pub fn project_id(&self) -> Result<Option<ProjectId>, QueryError> {
        self.number::<u32>("project_id").map(|id| id.map(ProjectId))
    }

    pub fn number<N: std::str::FromStr>(&self, name: &'static str) -> Result<Option<N>, QueryError> {
        self.get(name)
            .map(|text| text.parse().map_err(|_| QueryError::invalid(format!("{name} is not a number"))))
            .transpose()
    }

    pub fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|text| matches!(text, "1" | "true" | "True"))
    }

    /// A list of names given as JSON text; a bare name counts as a list of one.
    pub fn names(&self, name: &'static str) -> Result<Option<Vec<String>>, QueryError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        if !text.trim_start().starts_with('[') {
            let bare = serde_json::from_str::<String>(text).unwrap_or_else(|_| text.to_owned());
            return Ok(Some(vec![bare]));
        }
        let list: Vec<serde_json::Value> = serde_json::from_str(text)
            .map_err(|_| QueryError::invalid(format!("{name} is not a JSON list of strings")))?;
        let texts = list.into_iter().map(|item| match item {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        });
        Ok(Some(texts.collect()))
    }

    /// One of a closed set of words.
    pub fn one_of<T: Copy>(
        &self,
        name: &'static str,
        default: T,
        words: &[(&str, T)],
    ) -> Result<T, QueryError> {
        let Some(text) = self.get(name) else { return Ok(default) };
        words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            QueryError::invalid(format!("{name} must be one of: {}", known.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_numbers_and_precedence() {
        let form = b"event=%5B%22A+b%22%2C%22C%22%5D&limit=7&where=";
        let parameters = Parameters::parse(Some("event=ignored&project_id=3&x=%zz"), form);
        assert_eq!(parameters.names("event").unwrap().unwrap(), ["A b", "C"]);
        assert_eq!(parameters.number::<u32>("limit").unwrap(), Some(7));
        assert_eq!(parameters.project_id().unwrap(), Some(ProjectId(3)));
        assert_eq!(parameters.get("where"), None, "empty counts as missing");
        assert!(parameters.number::<u32>("x").is_err());
    }

    #[test]
    fn a_bare_name_is_a_list_of_one() {
        let names = |text: &str| Parameters::parse(Some(text), b"").names("event").unwrap().unwrap();
        assert_eq!(names("event=Signed+Up"), ["Signed Up"]);
        assert_eq!(names("event=%22Signed+Up%22"), ["Signed Up"]);
        assert_eq!(names("event=%5B1%2C%22b%22%5D"), ["1", "b"]);
    }
}
