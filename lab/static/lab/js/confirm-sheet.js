/* The sheet that asks the payer to confirm: merchant and amount as the server has them. */

import { h, icon } from "../../saoma/js/dom.js";
import { explain, money, t } from "../../saoma/js/i18n.js";

const PIN_DIGITS = 6;

/**
 * What the sheet shows of a payment, a scanned code, an app's order or a deposit, as the API has it.
 * @param {Record<string, any>} answer
 */
export const sheetFacts = (answer) => ({
  id: answer.payment_id ?? answer.authorisation_id ?? answer.id,
  payee: answer.payee_name ?? answer.merchant_name ?? answer.merchant.name,
  subject: answer.description ?? answer.title,
  texts: Object.values(answer.texts ?? {}),
  amount: answer.asked ?? answer.amount,
  currency: answer.currency,
  needsPin: answer.needs_pin ?? true,
  deposit: Boolean(answer.authorisation_id),
});

/**
 * @param {object} payment {payee, amount, currency, needsPin, deposit, texts}; `amount`
 *   null: the payer types it; a `deposit` is agreed to and not paid; `texts`: the payee's own words;
 *   {title, action, decline, terms} where terms are signed
 * @param {(answer: {pin: string, amount: string}) => Promise<void>} onConfirm
 * @param {() => void} onRefuse
 */
export function confirmSheet(payment, onConfirm, onRefuse) {
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const pin = h("input", {
    class: "field pin",
    id: "confirm-pin",
    type: "password",
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: String(PIN_DIGITS),
    pattern: `[0-9]{${PIN_DIGITS}}`,
    required: true,
  });
  const amount = h("input", {
    class: "field figure",
    id: "confirm-amount",
    inputmode: "decimal",
    autocomplete: "off",
    required: true,
  });
  const yes = payment.action ?? t(payment.deposit ? "confirm.agree" : "confirm.pay");
  const pay = h("button", { type: "submit", class: "button primary wide" }, yes);
  const refuse = h(
    "button",
    { type: "button", class: "button wide", onclick: onRefuse },
    payment.decline ?? t(payment.deposit ? "confirm.decline" : "confirm.refuse"),
  );
  const open = payment.amount === null;
  const form = h(
    "form",
    {
      class: "stack",
      onsubmit: async (event) => {
        event.preventDefault();
        problem.hidden = true;
        pay.disabled = true;
        try {
          await onConfirm({ pin: pin.value, amount: amount.value });
        } catch (error) {
          problem.hidden = false;
          problem.replaceChildren(explain(error));
          pin.value = "";
          pin.focus();
        } finally {
          pay.disabled = false;
        }
      },
    },
    open ? h("label", { class: "stack", for: amount.id }, t("confirm.amount"), amount) : null,
    payment.needsPin ? h("label", { class: "stack", for: pin.id }, t("confirm.pin"), pin) : null,
    problem,
    pay,
    refuse,
  );
  const named = payment.title ?? t(payment.deposit ? "confirm.deposit" : "confirm.title");
  const title = h("h2", { id: "confirm-title" }, icon("pay"), ` ${named}`);
  const sheet = h(
    "section",
    { class: "sheet", role: "dialog", "aria-labelledby": "confirm-title" },
    title,
    h("p", {}, t("confirm.to"), " ", h("strong", {}, payment.payee)),
    payment.subject ? h("p", { class: "soft" }, payment.subject) : null,
    payment.texts?.map((text) => h("p", { class: "soft" }, text)),
    payment.terms ? termList(payment.terms) : null,
    open || payment.terms ? null : h("p", { class: "amount figure" }, money(payment.amount, payment.currency)),
    payment.deposit ? h("p", { class: "soft" }, t("confirm.held")) : null,
    form,
  );
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape") onRefuse();
  });
  queueMicrotask(() => (open ? amount : payment.needsPin ? pin : pay).focus());
  return sheet;
}

/* What is agreed to, one line a term. */
function termList(terms) {
  const line = ([label, value]) =>
    h("div", { class: "row spread" }, h("dt", { class: "soft" }, label), h("dd", {}, value));
  return h("dl", { class: "stack" }, terms.map(line));
}
