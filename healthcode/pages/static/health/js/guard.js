/* The guard's page: read a code by camera, picture or keyboard, and say what it is worth.
   With network the server judges; without, this browser does, by its signed lists. */

import { fill, h } from "../../saoma/js/dom.js";
import { explain, moment, t } from "../../saoma/js/i18n.js";
import { hasCamera, readFile, watchCamera } from "../../saoma/js/scanner.js";
import { field, tick } from "./form.js";
import { forgetTerminal, learnTerminal, recallTerminal, setUp } from "./gate-setup.js";
import { GuardApi } from "./guard-api.js";
import { canSign } from "./holder.js";
import { handIn, note, waiting } from "./guard-queue.js";
import { VerdictPanel } from "./guard-verdict.js";
import { judge } from "./judge.js";
import { recallLists, updateLists } from "./lists.js";
import { begin } from "./shell.js";
import { signal } from "./sound.js";
import { load, save } from "./store.js";
import { now, recallTime } from "./time.js";
import { FAMILIES, familyOf, fromAnswer, fromProblem } from "./verdicts.js";

const SIGNALS = "guard/signals";
const UPDATE_MS = 10 * 60_000;
const DRAW_MS = 1000;
const CLOCK = { hourCycle: "h23" };

class GuardPage {
  api = new GuardApi();
  terminal = null;
  lists = null;
  signals = { sound: false, vibration: true, number: false };
  /* What the next person types into their phone, so that no picture made before will do. */
  number = "";
  counts = new Map();
  #watch = null;
  #filming = false;

  constructor(root) {
    this.root = root;
    this.state = h("div", { class: "state" });
    this.verdict = new VerdictPanel(() => this.#next());
    this.video = h("video", { class: "camera", muted: true, playsinline: true, hidden: true });
    this.status = h("p", { class: "hint", role: "status" });
    this.tally = h("dl", { class: "tally" });
    this.asked = h("p", { class: "card figure", id: "gate-nonce", role: "status", hidden: true });
  }

  /** A new number for the next person, where this gate asks for one. */
  #askNumber() {
    const [drawn] = crypto.getRandomValues(new Uint16Array(1));
    this.number = this.signals.number ? String(drawn % 10_000).padStart(4, "0") : "";
    this.asked.hidden = !this.number;
    fill(this.asked, this.number ? t("gate.number_now", { number: this.number }) : "");
  }

