// A shop's test suite against a world that is reset before each test: twenty tests.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { connect } from "./saoma.mjs";

let world;
before(async () => { world = await connect(); });
beforeEach(() => world.reset());
after(() => {
  const sorted = world.resets.toSorted((a, b) => a - b);
  console.log(`saoma: ${sorted.length} resets, median ${Math.round(sorted[sorted.length >> 1])} ms`);
});

async function sell(amount, order = "A1") {
  return world.call("baozi", "alipay.trade.pay", {
    out_trade_no: order, total_amount: amount, subject: "buns", scene: "bar_code",
    auth_code: await world.code("li"),
  });
}

for (const amount of ["0.01", "1.00", "12.00", "88.88", "100.00", "500.00", "750.00"]) {
  test(`takes ${amount}`, async () => {
    assert.equal((await sell(amount)).code, "10000");
    assert.equal(Number((await world.person("li")).balance), Math.round((2000 - amount) * 100) / 100);
  });
}

for (const run of [1, 2, 3, 4, 5]) {
  test(`begins with the same world, run ${run}`, async () => {
    assert.equal((await world.person("li")).balance, "2000.00");
    assert.equal((await sell("12.00")).code, "10000");
  });
}

test("the same order is paid once", async () => {
  await sell("12.00");
  assert.equal((await sell("12.00")).sub_code, "ACQ.TRADE_HAS_SUCCESS");
});

test("a reset takes a payment back", async () => {
  await sell("12.00");
  await world.reset();
  assert.equal((await world.person("li")).balance, "2000.00");
});

test("an order is scanned and paid", async () => {
  const order = { out_trade_no: "A1", total_amount: "12.00", subject: "buns" };
  const offered = await world.call("baozi", "alipay.trade.precreate", order);
  await world.pay("li", offered.qr_code);
  const trade = await world.call("baozi", "alipay.trade.query", { out_trade_no: "A1" });
  assert.equal(trade.trade_status, "TRADE_SUCCESS");
});

test("a refund gives the money back", async () => {
  await sell("12.00");
  const part = { out_trade_no: "A1", refund_amount: "5.00", out_request_no: "R1" };
  assert.equal((await world.call("baozi", "alipay.trade.refund", part)).refund_fee, "5.00");
  assert.equal((await world.person("li")).balance, "1993.00");
});

test("a sale is taken back", async () => {
  await sell("12.00");
  await world.call("baozi", "alipay.trade.cancel", { out_trade_no: "A1" });
  assert.equal((await world.person("li")).balance, "2000.00");
});

test("an unknown order is said to be unknown", async () => {
  const answer = await world.call("baozi", "alipay.trade.query", { out_trade_no: "A9" });
  assert.equal(answer.sub_code, "ACQ.TRADE_NOT_EXIST");
});

test("a day later the day is settled", async () => {
  await sell("12.00");
  const { fired } = await world.advance({ days: 1 });
  assert.ok(fired.some((due) => due.job === "settlement.cut_off"));
});

test("time stands still until it is moved", async () => {
  const before = (await world.person("li")).balance;
  await world.advance({ minutes: 5 });
  assert.equal((await world.person("li")).balance, before);
});
