import assert from "node:assert/strict";
import test from "node:test";
import { span } from "../src/grid/days.js";
import { isSame, read, sent } from "../src/grid/values.js";

test("a typed value becomes what the source takes, or says what is wrong", () => {
  assert.deepEqual(read({ kind: "text", required: true }, "  "), { problem: "required" });
  assert.deepEqual(read({ kind: "text" }, ""), { value: null });
  assert.deepEqual(read({ kind: "text", max_length: 3 }, "abcd"), { problem: "tooLong", facts: { max: 3, length: 4 } });
  assert.deepEqual(read({ kind: "percent", decimals: 4 }, "12.5%"), { value: "0.125" });
  assert.deepEqual(read({ kind: "percent", decimals: 4 }, "12.555"), { problem: "decimals", facts: { decimals: 2 } });
  assert.deepEqual(read({ kind: "integer" }, "1,200"), { value: 1200 });
  assert.deepEqual(read({ kind: "integer" }, "1.5"), { problem: "whole" });
  assert.deepEqual(read({ kind: "money", min: "0" }, "-1"), { problem: "tooSmall", facts: { min: "0" } });
  assert.deepEqual(read({ kind: "tags" }, "a，b、 c"), { value: ["a", "b", "c"] });
});

test("a value counts as changed only when it means something else", () => {
  assert.ok(isSame({ kind: "money" }, "1200.00", "1200"));
  assert.ok(isSame({ kind: "reference" }, { id: "1", label: "a" }, { id: "1", label: "b" }));
  assert.ok(isSame({ kind: "tags" }, [], null));
  assert.ok(!isSame({ kind: "text" }, null, "a"));
  assert.equal(sent({ kind: "reference" }, { id: "1" }), "1");
  assert.equal(sent({ kind: "reference" }, null), null);
});

test("spans around a day include both ends", () => {
  assert.deepEqual(span("month", "2026-02-14"), ["2026-02-01", "2026-02-28"]);
  assert.deepEqual(span("quarter", "2026-03-18"), ["2026-01-01", "2026-03-31"]);
  assert.deepEqual(span("year", "2026-03-18"), ["2026-01-01", "2026-12-31"]);
  assert.deepEqual(span("30", "2026-03-18"), ["2026-02-17", "2026-03-18"]);
});
