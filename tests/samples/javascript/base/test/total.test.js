import assert from "node:assert/strict";
import { test } from "node:test";

import { total } from "../src/basket.js";

test("an empty basket costs nothing", () => {
  assert.equal(total([]), 0);
});

test("every piece counts", () => {
  assert.equal(total([{ cents: 250, count: 2 }, { cents: 99, count: 1 }]), 599);
});
