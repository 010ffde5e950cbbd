/* The bar above the theatre: what plays, how time goes, how deep one looks. */

import { call } from "../../saoma/js/api.js";
import { now, setServerTime } from "./clock.js";
import { fill, h, icon } from "../../saoma/js/dom.js";
import { explain, locale, moment, t, word, zone } from "../../saoma/js/i18n.js";

const DEPTHS = ["story", "books", "engineer"];
const DATE = { weekday: "short", year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: undefined };

/** Put this world back as it was seeded, and forget what this browser kept of it. */
export async function startAnew() {
  await call("/lab/api/reset", { body: {} });
  sessionStorage.clear();
  indexedDB.deleteDatabase("saoma");
  location.assign("/");
}

/* The zone's place and its distance from Greenwich, always named: a class may sit elsewhere. */
function zoneInWords(at) {
  const city = (zone() ?? "").split("/").pop();
  const parts = new Intl.DateTimeFormat(locale(), { timeZone: zone(), timeZoneName: "shortOffset" }).formatToParts(at);
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return `${word(`zone.${city}`, city.replaceAll("_", " "))} ${offset}`;
}

export class TheatreBar {
  #times = 1;
  #next = "";
  #inScenario = false;

  constructor(acts) {
    this.choice = h("select", { id: "theatre-scenario", "aria-label": t("bar.scenario"), onchange: () => acts.choose(this.choice.value) }, h("option", { value: "" }, t("theatre.free")));
    this.playButton = this.#button("play", "i-play", acts.play);
    this.back = this.#button("back", "i-back", () => acts.step(-1));
    this.stepButton = this.#button("step", "i-step", () => acts.step(1));
    this.resetButton = this.#button("reset", "again", acts.reset);
    this.hours = ["HOUR", "DAY"].map((step) => h("button", { type: "button", class: "button small time-step", onclick: () => this.advance(step) }, t(`clock.${step}`)));
    this.time = h("strong", { class: "figure", id: "theatre-time" });
    this.zone = h("span", { class: "soft" });
    this.coming = h("span", { class: "soft bar-next", id: "theatre-next" });
    this.depths = h(
      "div",
      { class: "tabs depths", role: "radiogroup", "aria-label": t("bar.depths") },
      DEPTHS.map((name, place) =>
        h("button", { type: "button", role: "radio", id: `depth-${name}`, "aria-checked": "false", "aria-keyshortcuts": String(place + 1), onclick: () => acts.depth(name) }, t(`depth.${name}`)),
      ),
    );
    this.element = h(
      "div",
      { class: "bar", role: "toolbar", "aria-label": t("bar.title") },
      this.choice,
      h("div", { class: "bar-buttons" }, this.playButton, this.back, this.stepButton, this.resetButton, this.hours),
      h("div", { class: "bar-clock" }, h("span", {}, this.time, " ", this.zone), this.coming),
      this.depths,
      h("button", { type: "button", class: "button small bar-print", onclick: () => window.print() }, t("bar.print")),
    );
    setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  #button(name, sign, act) {
    return h("button", { type: "button", class: "button small bar-button", id: `bar-${name}`, title: t(`bar.${name}`), "aria-label": t(`bar.${name}`), onclick: act }, icon(sign.replace("i-", "")));
  }

  async fillScenarios(chosen) {
    const { scenarios } = await call("/lab/scenarios");
    this.choice.append(...scenarios.map(({ name, title }) => h("option", { value: name }, title)));
    this.choice.value = chosen;
  }

  /* ---- this world's clock ---- */

  async look() {
    if (this.#inScenario) return;
    this.#take(await call("/lab/api/clock"));
  }

  /** Let time go on or stand still. */
  async run() {
    this.#take(await call("/lab/api/clock", { body: { times: this.#times ? 0 : 1 } }));
  }

  async advance(step) {
    fill(this.coming, t("clock.moving"));
    try {
      const answer = await call("/lab/clock/advance", { body: { step } });
      setServerTime(answer.now);
      const done = answer.jobs.map(({ job, done: count }) => `${word(`job.${job}`, job)} × ${count}`).join(", ");
      await this.look();
      fill(this.coming, done ? t("clock.ran", { jobs: done }) : t("clock.ran_nothing"));
      this.coming.title = this.coming.textContent;
    } catch (error) {
      fill(this.coming, explain(error));
    }
  }

  #take(clock) {
    this.#inScenario = false;
    this.#times = clock.times;
    setServerTime(clock.now);
    const due = clock.upcoming[0];
    const text = due ? t("bar.next", { time: moment(due.at, { weekday: "short", second: undefined }), what: due.words }) : t("bar.nothing_next");
    if (text !== this.#next) fill(this.coming, text);
    this.#next = text;
    this.coming.title = text;
    this.playing(clock.times > 0);
    this.hours.forEach((button) => (button.hidden = false));
    this.back.hidden = true;
    this.#tick();
  }

  #tick() {
    if (this.#inScenario) return;
    if (this.#times) this.still = now();
    this.#show(this.still ?? now());
  }

  #show(at) {
    fill(this.time, moment(at, DATE));
    fill(this.zone, zoneInWords(at));
  }

  /* ---- a scenario's ---- */

  scenario(playback) {
    this.#inScenario = true;
    this.hours.forEach((button) => (button.hidden = true));
    this.back.hidden = false;
    this.playing(playback.playing);
    this.stepButton.disabled = !playback.next;
    const { line } = playback;
    if (!line) return;
    this.#show(new Date(line.at));
    const coming = playback.next?.say ?? (playback.ended ? t("theatre.end") : t("theatre.running"));
    this.#next = "";
    fill(this.coming, playback.next ? t("bar.then", { what: coming }) : coming);
    this.coming.title = coming;
  }

  playing(on) {
    const name = on ? "pause" : "play";
    this.playButton.title = t(`bar.${name}`);
    this.playButton.setAttribute("aria-label", t(`bar.${name}`));
    this.playButton.setAttribute("aria-pressed", String(on));
    fill(this.playButton, icon(name));
    if (!on) this.stepButton.disabled = false;
  }

  showDepth(depth) {
    for (const name of DEPTHS) {
      const button = this.depths.querySelector(`#depth-${name}`);
      button.setAttribute("aria-checked", String(name === depth));
    }
  }
}
