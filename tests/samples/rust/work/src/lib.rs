//! What it costs to send something.

/// Grams of a parcel with its wrapping.
pub fn weight(contents: u32, wrapping: u32) -> u32 {
    contents.saturating_add(wrapping)
}

/// Cents for so many grams; nothing is sold beyond 31.5 kilograms.
pub fn postage(grams: u32) -> Option<u32> {
    match grams {
        0..=50 => Some(95),
        51..=31_500 => Some(grams.div_ceil(1_000) * 449),
        _ => None,
    }
}
