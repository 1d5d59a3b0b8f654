/** The sum of a basket in cents. */
export function total(items) {
  return items.reduce((sum, item) => sum + item.cents * item.count, 0);
}

/** The sum in cents after a voucher for some percent of it. */
export function withVoucher(items, { percent }) {
  return Math.round((total(items) * Math.max(0, 100 - percent)) / 100);
}
