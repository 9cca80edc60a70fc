//! The only place that prints.

use super::Failure;
use std::process::ExitCode;

#[expect(clippy::print_stdout, reason = "a command's answer goes to standard output")]
pub fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

pub fn say_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    say(serde_json::to_string(value)?);
    Ok(())
}

/// Something to know while a command runs.
pub fn note(line: impl std::fmt::Display) {
    eprintln!("{line}");
}

/// Prints the failure and its causes.
pub fn failed(failure: &Failure) -> ExitCode {
    eprintln!("error: {failure}");
    let mut cause = failure.source();
    while let Some(source) = cause {
        eprintln!("  because: {source}");
        cause = source.source();
    }
    ExitCode::FAILURE
}
