/* Modules without a page, run by Node (`node --test tests/javascript`). */
import assert from "node:assert/strict";
import { test } from "node:test";

import { readAmount } from "../../config/static/saoma/js/amounts.js";
import { decode, encode } from "../../healthcode/pages/static/health/js/base45.js";
import * as cbor from "../../healthcode/pages/static/health/js/cbor.js";
import { damm, stepAt } from "../../lab/static/lab/js/paycode.js";

const bytes = (text) => new TextEncoder().encode(text);
const hex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

test("Base45 is as RFC 9285 has it", () => {
  assert.equal(encode(bytes("AB")), "BB8");
  assert.equal(encode(bytes("base-45")), "UJCLQE7W581");
  assert.deepEqual(decode("QED8WEX0"), bytes("ietf!"));
  assert.throws(() => decode("GGW"), { stage: "encoding" });
});

test("CBOR takes no key twice and no byte too many", () => {
  assert.deepEqual(cbor.decode(hex("a10126")), new Map([[1, -7]]));
  for (const broken of ["a201020103", "a1012600", "1a0000"]) {
    assert.throws(() => cbor.decode(hex(broken)), { stage: "cbor" });
  }
});

test("a payment code's check digit finds a wrong digit, and its step lasts 30 seconds", () => {
  assert.equal(damm("572"), "4");
  assert.equal(damm("5724"), "0");
  assert.deepEqual(stepAt(new Date(45_000)), { step: 1, leftMs: 15_000 });
});

test("an amount is read as the page's language writes it", () => {
  assert.equal(readAmount("12,50", "fr"), "12.50");
  assert.equal(readAmount("1,200.50", "en"), "1200.50");
  assert.equal(readAmount("￥１２", "zh"), "12");
});
