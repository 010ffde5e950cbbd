/* The theatre's middle and its bar: what happens between phone and till, on one screen.

   In free play it follows the newest payment of this world, and the bar steers this world's clock.
   In a scenario it plays a recording: phone and till make room for the cast. */

import { call } from "../../saoma/js/api.js";
import { calm, fill, h } from "../../saoma/js/dom.js";
import { explain, t } from "../../saoma/js/i18n.js";
import { people, shops } from "./cast-panels.js";
import { diagram } from "./diagram.js";
import { stream } from "./events.js";
import { Playback } from "./playback.js";
import { predictor } from "./predictor.js";
import { scissors } from "./scissors.js";
import { callPart, notifications, plot } from "./story-parts.js";
import { balanceList, journalScene } from "./t-accounts.js";
import { tag } from "./tag.js";
import { startAnew, TheatreBar } from "./theatre-bar.js";

const LOOK_MS = 5000;
const DEPTHS = ["story", "books", "engineer"];
const KEPT = "saoma.depth";

export class SaomaTheatre extends HTMLElement {
  #story = null;
  #shown = 0;
  #picked = null;
  #playback = null;
  #timers = [];
  #drawn = "";
  #noted = "";

  async connectedCallback() {
    this.depth = sessionStorage.getItem(KEPT) ?? "story";
    this.bar = new TheatreBar({
      choose: (name) => this.#choose(name),
      play: () => this.#play(),
      step: (by) => this.#step(by),
      reset: () => this.#reset(),
      depth: (depth) => this.#turnTo(depth),
    });
    this.head = h("div", { class: "theatre-head" });
    this.sentence = h("p", { class: "theatre-sentence", role: "status", "aria-live": "polite" });
    this.upper = h("div", { class: "theatre-upper clickable", tabindex: "0", role: "region", "aria-label": t("story.sequence") });
    this.lower = h("div", { class: "theatre-lower", tabindex: "0", role: "region", "aria-label": t("theatre.lower") });
    this.append(h("section", { class: "theatre-middle" }, this.head, this.sentence, this.upper, this.lower));
    document.getElementById("theatre-bar").append(this.bar.element);
    document.addEventListener("keydown", this.#key);
    const look = calm(() => this.#look(), 300);
    stream.addEventListener("saoma", look);
    stream.start();
    this.#timers.push(setInterval(look, LOOK_MS));
    this.#turnTo(this.depth);
    await this.#look();
    const name = new URLSearchParams(location.search).get("scenario");
    await this.bar.fillScenarios(name ?? "");
    if (name) this.#choose(name);
  }

  disconnectedCallback() {
    this.#timers.forEach(clearInterval);
    document.removeEventListener("keydown", this.#key);
    this.#playback?.close();
  }

  /* ---- free play ---- */

  async #look() {
    if (document.hidden || this.#playback) return;
    try {
      await this.bar.look();
      const { payments } = await call("/lab/stories");
      const story = payments.length ? await call(`/lab/stories/${payments[0].number}`) : null;
      const text = JSON.stringify(story);
      if (this.#playback || text === this.#drawn) return;
      this.#drawn = text;
      this.#shown = story && this.#story?.number === story.number ? this.#story.arrows.length : 0;
      if (!story || this.#story?.number !== story.number) this.#picked = null;
      this.#story = story;
      this.#drawStory();
    } catch (error) {
      fill(this.sentence, explain(error));
    }
  }

  #drawStory() {
    const story = this.#story;
    if (!story) {
      fill(this.head, h("strong", {}, t("theatre.free")));
      fill(this.sentence, t("theatre.invite"));
      fill(this.upper, diagram([]));
      fill(this.lower, this.depth === "engineer" ? scissors(null) : null, h("p", { class: "soft" }, t("theatre.invite_more")));
      return;
    }
    this.style.removeProperty("--tag");
    fill(this.head, tag(story.number), h("span", { class: "soft" }, story.subject), h("a", { class: "end-link", href: `/story/${story.number}/` }, t("theatre.whole")));
    fill(this.sentence, plot(story));
    this.#drawUpper(story.arrows, this.#shown, story.colour);
    this.#drawLower(story, story.journals);
    if (this.depth === "engineer") this.lower.prepend(scissors(story));
  }

  #drawUpper(arrows, fresh, colour) {
    const onPick = (arrow) => {
      this.#picked = arrow === this.#picked ? null : arrow;
      if (this.#picked) this.#turnTo("engineer");
      else this.#redraw();
    };
    fill(this.upper, diagram(arrows, { fresh, colour, onPick, picked: this.#picked }));
    if (!this.#picked) this.upper.scrollTop = this.upper.scrollHeight;
  }

  #drawLower(source, journals) {
    this.lower.className = `theatre-lower tag-${source.colour ?? 5}`;
    if (this.depth === "engineer") {
      fill(this.lower, this.#detail(source));
      return;
    }
    if (!journals.length) {
      fill(this.lower, source.balances?.length ? balanceList(source.balances) : h("p", { class: "soft" }, t("theatre.no_entry")));
      return;
    }
    const scenes = this.depth === "story" ? journals.slice(-1) : [...journals].reverse();
    fill(this.lower, scenes.map((scene) => journalScene(scene)));
  }

  /* The bytes behind an arrow: the picked one's, else the last call's. */
  #detail(source) {
    const ref = this.#picked?.ref;
    const note = source.notifications.find(({ id }) => id === ref);
    if (note) return notifications({ notifications: [note] });
    const scene = source.journals.find(({ id }) => id === ref);
    if (scene) return journalScene(scene);
    const one = source.calls.find(({ id }) => id === ref) ?? source.calls.at(-1);
    return one ? callPart(one) : h("p", { class: "soft" }, t("theatre.no_call"));
  }

  /* ---- a scenario ---- */

  async #choose(name) {
    this.#playback?.close();
    this.#playback = null;
    this.#picked = null;
    document.body.classList.toggle("in-scenario", Boolean(name));
    const address = new URL(location.href);
    if (name) address.searchParams.set("scenario", name);
    else address.searchParams.delete("scenario");
    history.replaceState(null, "", address);
    if (!name) {
      this.#drawn = "";
      this.bar.playing(false);
      await this.#look();
      return;
    }
    const playback = new Playback(name);
    this.#playback = playback;
    playback.addEventListener("change", () => this.#drawScene());
    fill(this.sentence, t("theatre.starting"));
    fill(this.upper, diagram([]));
    fill(this.lower);
    try {
      await playback.open();
    } catch (error) {
      fill(this.sentence, explain(error));
    }
  }

  #drawScene() {
    const playback = this.#playback;
    if (!playback) return;
    const { line, place, next } = playback;
    this.bar.scenario(playback);
    if (!line) return;
    const seen = `${place}|${playback.ended}|${this.depth}|${this.#picked?.ref}|${Boolean(next)}`;
    if (seen === this.#drawn) return;
    this.#drawn = seen;
    this.#noteStep(playback.name, place);
    const before = place ? playback.lines[place - 1] : null;
    fill(document.getElementById("cast-people"), people(line, before));
    fill(document.getElementById("cast-shops"), shops(line, before));
    fill(
      this.head,
      h("strong", {}, playback.title),
      h("span", { class: "soft figure" }, t("theatre.place", { place, total: playback.total })),
      line.result ? h("span", { class: `chip ${line.result === "PASSED" ? "good" : line.result === "NOT_BUILT" ? "wait" : "bad"}`, id: "step-result" }, t(`result.${line.result}`)) : null,
      playback.over ? h("span", { class: `chip ${playback.ended === "PASSED" ? "good" : "bad"}`, id: "scenario-result" }, t("theatre.ended", { result: t(`result.${playback.ended}`) })) : null,
      h("a", { class: "end-link", href: `/lessons/${playback.name}/` }, t("theatre.lesson")),
    );
    fill(this.sentence, place ? line.say : t("theatre.curtain", { title: playback.title }));
    this.#drawUpper(line.arrows ?? [], 0, 5);
    const source = { journals: [], calls: [], notifications: [], ...line };
    const question = this.depth === "books" ? predictor(next, { scenario: playback.name, step: place + 1 }, () => playback.step()) : null;
    this.#drawLower(source, source.journals);
    if (question) this.lower.prepend(question);
    const differences = line.differences ?? [];
    if (differences.length) {
      this.lower.prepend(h("ul", { class: "notice bad" }, differences.map((one) => h("li", {}, t("theatre.difference", one)))));
    }
    if (line.left_out) this.lower.append(h("p", { class: "soft" }, t("theatre.left_out", { count: line.left_out })));
  }

  /* A teacher's board shows where everybody is. */
  #noteStep(scenario, step) {
    if (this.#noted === `${scenario} ${step}`) return;
    this.#noted = `${scenario} ${step}`;
    call("/lab/course", { body: { scenario, step } }).catch(() => {});
  }

  /* ---- the bar ---- */

  #turnTo(depth) {
    this.depth = depth;
    sessionStorage.setItem(KEPT, depth);
    this.dataset.depth = depth;
    this.bar.showDepth(depth);
    this.#redraw();
  }

  #redraw() {
    this.#drawn = "";
    if (this.#playback) this.#drawScene();
    else if (this.bar) this.#drawStory();
  }

  async #play() {
    if (!this.#playback) {
      await this.bar.run();
      return;
    }
    if (this.#playback.playing) this.#playback.pause();
    else if (this.#playback.over) await this.#reset();
    else this.#playback.play();
  }

  async #step(by = 1) {
    this.#picked = null;
    if (this.#playback) {
      this.#playback.pause();
      this.#playback.step(by);
      return;
    }
    if (by > 0) await this.bar.advance("NEXT");
    await this.#look();
  }

  async #reset() {
    this.#picked = null;
    if (this.#playback) {
      this.#playback.pause();
      this.#playback.step(-this.#playback.place);
      return;
    }
    if (globalThis.confirm(t("theatre.reset_sure"))) await startAnew();
  }

  #key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    // A space presses the button that has the focus; it is not for the play.
    if (event.key === " " && event.target.closest("button, a, summary")) return;
    const acts = {
      " ": () => this.#play(),
      ArrowRight: () => this.#step(),
      ArrowLeft: () => this.#step(-1),
      r: () => this.#reset(),
      1: () => this.#turnTo(DEPTHS[0]),
      2: () => this.#turnTo(DEPTHS[1]),
      3: () => this.#turnTo(DEPTHS[2]),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
}
