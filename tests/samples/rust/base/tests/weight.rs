use parcel::weight;

#[test]
fn wrapping_counts() {
    assert_eq!(weight(400, 25), 425);
}
