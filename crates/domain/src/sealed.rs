//! A sealed value as everyone but the vault sees it: bytes that travel with the batch.

/// Written by the vault's sealer in the collector, read by the vault alone. The log carries it,
/// the engine never looks inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRecord(pub Vec<u8>);
