/* The venue's page: the code for its door, how many are inside, what the rule is, and what the
   gates saw today. It speaks as one of the venue's terminals. */

import { fill, h } from "../../saoma/js/dom.js";
import { explain, moment, t } from "../../saoma/js/i18n.js";
import { qrSvg } from "../../saoma/js/qr.js";
import { forgetTerminal, recallTerminal, setUp } from "./gate-setup.js";
import { GuardApi } from "./guard-api.js";
import { begin } from "./shell.js";
import { shape } from "./shape.js";
import { now, recallTime } from "./time.js";
import { FAMILIES, familyOf } from "./verdicts.js";

const LOOK_MS = 15_000;
const SOON_MS = 500;
const DAY = { day: "numeric", month: "short", year: "numeric", hour: undefined, minute: undefined, second: undefined };
const TIME = { second: undefined, hourCycle: "h23" };

class VenuePage {
  api = new GuardApi();
  terminal = null;
  #timer = null;
  #drawn = "";

  constructor(root) {
    this.root = root;
    this.banner = h("p", { class: "notice wait", role: "status", hidden: true });
    this.poster = h("section", { class: "poster card" });
    this.today = h("dl", { class: "tally" });
    this.terminals = h("ul", { class: "looks" });
    this.inside = h("section", { class: "card stack", "aria-live": "polite" });
  }

  async open() {
    await recallTime();
    this.terminal = await recallTerminal(this.api);
    addEventListener("online", () => this.look());
    if (!this.terminal) return this.#drawSetUp();
    this.#draw();
    await this.look();
  }

  /** Ask how the venue stands; again in a while, or when its code changes. */
  async look() {
    clearTimeout(this.#timer);
    let wait = LOOK_MS;
    try {
      const venue = await this.api.venue();
      this.#show(venue);
      this.#tell("");
      if (venue.changes_at) wait = Math.min(wait, Date.parse(venue.changes_at) - now() + SOON_MS);
    } catch (error) {
      if (error.code === "terminal_unregistered") return this.#forget(explain(error));
      this.#tell(t(error.code === "no_network" ? "venue.away" : "problem.unknown"));
    }
    this.#timer = setTimeout(() => this.look(), Math.max(wait, SOON_MS));
  }

  #tell(text) {
    this.banner.hidden = !text;
    this.banner.replaceChildren(text);
  }

  async #forget(why = "") {
    clearTimeout(this.#timer);
    await forgetTerminal(this.api);
    this.#drawSetUp(why);
  }

  #drawSetUp(why = "") {
    fill(
      this.root,
      setUp(this.api, {
        why,
        onIn: async (terminal) => {
          this.terminal = terminal;
          this.#draw();
          await this.look();
        },
      }),
    );
  }

  #draw() {
    const { policy } = this.terminal;
    fill(
      this.root,
      h(
        "div",
        { class: "guard venue" },
        h("div", { class: "stack left" }, this.poster, h("button", { type: "button", class: "button no-print", onclick: () => print() }, t("venue.print"))),
        h(
          "div",
          { class: "stack no-print" },
          this.banner,
          this.inside,
          h("section", { class: "card stack" }, h("h2", {}, t("venue.rule")), rule(policy)),
          h("section", { class: "card stack" }, h("h2", {}, t("venue.today")), this.today),
          h("section", { class: "card stack" }, h("h2", {}, t("venue.terminals")), this.terminals, h("div", { class: "row" }, h("button", { type: "button", class: "button danger small", onclick: () => this.#forget() }, t("gate.forget")))),
        ),
      ),
    );
  }

  #show(venue) {
    if (venue.venue_code !== this.#drawn) this.#drawPoster(venue);
    this.#drawn = venue.venue_code;
    this.#showGates(venue);
    const full = venue.capacity !== null && venue.inside >= venue.capacity;
    fill(
      this.inside,
      h("h2", {}, t("venue.inside")),
      h("p", { class: "big figure" }, venue.capacity === null ? String(venue.inside) : `${venue.inside} / ${venue.capacity}`),
      venue.capacity ? h("progress", { max: venue.capacity, value: Math.min(venue.inside, venue.capacity), "aria-label": t("venue.inside") }) : null,
      full ? h("p", { class: "notice bad" }, t("venue.full")) : null,
      h("p", { class: "soft" }, t("venue.seen", { count: venue.seen_inside })),
    );
  }

  /* What all gates saw today, in the families of the guard's screen; no person in it. */
  #showGates({ today, terminals }) {
    const counts = new Map(FAMILIES.map((family) => [family, 0]));
    for (const [verdict, count] of Object.entries(today)) {
      const family = familyOf(verdict);
      if (counts.has(family)) counts.set(family, counts.get(family) + count);
    }
    fill(
      this.today,
      [...counts].map(([family, count]) => h("div", {}, h("dt", {}, t(`family.${family}`)), h("dd", { class: "figure" }, String(count)))),
    );
    fill(
      this.terminals,
      terminals.map(({ label, mode, created_at: since }) =>
        h(
          "li",
          {},
          h("span", { class: "row spread" }, h("strong", {}, label), label === this.terminal.label ? h("span", { class: "chip good" }, t("venue.terminal")) : null),
          h("span", { class: "soft" }, `${t(`venue.mode.${mode}`)} · ${t("devices.since", { time: moment(since, DAY) })}`),
        ),
      ),
    );
  }

  /* The poster speaks to everybody who stands before it, whatever the desk's language. */
  #drawPoster(venue) {
    fill(
      this.poster,
      h("h1", {}, venue.venue),
      h("p", { class: "call" }, h("span", { lang: "zh" }, "扫码登记"), h("span", { lang: "en" }, "Scan to check in"), h("span", { lang: "fr" }, "Scannez pour pointer")),
      h("div", { class: "square" }, qrSvg(venue.venue_code, t("venue.qr_label", { venue: venue.venue }))),
      h("p", { class: "mono" }, venue.venue_code),
      h("p", { class: "soft" }, t("venue.version", { version: venue.code_version }), " ", venue.changes_at ? t("venue.changes", { time: moment(venue.changes_at, TIME) }) : t("venue.poster_hint")),
    );
  }
}

function rule(policy) {
  const colours = policy.admits.map((colour) => h("li", {}, shape(colour), h("span", {}, t(`colour.${colour}`))));
  return [
    h("p", {}, h("strong", {}, policy.name)),
    colours.length ? h("ul", { class: "admits" }, colours) : h("p", {}, t("venue.nobody")),
    policy.max_test_age_h ? h("p", {}, t("venue.test", { hours: policy.max_test_age_h })) : null,
    h("p", { class: "soft" }, t("venue.rule_hint")),
  ];
}

await begin();
new VenuePage(document.getElementById("app")).open();
