//! The five wrappings: `data` in the query, `data` in a form as base64 (escaped or raw), `data` in
//! a form as JSON, a bare JSON body, and any of the bodies gzipped. Told apart by content, because
//! a beacon calls its form `text/plain` and others send no type at all.

use super::{WireError, form, text};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::MultiGzDecoder;
use std::borrow::Cow;
use std::io::Read;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// Encoders differ in padding and in what they leave in the last character's spare bits.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// What was found inside the wrapping.
pub(super) struct Unwrapped {
    /// From the query, then from the form; `data` is not among them.
    pub(super) parameters: Vec<(String, String)>,
    /// JSON text, not parsed yet. A form that asks for a verbose answer gets one also where this
    /// cannot be read.
    pub(super) payload: Result<String, WireError>,
}

pub(super) fn unwrap(query: Option<&str>, body: &[u8], limit: usize) -> Unwrapped {
    let mut parameters = Vec::new();
    let in_query = form_data(query.unwrap_or_default().as_bytes(), &mut parameters);
    let payload = payload(in_query, body, limit, &mut parameters);
    Unwrapped { parameters, payload: payload.and_then(|payload| payload.ok_or(WireError::Empty)) }
}

fn payload(
    in_query: Option<&[u8]>,
    body: &[u8],
    limit: usize,
    parameters: &mut Vec<(String, String)>,
) -> Result<Option<String>, WireError> {
    if body.len() > limit {
        return Err(WireError::TooLarge { limit });
    }
    let inflated = inflate(body, limit)?;
    let body = trim(&inflated);
    let in_body = match body.first() {
        Some(b'{' | b'[') => Some(text::decode(body).into_owned()),
        Some(_) if is_bare_base64(body) => value_payload(&form::decode(body))?,
        Some(_) => match form_data(body, parameters) {
            Some(value) => value_payload(&form::decode(value))?,
            None => None,
        },
        None => None,
    };
    match (in_body, in_query) {
        (None, Some(value)) => value_payload(&form::decode(value)),
        (in_body, _) => Ok(in_body),
    }
}

/// The raw value of `data`; the other pairs join the parameters.
fn form_data<'a>(form: &'a [u8], parameters: &mut Vec<(String, String)>) -> Option<&'a [u8]> {
    let mut data = None;
    for (name, value) in form::raw_pairs(form) {
        if name == b"data" {
            data = Some(value);
        } else {
            parameters.push(form::text_pair(name, value));
        }
    }
    data
}

/// Base64 that stands alone, without a form around it. It can end in `=`, which looks like a pair.
fn is_bare_base64(body: &[u8]) -> bool {
    let unpadded = body.trim_ascii_end();
    let unpadded =
        &unpadded[..unpadded.len() - unpadded.iter().rev().take_while(|&&byte| byte == b'=').count()];
    memchr::memchr2(b'=', b'&', unpadded).is_none()
}

/// Decompresses what begins like gzip; everything else passes as it is, whatever its header said:
/// a proxy on the way may have unpacked it already.
pub(crate) fn inflate(body: &[u8], limit: usize) -> Result<Cow<'_, [u8]>, WireError> {
    if !body.starts_with(&GZIP_MAGIC) {
        return Ok(Cow::Borrowed(body));
    }
    let mut inflated = Vec::with_capacity(body.len().saturating_mul(4).min(limit));
    let cap = limit as u64 + 1;
    #[expect(clippy::disallowed_methods, reason = "capped by `take`")]
    MultiGzDecoder::new(body).take(cap).read_to_end(&mut inflated).map_err(|_| WireError::BadGzip)?;
    if inflated.len() > limit {
        return Err(WireError::TooLarge { limit });
    }
    Ok(Cow::Owned(inflated))
}

/// JSON or base64 of JSON, as the value of `data`.
fn value_payload(value: &[u8]) -> Result<Option<String>, WireError> {
    let value = trim(value);
    match value.first() {
        None => Ok(None),
        Some(b'{' | b'[') => Ok(Some(text::decode(value).into_owned())),
        Some(_) => {
            // Escaped twice: `%` is in no base64 alphabet.
            let once_more =
                if memchr::memchr(b'%', value).is_some() { form::decode(value) } else { value.into() };
            let value = trim(&once_more);
            if matches!(value.first(), Some(b'{' | b'[')) {
                return Ok(Some(text::decode(value).into_owned()));
            }
            let bytes = decode_base64(value)?;
            let json = trim(&bytes);
            Ok((!json.is_empty()).then(|| text::decode(json).into_owned()))
        }
    }
}

/// Base64 in the standard or the URL alphabet, padded or not. A space was a `+` before the form
/// was decoded: Node's batches and PHP do not escape it.
fn decode_base64(value: &[u8]) -> Result<Vec<u8>, WireError> {
    let standard: Vec<u8> = value
        .iter()
        .filter(|byte| !matches!(byte, b'\r' | b'\n' | b'\t' | b'='))
        .map(|&byte| match byte {
            b' ' | b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    LENIENT.decode(standard).map_err(|_| WireError::BadBase64)
}

/// Without byte order mark and surrounding white space.
fn trim(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii()
}
