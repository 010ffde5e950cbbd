/* A merchant's till. Each act is a signed request to the real gateway, made by the lab's
   server with the demo merchant's key; the order number is made here, before the call. */

import { call } from "../../saoma/js/api.js";
import { fill, h, icon } from "../../saoma/js/dom.js";
import { explain, money, t } from "../../saoma/js/i18n.js";
import { qrSvg } from "../../saoma/js/qr.js";
import { scanPanel } from "./scan-panel.js";
import { world } from "./world.js";

const QUICK = ["3.00", "12.00", "88.00", "1200.00"];
const ASK_MS = 1500;
const PATIENCE_MS = 90_000;
const SALES = 8;
const LOOKS = {
  PAID: ["paid", "check"],
  REFUNDED: ["paid", "check"],
  WAITING: ["waiting", "wait"],
  ORDERED: ["waiting", "scan"],
  CLOSED: ["refused", "cross"],
  REFUSED: ["refused", "cross"],
  UNKNOWN: ["waiting", "wait"],
};
const OPEN = new Set(["WAITING", "ORDERED", "UNKNOWN"]);

/** An order number: the day and enough randomness never to meet again. */
function orderNumber() {
  const random = crypto.getRandomValues(new Uint32Array(3));
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  return day + [...random].map((part) => part.toString(36)).join("").toUpperCase();
}

export class SaomaTill extends HTMLElement {
  sales = [];
  sale = null;
  mode = "scan";

  async connectedCallback() {
    try {
      this.world = await world();
    } catch (error) {
      this.append(h("p", { class: "notice bad", role: "alert" }, explain(error)));
      return;
    }
    this.#build();
  }

  disconnectedCallback() {
    this.#stopAsking();
    this.scanner?.stop();
  }

  /** The code the till shows, for a phone on this page to scan. */
  get symbol() {
    return this.mode === "scan" ? null : this.offer.querySelector("svg");
  }

  #build() {
    this.shop = h(
      "select",
      { id: "till-shop", onchange: () => this.#suggest() },
      this.world.shops.map((shop) => h("option", { value: shop.slug }, `${shop.name} · ${shop.latin}`)),
    );
    this.amount = h("input", {
      id: "till-amount",
      inputmode: "decimal",
      autocomplete: "off",
      value: "12.00",
      "aria-label": t("till.amount"),
    });
    this.subject = h("input", { class: "field", id: "till-subject", maxlength: "128" });
    this.modes = h("div", { class: "tabs", role: "tablist", "aria-label": t("till.modes") });
    this.pane = h("div", { class: "stack" });
    this.offer = h("div", { class: "stack" });
    this.verdict = h("div", { class: "verdict", role: "status", "aria-live": "polite", hidden: true });
    this.list = h("ul", { class: "list" });
    this.append(
      h(
        "div",
        { class: "till" },
        h("label", { class: "stack", for: "till-shop" }, t("till.shop"), this.shop),
        h("div", { class: "amount-field" }, h("span", { "aria-hidden": "true" }, "¥"), this.amount),
        h("div", { class: "row", role: "group", "aria-label": t("till.quick") }, QUICK.map((text) => this.#quick(text))),
        h("label", { class: "stack", for: "till-subject" }, t("till.subject"), this.subject),
        this.modes,
        this.pane,
        this.verdict,
        h("section", { "aria-label": t("till.sales") }, this.list),
      ),
    );
    this.#suggest();
    this.#show("scan");
  }

  #quick(text) {
    const choose = () => {
      this.amount.value = text;
    };
    return h("button", { type: "button", class: "button small", onclick: choose }, money(text));
  }

  #suggest() {
    this.subject.value = t(`goods.${this.shop.value}`);
    if (this.mode === "sticker") this.#drawSticker();
  }

