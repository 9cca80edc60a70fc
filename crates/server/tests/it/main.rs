//! Black box: the real binary, over HTTP, with its files on a real disk.

mod api;
mod capture;
mod durability;
mod ledger;
mod query;
mod seal;
mod support;
mod tidy;
