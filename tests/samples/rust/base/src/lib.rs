//! What it costs to send something.

/// Grams of a parcel with its wrapping.
pub fn weight(contents: u32, wrapping: u32) -> u32 {
    contents.saturating_add(wrapping)
}
