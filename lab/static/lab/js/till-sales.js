/* A till's sales: kept over a reload, and asked about until it is known what became of each.

   An answer that did not come is no answer: the sale stays UNKNOWN and the till asks with
   `query`. Whoever waits too long is sent home: the sale is cancelled, again and again with
   the same number, until the gateway has said that it is. */

import { call } from "../../saoma/js/api.js";
import { explain } from "../../saoma/js/i18n.js";

const KEPT = "saoma.till";
const SALES = 8;
const ASK_MS = 1500;
const PATIENCE_MS = { ORDERED: 5 * 60_000, WAITING: 90_000, UNKNOWN: 30_000 };

/** States in which a till does not know the end yet. */
export const OPEN = new Set(["WAITING", "ORDERED", "UNKNOWN"]);

/** A number for an order or refund: the day and enough randomness never to meet again. */
export function newNumber() {
  const random = crypto.getRandomValues(new Uint32Array(3));
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  return day + [...random].map((part) => part.toString(36)).join("").toUpperCase();
}

/** Ask the till's server to do one thing; a lost answer is UNKNOWN, never a refusal. */
export async function request(act, body) {
  try {
    return await call(`/lab/till/${act}`, { body });
  } catch (error) {
    const lost = !error.status || error.status >= 500 || error.code === "unreadable_answer";
    const outcome = lost ? "UNKNOWN" : "REFUSED";
    return { outcome, message: explain(error), code: "", sub_code: "", trade: {}, raw: "" };
  }
}

/** What a sale looks like from outside: what was paid, less what was given back. */
export function standing(sale) {
  const refunded = Number(sale.refunded ?? 0);
  if (sale.outcome !== "PAID" || !refunded) return sale.outcome;
  return refunded < Number(sale.amount) ? "PARTLY_REFUNDED" : "REFUNDED";
}

/** Dispatches `change` ({sale, receipt}) whenever something is known anew about a sale. */
export class Sales extends EventTarget {
  #asking = new Map();
  list = [];

  /** Take up the sales of this tab as they were before a reload. */
  restore() {
    try {
      this.list = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    } catch {
      this.list = [];
    }
    for (const sale of this.list) {
      // Patience begins anew: nobody is sent home before the till has asked once.
      sale.since = {};
      this.#follow(sale);
      sale.refunds.filter(({ outcome }) => outcome === "UNKNOWN").forEach((refund) => this.#refundOnce(sale, refund));
    }
  }

  stop() {
    this.#asking.forEach(clearTimeout);
    this.#asking.clear();
  }

  /** Open a sale; it is written down before anything is sent. */
  open(facts) {
    const sale = { order: newNumber(), outcome: "UNKNOWN", refunded: "0", refunds: [], ...facts };
    this.list = [sale, ...this.list].filter((one, place) => place < SALES || OPEN.has(one.outcome));
    this.#keep();
    return sale;
  }

  /** Charge the customer's code, or make a code to be scanned. */
  async begin(sale, code) {
    const { shop, order, amount, subject } = sale;
    const body = { shop, order, amount, subject };
    const receipt = code
      ? await request("pay", { ...body, auth_code: code })
      : await request("order", body);
    if (!sale.cancelling) this.#take(sale, receipt);
    return receipt;
  }

  /** Cancel: close what is unpaid, give back what is paid. */
  async cancel(sale) {
    sale.cancelling = true;
    this.#keep();
    await this.#ask(sale);
  }

  /** Give money back; a lost answer is asked for again with the refund's own number. */
  async refund(sale, typed, amount) {
    const refund = { request: `R${newNumber()}`, amount, typed, outcome: "UNKNOWN" };
    sale.refunds.push(refund);
    this.#keep();
    await this.#refundOnce(sale, refund);
  }

  async #refundOnce(sale, refund) {
    const { shop, order } = sale;
    const body = { shop, order, amount: refund.amount, request: refund.request };
    const receipt = await request("refund", body);
    refund.outcome = receipt.outcome;
    refund.message = receipt.outcome === "REFUNDED" ? "" : receipt.message;
    if (receipt.outcome === "REFUNDED") sale.refunded = String(receipt.trade.refund_fee);
    this.#tell(sale, receipt, refund);
    if (receipt.outcome === "UNKNOWN") setTimeout(() => this.#refundOnce(sale, refund), ASK_MS);
  }

  #take(sale, receipt) {
    sale.outcome = receipt.outcome;
    if (receipt.trade.trade_no) sale.number = receipt.trade.trade_no;
    if (receipt.trade.qr_code) sale.qr = receipt.trade.qr_code;
    this.#tell(sale, receipt);
    this.#follow(sale);
  }

  #tell(sale, receipt, refund = null) {
    this.#keep();
    this.dispatchEvent(new CustomEvent("change", { detail: { sale, receipt, refund } }));
  }

  #keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(this.list));
    } catch (error) {
      // A full or forbidden store costs the sales over a reload, not the sale itself.
      console.info(error);
    }
  }

  /* ---- asking ---- */

  #follow(sale) {
    clearTimeout(this.#asking.get(sale.order));
    this.#asking.delete(sale.order);
    if (!OPEN.has(sale.outcome)) return;
    sale.since ??= {};
    sale.since[sale.outcome] ??= Date.now();
    this.#asking.set(sale.order, setTimeout(() => this.#ask(sale), ASK_MS));
  }

  async #ask(sale) {
    const waited = Date.now() - (sale.since?.[sale.outcome] ?? Date.now());
    if (OPEN.has(sale.outcome) && waited > PATIENCE_MS[sale.outcome]) sale.cancelling = true;
    const receipt = await this.#question(sale);
    if (sale.cancelling && receipt.outcome === "REFUSED") {
      // It is too late to cancel: what became of it, the next question tells.
      sale.cancelling = false;
      this.#tell(sale, receipt);
      this.#follow(sale);
      return;
    }
    const outcome = receipt.outcome === "REFUSED" ? "UNKNOWN" : receipt.outcome;
    if (outcome === sale.outcome) this.#follow(sale);
    else this.#take(sale, { ...receipt, outcome });
  }

  #question(sale) {
    const { shop, order, amount, subject } = sale;
    if (sale.cancelling) return request("cancel", { shop, order });
    // The same order again is the same order: so a lost code comes back.
    if (sale.kind === "order" && !sale.qr) return request("order", { shop, order, amount, subject });
    return request("query", { shop, order, offered: sale.kind === "order" });
  }
}
