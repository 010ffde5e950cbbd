/* Predict and compare: before a step, write its entry down as debit and credit; the books decide.
   The marks of a scenario are kept in this tab. */

import { fill, h } from "../../saoma/js/dom.js";
import { t } from "../../saoma/js/i18n.js";

const KEPT = "saoma.marks";

const marks = () => JSON.parse(sessionStorage.getItem(KEPT) ?? '{"right":0,"asked":0}');

/** An entry's sides as sets of `account amount`, in no order. */
export function sides(entry) {
  const [debit = "", credit = ""] = entry.replace(/^Dr /, "").split(" / Cr ");
  const set = (text) => text.split(",").map((part) => part.trim().replace(/\s+/g, " ")).filter(Boolean).sort().join(", ");
  return { debit: set(debit), credit: set(credit) };
}

/** Whether an answer is one of the entries that the step posted. */
export function isRight(answer, entries) {
  if (!entries.length) return !answer.debit && !answer.credit;
  const mine = sides(`Dr ${answer.debit} / Cr ${answer.credit}`);
  return entries.map(sides).some(({ debit, credit }) => debit === mine.debit && credit === mine.credit);
}

/**
 * The question before a step.
 * @param {object|null} line the step to come, as it was recorded
 * @param {() => void} onward shows the step
 */
export function predictor(line, onward) {
  if (!line) return null;
  const field = (side) => h("input", { class: "field", id: `predict-${side}`, autocomplete: "off", placeholder: t(`predict.${side}_hint`) });
  const [debit, credit] = [field("debit"), field("credit")];
  const verdict = h("p", { class: "hint", role: "status" });
  const { right, asked } = marks();
  const judge = (event) => {
    event.preventDefault();
    const ok = isRight({ debit: debit.value, credit: credit.value }, line.entries);
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
