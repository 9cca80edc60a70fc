use super::{Failure, output};
use std::process::ExitCode;

pub fn run() -> Result<ExitCode, Failure> {
    output::say(crate::http::openapi_document()?);
    Ok(ExitCode::SUCCESS)
}
