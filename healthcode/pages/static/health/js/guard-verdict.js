/* A verdict, readable from two steps away: shape, word, what to do. It says no reason for a
   colour, and of the person no more than a guard compares with an identity document. */

import { fill, h, s } from "../../saoma/js/dom.js";
import { t } from "../../saoma/js/i18n.js";
import { shape } from "./shape.js";
import { familyOf } from "./verdicts.js";

const GONE_AFTER_MS = 15_000;
const NARROW = "(max-width: 860px)";
/* Shapes of what is no colour: broken, over, taken back, too old a scanner, a specimen. */
const SIGNS = {
  technical: ["M8 22h84v56H8z", "M30 36l40 28M70 36 30 64"],
  expired: ["M22 6h56v16L56 50l22 28v16H22V78l22-28-22-28z", "M38 82h24"],
  revoked: ["M50 4a46 46 0 1 0 0 92 46 46 0 0 0 0-92z", "M22 22l56 56"],
  stale: ["M50 4a46 46 0 1 0 0 92 46 46 0 0 0 0-92z", "M50 24v28l18 14"],
  compare: ["M8 18h84v64H8z", "M24 40h20v26H24zM58 42h20M58 56h20"],
  specimen: ["M6 6h88v88H6z", "M26 66l22-34 22 34M34 56h28"],
};

function sign(seen, family) {
  if (family === "admitted" || family === "policy") return shape(seen.colour);
  const [outline, drawn] = SIGNS[family];
  return s(
    "svg",
    { viewBox: "0 0 100 100", class: `shape ${family}`, "aria-hidden": "true" },
    s("path", { d: outline }),
    s("path", { class: "sign", d: drawn }),
  );
}

const told = (key, otherwise) => (t(key) === key ? otherwise : t(key));

export class VerdictPanel {
  #timer = null;

  /** @param {() => void} onNext the guard is ready for the next person */
  constructor(onNext) {
    this.onNext = onNext;
    this.element = h("section", { class: "verdict-place", "aria-live": "assertive", "aria-atomic": "true" });
    this.clear();
  }

  /** Nothing is kept of whom it was about. */
  clear() {
    clearTimeout(this.#timer);
    this.element.className = "verdict-place empty";
    fill(this.element, h("p", { class: "soft" }, t("gate.waiting")));
  }

  /**
   * Show a verdict.
   * @param {object} seen
   * @param {(matches: boolean) => void} onCompared what the guard found on an identity document
   */
  show(seen, onCompared) {
    clearTimeout(this.#timer);
    const family = familyOf(seen.verdict);
    const paper = family === "compare";
    this.element.className = `verdict-place ${family}`;
    fill(
      this.element,
      h("div", { class: "sign-place" }, sign(seen, family)),
      h("h2", { class: "word" }, told(`verdict.${seen.verdict}`, seen.verdict)),
      this.#colour(seen, family),
      h("p", { class: "todo" }, this.#todo(seen)),
      this.#person(seen, family),
      h("p", { class: "soft" }, t(seen.offline ? "gate.by_lists" : "gate.by_server")),
      paper ? this.#comparison(onCompared) : h("button", { type: "button", class: "button primary wide", id: "gate-next", onclick: () => this.onNext() }, t("gate.next")),
    );
    // Where the verdict covers the page, the way on is the next thing to press.
    if (matchMedia(NARROW).matches) this.element.querySelector("button").focus();
    if (!paper) this.#timer = setTimeout(() => this.onNext(), GONE_AFTER_MS);
  }

  #colour(seen, family) {
    const says = family === "admitted" || family === "policy";
    return says ? h("p", { class: "colour-line" }, t(`colour.${seen.colour}`)) : null;
  }

  #todo(seen) {
    return told(`reason.${seen.reason}`, told(`todo.${seen.verdict}`, ""));
  }

  #person({ name, birth }, family) {
    if (!["admitted", "policy", "compare"].includes(family) || !name) return null;
    const born = birth ? `${birth.slice(0, 2)}-${birth.slice(2)}` : "";
    return h("p", { class: "person figure" }, h("strong", {}, name), born ? ` · ${t("gate.born", { day: born })}` : "");
  }

  #comparison(onCompared) {
    return h(
      "div",
      { class: "row pair" },
      h("button", { type: "button", class: "button primary grow", id: "gate-matches", onclick: () => onCompared(true) }, t("gate.matches")),
      h("button", { type: "button", class: "button danger grow", id: "gate-differs", onclick: () => onCompared(false) }, t("gate.differs")),
    );
  }
}
