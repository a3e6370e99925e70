//! Signalbox
