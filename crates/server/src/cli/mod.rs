//! The command line: what can be said, and where it is done. One file a command.

mod arguments;
mod demo;
mod doctor;
mod fsck;
mod init;
mod ledger;
mod lookup_table;
mod openapi;
mod operator;
mod output;
mod project;
mod serve;
mod service_account;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

/// A command's failure: said on standard error, whole, with what to do about it.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::failed(&error.into()),
    };
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Init(command) => init::run(command).await,
            Command::Serve(command) => serve::run(command).await,
            Command::Demo(command) => demo::run(command).await,
            Command::Project(command) => project::run(command).await,
            Command::ServiceAccount(command) => service_account::run(command).await,
            Command::Operator(command) => operator::run(command).await,
            Command::LookupTable(command) => lookup_table::run(command).await,
            Command::Ledger(command) => ledger::run(command).await,
            Command::Fsck(command) => fsck::run(command).await,
            Command::Doctor(command) => doctor::run(command).await,
            Command::Openapi => openapi::run(),
        }
    });
    match done {
        Ok(code) => code,
        Err(failure) => output::failed(&failure),
    }
}
