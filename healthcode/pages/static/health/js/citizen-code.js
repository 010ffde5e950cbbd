/* The code on the screen: colour with word, shape and sign, a running clock, the QR symbol
   signed anew every half minute. Nothing here asks the server. */

import { fill, h } from "../../saoma/js/dom.js";
import { locale, moment, t } from "../../saoma/js/i18n.js";
import { qrSvg } from "../../saoma/js/qr.js";
import { SHOW_EVERY_S } from "./holder.js";
import { shape } from "./shape.js";
import { now } from "./time.js";

const SECOND_MS = 1000;
const NUMBER_MS = 120_000;
const DAY = { weekday: "short", day: "numeric", month: "short" };
const DAY_TIME = { ...DAY, second: undefined };

/** A text of the API in the reader's language. */
export const say = (texts) => texts?.[locale().slice(0, 2)] ?? texts?.en ?? "";

export class CodePanel {
  #shownAt = 0;
  #drawn = "";
  #timer = null;
  #forget = null;

  /** @param {import("./holder.js").Holder} holder */
  constructor(holder, onEnded) {
    this.holder = holder;
    this.onEnded = onEnded;
    this.sign = h("div", { class: "sign-place" });
    this.word = h("p", { class: "word", id: "colour-word" });
    this.who = h("p", { class: "who-line" });
    this.day = h("span", { class: "day" });
    this.clock = h("span", { class: "clock figure" });
    this.square = h("div", { class: "square" });
    this.life = h("p", { class: "life" });
    this.number = h("input", {
      id: "gate-number", inputmode: "numeric", autocomplete: "off", maxlength: 6, size: 6,
      oninput: () => this.#sign(this.number.value),
    });
    this.asked = h(
      "p",
      { class: "row" },
      h("label", { for: "gate-number" }, t("code.gate_number")),
      this.number,
    );
    this.next = h("progress", { class: "next", max: SHOW_EVERY_S, "aria-hidden": "true" });
    this.element = h(
      "section",
      { class: "code unknown", "aria-labelledby": "colour-word" },
      h("div", { class: "head" }, this.sign, h("div", { class: "grow" }, this.word, this.who)),
      h("p", { class: "now", "aria-hidden": "true" }, this.day, this.clock),
      this.square,
      this.next,
      this.asked,
      this.life,
    );
  }

  /** The symbol that a scanner would read. */
  get symbol() {
    return this.square.querySelector("svg");
  }

  /** Begin to show; draws at once. */
  start() {
    this.stop();
    this.#drawn = "";
    this.#shownAt = 0;
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), SECOND_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick() {
    const at = now();
    this.day.replaceChildren(moment(at, { ...DAY, hour: undefined, minute: undefined, second: undefined }));
    this.clock.replaceChildren(moment(at, { hourCycle: "h23" }));
    const { holder } = this;
    const state = holder.live ? holder.pass.colour : "UNKNOWN";
    const drawn = `${state}${holder.pass?.issued_at}`;
    if (drawn !== this.#drawn) this.#drawState(state);
    this.#drawn = drawn;
    if (!holder.live) return;
    const since = (at - this.#shownAt) / SECOND_MS;
    if (since >= SHOW_EVERY_S || since < 0) {
      this.#shownAt = at;
      this.#drawSymbol();
    }
    this.next.value = Math.max(0, SHOW_EVERY_S - Math.floor((at - this.#shownAt) / SECOND_MS));
  }

  /* What the gate asks to be signed along is signed along for two minutes. */
  #sign(number) {
    clearTimeout(this.#forget);
    this.holder.nonce = number.trim();
    this.#shownAt = 0;
    if (!this.holder.nonce) return;
    this.#forget = setTimeout(() => {
      this.number.value = "";
      this.#sign("");
    }, NUMBER_MS);
  }

  #drawState(state) {
    const { pass, live } = this.holder;
    this.element.className = `code ${state.toLowerCase()}`;
    this.#shownAt = 0;
    fill(this.sign, shape(state));
    this.word.replaceChildren(live ? say(pass.label) : t("code.none"));
    this.who.replaceChildren(live ? this.holder.nameHint : t(pass ? "code.ended" : "code.waiting"));
    this.square.hidden = !live;
    this.life.hidden = !live;
    this.next.hidden = !live || !pass.bound;
    this.asked.hidden = !live || !pass.bound;
    if (!live) {
      fill(this.square);
      if (pass) this.onEnded();
      return;
    }
    const until = moment(pass.expires_at, DAY_TIME);
    this.life.replaceChildren(t(pass.bound ? "code.life" : "code.minute", { time: until }));
  }

  async #drawSymbol() {
    const code = await this.holder.show();
    if (this.holder.live) fill(this.square, qrSvg(code, t("code.qr_label", { colour: this.word.textContent })));
  }
}
