import assert from "node:assert/strict";
import test from "node:test";
import { compared, grouped, money, parsed, percent, rounded, shifted } from "../src/grid/numbers.js";

test("a number is grouped by thousands without losing a digit", () => {
  assert.equal(grouped("12345678901234567890.1200"), "12,345,678,901,234,567,890.1200");
  assert.equal(grouped("-1200"), "−1,200");
  assert.equal(grouped("7"), "7");
  assert.equal(money("-1200.50", "¥"), "−¥1,200.50");
});

test("a fraction is shown as percent", () => {
  for (const [fraction, text] of [["0.125", "12.5%"], ["0.5", "50.0%"], ["0.0725", "7.3%"], ["1", "100.0%"],
    ["0.3335", "33.4%"], ["-0.2", "−20.0%"], ["0", "0.0%"], ["12.3456", "1,234.6%"]]) {
    assert.equal(percent(fraction), text);
  }
  assert.equal(percent("0.0725", 2), "7.25%");
  assert.equal(percent("0.5", 2), "50.00%");
  assert.equal(percent("1", 0), "100%");
});

test("the point moves without rounding", () => {
  assert.equal(shifted("0.125", 2), "12.5");
  assert.equal(shifted("12.5", -2), "0.125");
  assert.equal(shifted("5", -2), "0.05");
  assert.equal(shifted("-3.5", 4), "-35000");
  assert.equal(rounded("9.995", 2), "10.00");
  assert.equal(rounded("-0.005", 2), "-0.01");
});

test("what people type is understood, and what is no number is refused", () => {
  for (const [typed, number] of [["1,200.50", "1200.50"], ["１２００", "1200"], ["¥ 1 200", "1200"], ["3.5万", "35000"],
    ["1.2亿", "120000000"], ["-5", "-5"], ["−5", "-5"], [".5", "0.5"], ["007", "7"], ["12k", "12000"]]) {
    assert.equal(parsed(typed), number, typed);
  }
  for (const typed of ["", "abc", "1.2.3", "1-2", "(120)", ".", "-"]) {
    assert.equal(parsed(typed), null, typed);
  }
});

test("numbers compare exactly", () => {
  assert.equal(compared("0.1", "0.10"), 0);
  assert.equal(compared("-1", "0.5"), -1);
  assert.equal(compared("99999999999999999.01", "99999999999999999.00"), 1);
});
