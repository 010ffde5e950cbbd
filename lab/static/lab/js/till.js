/* A merchant's till. Each act is a signed request to the real gateway, made by the lab's
   server with the demo merchant's key; the order number is made here, before the call. */

import { readAmount, shownAmount } from "../../saoma/js/amounts.js";
import { fill, h, icon } from "../../saoma/js/dom.js";
import { decimal, explain, money, t } from "../../saoma/js/i18n.js";
import { qrSvg } from "../../saoma/js/qr.js";
import { scanPanel } from "./scan-panel.js";
import { saleRow } from "./till-row.js";
import { OPEN, Sales, standing } from "./till-sales.js";
import { world } from "./world.js";

const QUICK = ["3.00", "12.00", "88.00", "1200.00"];
const LOOKS = {
  PAID: ["paid", "check"],
  REFUNDED: ["paid", "check"],
  PARTLY_REFUNDED: ["paid", "check"],
  WAITING: ["waiting", "wait"],
  ORDERED: ["waiting", "scan"],
  CLOSED: ["refused", "cross"],
  REFUSED: ["refused", "cross"],
  UNKNOWN: ["waiting", "wait"],
};

export class SaomaTill extends HTMLElement {
  sales = new Sales();
  sale = null;
  mode = "scan";
  #rows = new Map();

  async connectedCallback() {
    try {
      this.world = await world();
    } catch (error) {
      this.append(h("p", { class: "notice bad", role: "alert" }, explain(error)));
      return;
    }
    this.#build();
    this.sales.addEventListener("change", (/** @type {CustomEvent} */ event) => this.#learn(event.detail));
    this.sales.restore();
    this.#drawSales();
    const present = this.sales.list[0];
    if (present && OPEN.has(present.outcome)) this.#resume(present);
  }

  disconnectedCallback() {
    this.sales.stop();
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
      this.world.shops.map((shop) => h("option", { value: shop.slug }, shop.name)),
    );
    this.amount = h("input", {
      id: "till-amount",
      inputmode: "decimal",
      autocomplete: "off",
      value: decimal("12.00"),
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
        h("div", { class: "quick", role: "group", "aria-label": t("till.quick") }, QUICK.map((text) => this.#quick(text))),
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
      this.amount.value = decimal(text);
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
      h("a", { href: `/lab/stickers/${shop.slug}/`, target: "_blank", rel: "noopener" }, t("till.sticker_print")),
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
      /** @type {any} */
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
    delete this.offer.dataset.order;
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
    if (this.sale && OPEN.has(this.sale.outcome)) this.#drawOffer(this.sale);
  }

  /* ---- acts ---- */

  #newSale(kind) {
    this.sale = this.sales.open({
      kind,
      shop: this.shop.value,
      typed: this.amount.value.trim(),
      amount: readAmount(this.amount.value),
      subject: this.subject.value.trim() || t("goods.other"),
    });
    this.#drawSales();
    this.#draw(asking(), this.sale);
    return this.sale;
  }

  async #charge(code) {
    await this.sales.begin(this.#newSale("pay"), code);
    // A phone that has network learns at once that its code has been tried.
    document.dispatchEvent(new CustomEvent("saoma:code-tried", { detail: code }));
  }

  async #offer() {
    fill(this.offer);
    await this.sales.begin(this.#newSale("order"));
  }

  async #cancel(sale) {
    fill(this.offer);
    this.#draw(asking(), sale);
    await this.sales.cancel(sale);
  }

  /* After a reload: the sale that was under way is on the screen again. */
  #resume(sale) {
    this.sale = sale;
    if (sale.kind === "order") this.#show("show");
    this.#draw({ ...asking(), outcome: sale.outcome }, sale);
    this.#drawOffer(sale);
  }

  /* Something is known anew of a sale; what is on the screen belongs to the present one. */
  #learn({ sale, receipt, refund }) {
    const row = this.#rows.get(sale.order);
    row?.update();
    if (refund && refund.outcome === "REFUNDED") row?.refunded();
    if (refund) this.sale = sale;
    if (sale !== this.sale) return;
    this.#draw(receipt, sale, refund);
    if (OPEN.has(sale.outcome)) this.#drawOffer(sale);
    else if (this.mode === "show") fill(this.offer);
  }

  /* ---- drawing ---- */

  #drawOffer(sale) {
    if (!sale.qr || this.mode !== "show" || this.offer.dataset.order === sale.order) return;
    this.offer.dataset.order = sale.order;
    fill(
      this.offer,
      h("div", { class: "offer" }, qrSvg(sale.qr, t("till.code_label", { amount: shownAmount(sale.typed) }))),
      h("p", { class: "mono soft" }, sale.qr),
    );
  }

  #draw(receipt, sale, refund = null) {
    const done = refund?.outcome === "REFUNDED";
    const state = done ? standing(sale) : receipt.outcome;
    const [look, sign] = LOOKS[state] ?? LOOKS.UNKNOWN;
    const buyer = receipt.trade.buyer_logon_id;
    const doubtful = receipt.outcome === "REFUSED" || receipt.outcome === "UNKNOWN";
    const amount = shownAmount(refund?.typed ?? sale.typed);
    const headline = refund && !done ? t(`refund.${refund.outcome}`, { amount }) : t(`outcome.${state}`);
    this.verdict.hidden = false;
    this.verdict.className = `verdict ${look}`;
    fill(
      this.verdict,
      h("p", { class: "headline" }, icon(sign), headline),
      h("p", { class: "figure" }, amount, buyer ? ` · ${buyer}` : ""),
      doubtful && receipt.message ? h("p", {}, receipt.message) : null,
      receipt.outcome === "UNKNOWN" ? h("p", { class: "soft" }, t(sale.cancelling ? "till.cancelling" : "till.resolving")) : null,
      receipt.sub_code ? h("p", { class: "mono soft" }, receipt.sub_code) : null,
      OPEN.has(sale.outcome) && !sale.cancelling
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
    /** @type {[string, any][]} */
    const rows = this.sales.list.map((sale) => {
      const name = this.world.shops.find(({ slug }) => slug === sale.shop)?.name ?? "";
      const row =
        this.#rows.get(sale.order) ??
        saleRow(sale, name, (typed, amount) => this.sales.refund(sale, typed, amount));
      return [sale.order, row];
    });
    this.#rows = new Map(rows);
    fill(this.list, rows.map(([, { element }]) => element));
  }
}

/* What is shown while the gateway is being asked. */
const asking = () => ({ outcome: "UNKNOWN", message: t("till.asking"), sub_code: "", trade: {}, raw: "" });

function pretty(raw) {
  try {
    return JSON.stringify(JSON.parse(raw), null, 1);
  } catch {
    return raw;
  }
}
