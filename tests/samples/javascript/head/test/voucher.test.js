import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { withVoucher } from "../src/basket.js";

const items = [{ cents: 1000, count: 1 }];

describe("a voucher", () => {
  it("takes its percentage off", () => {
    assert.equal(withVoucher(items, { percent: 15 }), 850);
  });

  it("is never worth more than the basket", () => {
    assert.equal(withVoucher(items, { percent: 150 }), 0);
  });
});
