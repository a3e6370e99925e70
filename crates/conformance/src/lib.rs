//! What real brokers did, held against the profiles: recordings are read and replayed on the channel engine.
