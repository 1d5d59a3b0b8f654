use parcel::postage;

#[test]
fn postage_of_a_letter() {
    assert_eq!(postage(20), Some(95));
}

#[test]
fn postage_grows_with_each_started_kilogram() {
    assert_eq!(postage(1_001), Some(2 * 449));
}

#[test]
fn postage_is_not_sold_for_what_is_too_heavy() {
    assert_eq!(postage(40_000), None);
}