  /* The code on the counter: no amount, no end; the customer types what to pay. */
  #drawSticker() {
    const shop = this.world.shops.find(({ slug }) => slug === this.shop.value);
    if (!shop?.sticker) return;
    fill(
      this.offer,
      h("div", { class: "offer" }, qrSvg(shop.sticker, t("till.sticker_label", { shop: shop.name }))),
      h("p", { class: "soft" }, t("till.sticker_hint")),
      h("a", { href: `/lab/stickers/${shop.slug}.svg`, target: "_blank", rel: "noopener" }, t("till.sticker_print")),
      h("p", { class: "mono soft" }, shop.sticker),
    );
  }

  #show(mode) {
    this.mode = mode;
    this.scanner?.stop();
    fill(
      this.modes,
      ["scan", "show", "sticker"].map((name) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            id: `till-mode-${name}`,
            "aria-selected": String(mode === name),
            onclick: () => this.#show(name),
          },
          t(`till.mode_${name}`),
        ),
      ),
    );
    if (mode === "scan") {
      const phone = document.querySelector("saoma-phone");
      this.scanner = scanPanel({
        id: "till-scan",
        typed: t("scan.typed_code"),
        numeric: true,
        beside: phone ? () => phone.symbol : undefined,
        besideLabel: t("scan.phone_beside"),
        onCode: (code) => this.#charge(code),
      });
      fill(this.pane, this.scanner.panel);
      return;
    }
    fill(this.offer);
    if (mode === "sticker") {
      fill(this.pane, this.offer);
      this.#drawSticker();
      return;
    }
    const make = h(
      "button",
      { type: "button", class: "button primary wide", id: "till-offer", onclick: () => this.#offer() },
      icon("pay"),
      t("till.make_code"),
    );
    fill(this.pane, make, this.offer);
  }

  /* ---- acts ---- */

  #newSale() {
    this.#stopAsking();
    const sale = {
      order: orderNumber(),
      shop: this.shop.value,
      amount: this.amount.value.trim(),
      subject: this.subject.value.trim() || t("goods.other"),
    };
    this.sale = sale;
    return sale;
  }

  async #charge(code) {
    const { order, shop, amount, subject } = this.#newSale();
    await this.#act("pay", { order, shop, amount, subject, auth_code: code });
  }

  async #offer() {
    const { order, shop, amount, subject } = this.#newSale();
    fill(this.offer);
    const receipt = await this.#act("order", { order, shop, amount, subject });
    if (receipt?.trade.qr_code) {
      const symbol = qrSvg(receipt.trade.qr_code, t("till.code_label", { amount: money(amount) }));
      fill(
        this.offer,
        h("div", { class: "offer" }, symbol),
        h("p", { class: "mono soft" }, receipt.trade.qr_code),
      );
    }
  }

  /** Do one thing for the present sale and show what came of it. */
  async #act(act, body, sale = this.sale) {
    this.#draw({ outcome: "UNKNOWN", message: t("till.asking"), trade: {}, raw: "" }, sale);
    let receipt;
    try {
      receipt = await call(`/lab/till/${act}`, { body });
    } catch (error) {
      receipt = { outcome: "REFUSED", message: explain(error), trade: {}, raw: "" };
    }
    this.#take(receipt, sale);
    return receipt;
  }

  #take(receipt, sale) {
    sale.outcome = receipt.outcome;
    sale.refunded = receipt.outcome === "REFUNDED" ? receipt.trade.refund_fee : sale.refunded;
    if (!this.sales.includes(sale)) this.sales = [sale, ...this.sales].slice(0, SALES);
    this.#draw(receipt, sale);
    this.#drawSales();
    if (OPEN.has(receipt.outcome)) this.#keepAsking(sale);
    else if (receipt.outcome === "PAID") fill(this.offer);
  }

  /* A till never leaves the counter without knowing: it asks until paid, closed, or too late. */
  #keepAsking(sale) {
    if (this.asking?.sale === sale) return;
    this.#stopAsking();
    const asking = { sale, until: performance.now() + PATIENCE_MS };
    this.asking = asking;
    const again = async () => {
      if (this.asking !== asking) return;
      if (performance.now() > asking.until) {
        this.#stopAsking();
        return;
      }
      const body = { shop: sale.shop, order: sale.order };
      const receipt = await call("/lab/till/query", { body }).catch(() => null);
      if (this.asking !== asking) return;
      if (receipt && receipt.outcome !== sale.outcome) {
        if (!OPEN.has(receipt.outcome)) this.#stopAsking();
        this.#take(receipt, sale);
      }
      if (this.asking === asking) asking.timer = setTimeout(again, ASK_MS);
    };
    asking.timer = setTimeout(again, ASK_MS);
  }

  #stopAsking() {
    clearTimeout(this.asking?.timer);
    this.asking = null;
  }

  async #cancel(sale) {
    this.#stopAsking();
    fill(this.offer);
    await this.#act("cancel", { shop: sale.shop, order: sale.order }, sale);
  }

  async #refund(sale, amount) {
    const body = { shop: sale.shop, order: sale.order, amount, request: `R${orderNumber()}` };
    await this.#act("refund", body, sale);
  }

  /* ---- drawing ---- */

  #draw(receipt, sale) {
    const [look, sign] = LOOKS[receipt.outcome] ?? LOOKS.UNKNOWN;
    const amount = receipt.outcome === "REFUNDED" ? receipt.trade.refund_fee : sale.amount;
    this.verdict.hidden = false;
    this.verdict.className = `verdict ${look}`;
    const buyer = receipt.trade.buyer_logon_id;
    const refused = receipt.outcome === "REFUSED" || receipt.outcome === "UNKNOWN";
    fill(
      this.verdict,
      h("p", { class: "headline" }, icon(sign), t(`outcome.${receipt.outcome}`)),
      h("p", { class: "figure" }, shown(amount), buyer ? ` · ${buyer}` : ""),
      refused && receipt.message ? h("p", {}, receipt.message) : null,
      receipt.sub_code ? h("p", { class: "mono soft" }, receipt.sub_code) : null,
      OPEN.has(receipt.outcome)
        ? h(
            "button",
            { type: "button", class: "button danger", id: "till-cancel", onclick: () => this.#cancel(sale) },
            t("till.cancel"),
          )
        : null,
      receipt.raw
        ? h("details", {}, h("summary", {}, t("till.raw")), h("pre", { tabindex: "0" }, pretty(receipt.raw)))
        : null,
    );
  }

  #drawSales() {
    fill(this.list, this.sales.map((sale) => this.#saleRow(sale)));
  }

  #saleRow(sale) {
    const shop = this.world.shops.find(({ slug }) => slug === sale.shop);
    const tone = { paid: "good", refused: "bad", waiting: "wait" }[LOOKS[sale.outcome]?.[0]];
    const back = h("input", {
      class: "field figure",
      id: `refund-${sale.order}`,
      inputmode: "decimal",
      value: sale.amount,
      autocomplete: "off",
    });
    const paid = sale.outcome === "PAID" || sale.outcome === "REFUNDED";
    const refundForm = h(
      "details",
      { class: "row" },
      h("summary", {}, t("till.refund")),
      h(
        "form",
        {
          class: "row",
          onsubmit: (event) => {
            event.preventDefault();
            this.#refund(sale, back.value.trim());
          },
        },
        h("label", { class: "stack grow", for: back.id }, t("till.refund_amount"), back),
        h("button", { type: "submit", class: "button end" }, t("till.refund_go")),
      ),
    );
    return h(
      "li",
      { class: "sale" },
      h("span", {}, h("strong", { class: "figure" }, shown(sale.amount)), " ", h("span", { class: "soft" }, shop?.name ?? "")),
      h("span", { class: `chip ${tone ?? ""}` }, t(`outcome.${sale.outcome}`)),
      h("span", { class: "mono soft row" }, sale.order),
      paid ? refundForm : null,
    );
  }
}

/* What was typed may be no amount at all; then it is shown as typed. */
const shown = (amount) => (/^\d+(\.\d+)?$/.test(amount) ? money(amount) : String(amount));

function pretty(raw) {
  try {
    return JSON.stringify(JSON.parse(raw), null, 1);
  } catch {
    return raw;
  }
}