  async open() {
    await recallTime();
    this.terminal = await recallTerminal(this.api);
    this.signals = (await load(SIGNALS)) ?? this.signals;
    if (canSign()) this.lists = await recallLists();
    this.video.setAttribute("aria-label", t("gate.viewfinder"));
    addEventListener("online", () => this.update());
    addEventListener("offline", () => this.#drawState());
    setInterval(() => this.update(), UPDATE_MS);
    setInterval(() => this.#drawState(), DRAW_MS);
    if (!this.terminal) return this.#drawSetUp();
    this.#draw();
    await this.update();
  }

  /** Fetch what is needed for the time without network, and hand in what waits. */
  async update() {
    if (!this.api.credential || !navigator.onLine) return;
    try {
      this.terminal = await learnTerminal(this.api);
      if (canSign()) this.lists = await updateLists();
      await handIn(this.api);
      this.status.replaceChildren("");
    } catch (error) {
      if (error.code === "terminal_unregistered") return this.#forget(explain(error));
      if (error.code !== "no_network") this.status.replaceChildren(explain(error));
    }
    await this.#drawState();
  }

  async #forget(why = "") {
    this.#stopCamera();
    await forgetTerminal(this.api);
    this.terminal = null;
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
          await this.update();
        },
      }),
    );
  }

  #draw() {
    const code = field("gate-code", t("gate.typed"), { spellcheck: "false" });
    const typed = h(
      "form",
      {
        class: "row",
        onsubmit: (event) => {
          event.preventDefault();
          const text = code.input.value.trim();
          code.input.value = "";
          if (text) this.judge(text);
        },
      },
      h("div", { class: "grow" }, code.row),
      h("button", { type: "submit", class: "button end" }, t("gate.check")),
    );
    fill(
      this.root,
      h(
        "div",
        { class: "guard" },
        h("div", { class: "stack left" }, this.#head(), this.state, this.#readers(), this.asked, this.video, typed, this.status),
        h("div", { class: "stack" }, this.verdict.element, h("section", { class: "card stack" }, h("h2", {}, t("gate.shift")), this.tally), this.#settings()),
      ),
    );
    this.#drawTally();
    this.#drawState();
    this.#askNumber();
  }

  #head() {
    const { venue, label, policy } = this.terminal;
    const rule = policy.max_test_age_h
      ? t("gate.rule_test", { policy: policy.name, hours: policy.max_test_age_h })
      : policy.name;
    return h("div", {}, h("h1", {}, venue), h("p", { class: "soft" }, `${label} · ${rule}`));
  }

  #readers() {
    this.camera = h("button", {
      type: "button",
      class: "button primary grow",
      id: "gate-camera",
      disabled: !hasCamera(),
      onclick: () => this.#toggleCamera(),
    });
    this.#nameCamera();
    const file = h("input", {
      type: "file",
      accept: "image/*",
      id: "gate-file",
      class: "visually-hidden",
      onchange: async () => {
        const [picture] = file.files;
        file.value = "";
        if (picture) await this.#read(readFile(picture));
      },
    });
    return h("div", { class: "row" }, this.camera, file, h("label", { class: "button grow", for: file.id }, t("gate.picture")));
  }

  #settings() {
    const ticks = ["sound", "vibration", "number"].map((name) => {
      const box = tick(`gate-${name}`, t(`gate.${name}`), { checked: this.signals[name] });
      box.input.addEventListener("change", () => {
        this.signals = { ...this.signals, [name]: box.input.checked };
        save(SIGNALS, this.signals);
        if (name === "number") this.#askNumber();
      });
      return box.row;
    });
    return h(
      "details",
      { class: "card" },
      h("summary", {}, h("h2", {}, t("gate.settings"))),
      h(
        "div",
        { class: "stack section-body" },
        ticks,
        h("button", { type: "button", class: "button", id: "gate-update", onclick: () => this.update() }, t("gate.update")),
        h("button", { type: "button", class: "button danger", onclick: () => this.#forget() }, t("gate.forget")),
      ),
    );
  }

  async #drawState() {
    if (!this.terminal) return;
    const count = (await waiting()).length;
    const { lists } = this;
    const at = now();
    const good = lists && at < lists.deniedUntil && at < lists.trustedUntil;
    const until = lists && moment(Math.min(lists.deniedUntil, lists.trustedUntil), { second: undefined, ...CLOCK });
    const online = navigator.onLine;
    const chip = (tone, text) => h("span", { class: `chip ${tone}` }, text);
    fill(
      this.state,
      chip(online ? "good" : "wait", t(online ? "gate.online" : "gate.offline")),
      lists ? chip(good ? "good" : "bad", t(good ? "gate.lists_until" : "gate.lists_old", { time: until })) : chip("bad", t("gate.lists_none")),
      count ? chip("wait", t("gate.queue", { count })) : null,
      h("span", { class: "soft figure clock-small", "aria-hidden": "true" }, moment(at, CLOCK)),
    );
  }

  #drawTally() {
    fill(
      this.tally,
      FAMILIES.map((family) => h("div", {}, h("dt", {}, t(`family.${family}`)), h("dd", { class: "figure" }, String(this.counts.get(family) ?? 0)))),
    );
  }

  #toggleCamera() {
    if (this.#filming) return this.#stopCamera();
    this.#filming = true;
    this.#nameCamera();
    this.#film();
  }

  #nameCamera() {
    this.camera?.replaceChildren(t(this.#filming ? "gate.camera_off" : "gate.camera"));
  }

  #film() {
    this.#watch = new AbortController();
    this.video.hidden = false;
    this.status.replaceChildren(t("gate.looking"));
    this.#read(watchCamera(this.video, this.#watch.signal));
  }

  #stopCamera() {
    this.#filming = false;
    this.#nameCamera();
    this.#watch?.abort();
    this.video.hidden = true;
    this.status.replaceChildren("");
  }

  async #read(reading) {
    try {
      const code = await reading;
      if (code) await this.judge(code);
      else if (!this.#watch?.signal.aborted) this.status.replaceChildren(t("scan.nothing"));
    } catch (error) {
      this.#stopCamera();
      const denied = error?.name === "NotAllowedError" || error?.name === "NotFoundError";
      this.status.replaceChildren(t(denied ? "scan.no_camera" : "scan.unreadable"));
    }
    this.video.hidden = !this.#filming;
  }

  /** Judge a code: the server while it answers, else this browser. */
  async judge(code) {
    this.status.replaceChildren("");
    try {
      this.#tell(await this.#ask(code, false), code);
    } catch (error) {
      if (error.code === "terminal_unregistered") await this.#forget(explain(error));
      else this.status.replaceChildren(explain(error));
    }
  }

  async #ask(code, identityChecked) {
    if (navigator.onLine) {
      try {
        return fromAnswer(await this.api.verify(code, identityChecked, this.number));
      } catch (error) {
        const seen = fromProblem(error);
        if (seen) return seen;
        if (error.code !== "no_network") throw error;
      }
    }
    const seen = await judge(code, this.lists, this.terminal.policy, now(), this.number);
    return { ...seen, offline: true };
  }

  async #tell(seen, code = "") {
    const family = familyOf(seen.verdict);
    this.verdict.show(seen, (matches) => this.#compared(seen, code, matches));
    if (family === "compare") return;
    signal(family, this.signals);
    this.counts.set(family, (this.counts.get(family) ?? 0) + 1);
    this.#drawTally();
    if (seen.offline) await note(seen);
    await this.#drawState();
  }

  /* A paper code is anybody's who finds it: its colour is told once the guard has compared. */
  async #compared(seen, code, matches) {
    if (!matches) {
      await this.#tell({ ...seen, verdict: "NOT_PROVEN", reason: "identity_differs" });
      return;
    }
    try {
      await this.#tell(await this.#ask(code, true));
    } catch (error) {
      this.status.replaceChildren(explain(error));
    }
  }

  #next() {
    this.verdict.clear();
    this.#askNumber();
    if (this.#filming) this.#film();
  }
}

await begin();
new GuardPage(document.getElementById("app")).open();
