//! The one form under which an e-mail address or phone number is indexed and looked for.

/// The longest address that mail can carry: 64 octets, the @, 255 octets.
const MAX_EMAIL_BYTES: usize = 320;

/// E.164 allows 15 digits; below 7 a number is an extension or a year.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The canonical form of an e-mail address, or `None` if the text is not one.
///
/// Outer white space, angle brackets and `mailto:` go; the local part is lower-cased; the domain is
/// lower-cased, written in IDNA's ASCII form, and loses a final dot. Dots and `+tags` of the local
/// part stay: whether they matter is the provider's business, and a false match names the wrong person.
pub(crate) fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')).unwrap_or(text);
    let text = match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &text[7..],
        _ => text,
    };
    let (local, domain) = text.rsplit_once('@')?;
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let refused = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | ',' | ';');
    if local.is_empty() || local.contains(refused) || domain.contains(refused) || !domain.contains('.') {
        return None;
    }
    let domain = idna::domain_to_ascii(domain).ok().filter(|domain| !domain.is_empty())?;
    let canonical = format!("{}@{domain}", local.to_lowercase());
    (canonical.len() <= MAX_EMAIL_BYTES).then_some(canonical)
}

/// The digits of a phone number without what stands before the country code (`+` or `00`), or
/// `None` if the text is not a number. A number written without its country code stays without:
/// which country was meant is not known here.
pub(crate) fn phone(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let text = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).unwrap_or(text);
    let mut digits = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2011}' | '.' | '/' | '(' | ')' => {}
            _ => return None,
        }
    }
    PHONE_DIGITS.contains(&digits.len()).then_some(digits)
}

#[cfg(test)]
mod tests;
