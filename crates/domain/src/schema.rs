//! How delicate a property is, and what stands in its place once its value is taken out.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How a property is treated. `identifier` and `personal` go to the vault, `secret` is destroyed
/// at the door, `coarse` and `plain` stay readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    Plain,
    /// Narrows a person down without naming them: city, region, browser version.
    Coarse,
    Personal,
    Identifier,
    Secret,
}

/// What was found in a value. The name of the kind is all that is left of the value in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    Email,
    Name,
    Phone,
    Address,
    BirthDate,
    Id,
    NationalId,
    Ip,
    Card,
    Iban,
    ApiKey,
    Jwt,
    Password,
    /// A long string of high entropy: what it opens is unknown, so it is treated as a secret.
    Token,
    /// Free text, picture, or anything else that an operator classed as personal.
    Other,
}

impl DataKind {
    pub const ALL: [Self; 15] = [
        Self::Email,
        Self::Name,
        Self::Phone,
        Self::Address,
        Self::BirthDate,
        Self::Id,
        Self::NationalId,
        Self::Ip,
        Self::Card,
        Self::Iban,
        Self::ApiKey,
        Self::Jwt,
        Self::Password,
        Self::Token,
        Self::Other,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::BirthDate => "birth_date",
            Self::Id => "id",
            Self::NationalId => "national_id",
            Self::Ip => "ip",
            Self::Card => "card",
            Self::Iban => "iban",
            Self::ApiKey => "api_key",
            Self::Jwt => "jwt",
            Self::Password => "password",
            Self::Token => "token",
            Self::Other => "other",
        }
    }

    /// The default class of this kind; an operator can change a property's class, never make a
    /// secret readable.
    pub const fn sensitivity(self) -> Sensitivity {
        match self {
            Self::Card | Self::ApiKey | Self::Jwt | Self::Password | Self::Token => Sensitivity::Secret,
            Self::Email | Self::Phone | Self::Id | Self::NationalId | Self::Iban => Sensitivity::Identifier,
            Self::Name | Self::Address | Self::BirthDate | Self::Ip | Self::Other => Sensitivity::Personal,
        }
    }

    /// What stands in the event in place of the value: `[email]`, `[card]`, …
    ///
    /// The event still counts, and the Lexicon can show that the property exists and of what kind it is.
    pub fn placeholder(self) -> Placeholder {
        Placeholder(self)
    }

    /// The kind whose placeholder this text is, if it is one.
    pub fn from_placeholder(text: &str) -> Option<Self> {
        let name = text.strip_prefix('[')?.strip_suffix(']')?;
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// The written form of what was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder(DataKind);

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.0.as_str())
    }
}
