/* Predict and compare: before a step, write its entry down as debit and credit; the books decide.
   The server compares and keeps the marks of a class; this tab shows its own. */

import { call } from "../../saoma/js/api.js";
import { fill, h } from "../../saoma/js/dom.js";
import { explain, t } from "../../saoma/js/i18n.js";

const KEPT = "saoma.marks";

const marks = () => JSON.parse(sessionStorage.getItem(KEPT) ?? '{"right":0,"asked":0}');

/**
 * The question before a step.
 * @param {object|null} line the step to come, as it was recorded
 * @param {{scenario: string, step: number}} where which step of what
 * @param {() => void} onward shows the step
 */
export function predictor(line, where, onward) {
  if (!line) return null;
  const field = (side) => h("input", { class: "field", id: `predict-${side}`, autocomplete: "off", placeholder: t(`predict.${side}_hint`) });
  const [debit, credit] = [field("debit"), field("credit")];
  const verdict = h("p", { class: "hint", role: "status" });
  const { right, asked } = marks();
  const judge = async (event) => {
    event.preventDefault();
    let ok;
    try {
      const answer = await call("/lab/course", { body: { ...where, debit: debit.value, credit: credit.value } });
      ok = answer.right;
    } catch (error) {
      fill(verdict, explain(error));
      return;
    }
    const kept = marks();
    sessionStorage.setItem(KEPT, JSON.stringify({ right: kept.right + (ok ? 1 : 0), asked: kept.asked + 1 }));
    const truth = line.entries.join("; ") || t("predict.nothing");
    verdict.className = ok ? "notice" : "notice bad";
    fill(verdict, t(ok ? "predict.right" : "predict.wrong", { truth }), " ", h("button", { type: "button", class: "button small", onclick: onward }, t("bar.step")));
  };
  return h(
    "form",
    { class: "predictor", onsubmit: judge },
    h("p", {}, h("strong", {}, t("predict.question", { what: line.say })), " ", h("span", { class: "soft" }, asked ? t("predict.marks", { right, asked }) : "")),
    h(
      "div",
      { class: "row" },
      h("label", { class: "stack grow", for: debit.id }, t("stage.debit"), debit),
      h("label", { class: "stack grow", for: credit.id }, t("stage.credit"), credit),
      h("button", { type: "submit", class: "button end" }, t("predict.compare")),
    ),
    verdict,
  );
}
