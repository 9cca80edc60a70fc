//! From the bytes of a client to pseudonymous events.
//!
//! * [`wire`]: requests to records, outcomes to replies
//! * `admit`: the rules of each endpoint about one record
//! * [`enrich`]: place, agent, source, bots
//! * `identity`: who is who, as pseudonyms
//! * [`classify`]: finds and takes out what is personal or secret
//! * [`pipeline`]: all of this in order, ending in a batch for the log
//! * [`outcome`]: what became of each record
//! * [`lookup`], [`side`]: lookup tables, and endpoints that only want a quiet answer
//!
//! What a server does with it: [`wire::decode`] the request, split it [`by_token`] (`/import`: take it
//! [`whole`]), [`run`] each share whose project is known and make its batch durable,
//! [`without_project`] for the others, put the outcomes back [`in_order`] and send [`wire::reply`].
//!
//! [`by_token`]: wire::Request::by_token
//! [`whole`]: wire::Request::whole
//! [`run`]: pipeline::Pipeline::run
//! [`without_project`]: wire::Share::without_project
//! [`in_order`]: outcome::in_order

mod admit;
pub mod classify;
pub mod enrich;
mod identity;
pub mod lookup;
pub mod outcome;
pub mod pipeline;
pub mod side;
pub mod wire;
