/* The code a payer shows: bars for laser scanners, a square for cameras, digits for nobody
   until asked. Made on this device every 30 seconds, network or not. */

import { now } from "./clock.js";
import { code128Svg } from "./code128.js";
import { fill, h, icon } from "../../saoma/js/dom.js";
import { t } from "../../saoma/js/i18n.js";
import { codeAt, stepAt } from "./paycode.js";
import { qrSvg } from "../../saoma/js/qr.js";

const STEP_S = 30;
const TICK_MS = 500;
const LOW_ALIASES = 3;

export class PayCard {
  #shown = { alias: "", step: -1 };
  #timer = null;
  #turn = 0;
  #revealed = false;
  element = h("section", { class: "code-card" });
  symbol = null;
  code = "";

  /** @param {{device: () => object|null, prefix: string, more: () => void, offline: () => boolean}} phone */
  constructor(phone) {
    this.phone = phone;
    this.element.setAttribute("aria-label", t("pay.card"));
    this.bars = h("div", { class: "bars" });
    this.square = h("div", { class: "square" });
    this.digits = h("div", { class: "stack", id: "pay-digits" });
    this.progress = h("progress", { max: STEP_S, value: STEP_S });
    this.progress.setAttribute("aria-label", t("pay.renewal"));
    this.state = h("span", { role: "status" });
    const next = h(
      "button",
      { type: "button", onclick: () => this.next() },
      t("pay.next"),
    );
    this.element.append(
      h("div", { class: "paper" }, this.bars, this.digits, this.square),
      this.progress,
      h("div", { class: "below" }, this.state, next),
    );
  }

  start() {
    this.#timer ??= setInterval(() => this.draw(), TICK_MS);
    document.addEventListener("visibilitychange", this.#cover);
    document.addEventListener("saoma:jump", this.#again);
    return this.draw();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    document.removeEventListener("visibilitychange", this.#cover);
    document.removeEventListener("saoma:jump", this.#again);
  }

  /** Whoever looks away comes back to hidden digits. */
  cover() {
    if (!this.#revealed) return;
    this.#revealed = false;
    this.#drawDigits();
  }

  #cover = () => this.cover();

  /* The world's clock has jumped: what is on the screen is a code of yesterday. */
  #again = () => this.draw(true);

  /** Lay the present alias aside: it was shown to somebody, or the payer wants another. */
  next() {
    const device = this.phone.device();
    if (device?.aliases.length > 1) device.aliases.push(device.aliases.shift());
    this.#revealed = false;
    this.draw(true);
    this.phone.more();
  }

  /** The shown code has been tried at a till and is worth nothing now: show another at once. */
  spent() {
    const device = this.phone.device();
    if (device?.whole) device.whole = null;
    this.next();
  }

  async draw(force = false) {
    const device = this.phone.device();
    const moment = now();
    const alive = ({ expires_at: end }) => new Date(end) > moment;
    // A browser that may not keep keys (plain http in a local network) shows whole codes.
    const whole = device?.whole && alive(device.whole) ? device.whole.code : "";
    const alias = whole || device?.aliases.find(alive)?.alias;
    const { step, leftMs } = stepAt(moment);
    this.progress.value = leftMs / 1000;
    this.#say(alias);
    const same = alias === this.#shown.alias && step === this.#shown.step;
    if (same && !force) return;
    this.#shown = { alias, step };
    this.#turn += 1;
    const turn = this.#turn;
    if (!alias) {
      fill(this.bars);
      fill(this.digits, h("p", {}, t("pay.no_code")));
      fill(this.square);
      this.symbol = null;
      this.phone.more();
      return;
    }
    if (!whole && device.aliases.length < LOW_ALIASES) this.phone.more();
    const code =
      whole || (await codeAt({ ...device, alias, prefix: this.phone.prefix }, moment));
    // A later drawing may have overtaken this one; its code is the younger.
    if (turn !== this.#turn) return;
    this.code = code;
    this.symbol = qrSvg(this.code, t("pay.qr_label"));
    const bars = code128Svg(this.code, t("pay.bars_label"));
    bars.setAttribute("preserveAspectRatio", "none");
    fill(this.bars, bars);
    fill(this.square, this.symbol);
    this.#drawDigits();
  }

  #say(alias) {
    const key = this.phone.offline() ? "pay.offline" : alias ? "pay.online" : "pay.fetching";
    const text = t(key);
    if (this.state.dataset.text === text) return;
    this.state.dataset.text = text;
    fill(this.state, icon(this.phone.offline() ? "plane" : "signal"), ` ${text}`);
  }

  /* Whoever asks a stranger to read these digits out is stealing; say so. */
  #drawDigits() {
    const toggle = h(
      "button",
      {
        type: "button",
        class: "reveal",
        id: "pay-reveal",
        "aria-expanded": String(this.#revealed),
        onclick: () => {
          this.#revealed = !this.#revealed;
          this.#drawDigits();
        },
      },
      t(this.#revealed ? "pay.hide_digits" : "pay.show_digits"),
    );
    const digits = this.#revealed
      ? [
          h("p", { class: "digits" }, this.code.replace(/(\d{4})(?=\d)/g, "$1 ")),
          h("p", { class: "warning" }, t("pay.warning")),
        ]
      : [];
    fill(this.digits, ...digits, toggle);
  }
}
