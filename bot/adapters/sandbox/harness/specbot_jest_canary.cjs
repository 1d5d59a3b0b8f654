// Loaded by Jest beside each test file of a canary run: the test that must fail. It runs after the file was loaded.
"use strict";

const name = globalThis["specbot canary"];
delete globalThis["specbot canary"];
globalThis.test(`specbot::${name}`, () => {
  for (const check of [() => expect(1).toBe(2), () => expect([1]).toEqual([2])]) {
    let noticed = false;
    try {
      check();
    } catch {
      noticed = true;
    }
    if (!noticed) return;
  }
  throw new Error("planted by the harness; a run in which this is green proves nothing");
});
