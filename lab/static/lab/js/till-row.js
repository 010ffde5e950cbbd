/* One sale in the till's list. Its form stays as it is typed, whatever is learned of the sale. */

import { fill, h } from "../../saoma/js/dom.js";
import { readAmount, shownAmount } from "../../saoma/js/amounts.js";
import { t } from "../../saoma/js/i18n.js";
import { tag } from "./tag.js";
import { standing } from "./till-sales.js";

const TONES = {
  PAID: "good",
  REFUNDED: "good",
  PARTLY_REFUNDED: "good",
  CLOSED: "bad",
  REFUSED: "bad",
};

/**
 * @param {object} sale
 * @param {string} shop name of the shop
 * @param {(typed: string, amount: string) => Promise<void>} onRefund
 */
export function saleRow(sale, shop, onRefund) {
  const chip = h("span", { class: "chip" });
  const story = h("span", {});
  const notes = h("div", { class: "row stack", role: "status" });
  const back = h("input", {
    class: "field figure",
    id: `refund-${sale.order}`,
    inputmode: "decimal",
    value: left(sale),
    autocomplete: "off",
  });
  const go = h("button", { type: "submit", class: "button end" }, t("till.refund_go"));
  const form = h(
    "details",
    { class: "row", hidden: true },
    h("summary", {}, t("till.refund")),
    h(
      "form",
      {
        class: "row",
        onsubmit: async (event) => {
          event.preventDefault();
          go.disabled = true;
          try {
            await onRefund(back.value.trim(), readAmount(back.value));
          } finally {
            go.disabled = false;
          }
        },
      },
      h("label", { class: "stack grow", for: back.id }, t("till.refund_amount"), back),
      go,
    ),
  );
  const element = h(
    "li",
    { class: "sale" },
    h("span", {}, h("strong", { class: "figure" }, shownAmount(sale.typed)), " ", h("span", { class: "soft" }, shop), " ", story),
    chip,
    h("span", { class: "mono soft row" }, sale.order),
    notes,
    form,
  );
  const update = () => {
    const state = standing(sale);
    chip.className = `chip ${TONES[state] ?? "wait"}`;
    fill(chip, t(`outcome.${state}`));
    fill(story, tag(sale.number));
    form.hidden = sale.outcome !== "PAID" || state === "REFUNDED";
    fill(notes, sale.refunds.map(note));
  };
  /* After a refund the field offers what is left; after a refusal it keeps what was typed. */
  const refunded = () => {
    back.value = left(sale);
  };
  update();
  return { element, update, refunded };
}

function note({ typed, outcome, message }) {
  const text = t(`refund.${outcome}`, { amount: shownAmount(typed) });
  return h("p", { class: outcome === "REFUSED" ? "notice bad" : "soft" }, message ? `${text} ${message}` : text);
}

/* What may still be given back, in whole fen. */
function left(sale) {
  const fen = (text) => Math.round(Number(text) * 100);
  return ((fen(sale.amount) - fen(sale.refunded)) / 100).toFixed(2);
}
