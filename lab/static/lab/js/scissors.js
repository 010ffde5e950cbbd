/* The scissors: cut the next answer, or let a notification come twice, and see by a lamp whether
   what must hold still does. What is armed stays on the screen until it has struck. */

import { call } from "../../saoma/js/api.js";
import { fill, h } from "../../saoma/js/dom.js";
import { explain, t } from "../../saoma/js/i18n.js";

const KINDS = ["DROP_ANSWER", "ERROR_BEFORE", "ERROR_AFTER", "DUPLICATE_NOTICE"];

/* One debit for one order, whatever was lost or doubled on the way. */
const holds = (story) => story.journals.filter(({ kind }) => kind === "payment" || kind === "guarantee").length <= 1;

/** The scissors beside a story, or beside an empty stage. */
export function scissors(story) {
  const armed = h("p", { class: "hint", role: "status" });
  const show = ({ faults }) =>
    fill(armed, faults.map(({ kind, shop, left }) => h("span", { class: "chip wait" }, t("cut.armed", { what: t(`cut.${kind}`), shop, left: left ?? "∞" }))));
  const cut = async (kind) => {
    const chosen = /** @type {HTMLSelectElement} */ (document.getElementById("till-shop"));
    const shop = chosen?.value ?? "baozi";
    try {
      show(await call("/lab/faults", { body: { shop, kind } }));
    } catch (error) {
      fill(armed, explain(error));
    }
  };
  call("/lab/faults").then(show, () => {});
  const ok = !story || holds(story);
  return h(
    "div",
    { class: "scissors", role: "group", "aria-label": t("cut.title") },
    h("div", { class: "row" }, h("strong", {}, t("cut.title")), KINDS.map((kind) => h("button", { type: "button", class: "button small", id: `cut-${kind}`, onclick: () => cut(kind) }, t(`cut.${kind}`)))),
    h("p", { class: "row" }, h("span", { class: `lamp ${ok ? "good" : "bad"}`, id: "cut-lamp" }, t(ok ? "cut.holds" : "cut.broken")), armed),
  );
}
