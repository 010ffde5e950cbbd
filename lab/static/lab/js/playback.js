/* Plays a scenario's recording: step by step, by itself or by hand. It draws nothing; whoever
   listens is told of `change`. The recording grows while its run is under way. */

import { call } from "../../saoma/js/api.js";

const ASK_MS = 700;
const STEP_MS = 2600;

export class Playback extends EventTarget {
  #timer = null;
  #asking = null;
  lines = [];
  place = 0;
  playing = false;
  ended = "";

  constructor(name) {
    super();
    this.name = name;
  }

  /** Begin the run, or take up what is recorded. */
  async open({ again = false } = {}) {
    await call(`/lab/scenarios/${this.name}`, { body: { again } });
    this.lines = [];
    this.place = 0;
    this.ended = "";
    await this.#ask();
  }

  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#asking);
  }

  /** The step that is shown: line 0 is how it begins. */
  get line() {
    return this.lines[this.place] ?? null;
  }

  get next() {
    return this.lines[this.place + 1] ?? null;
  }

  /** Whether the last step is on the screen. */
  get over() {
    return Boolean(this.ended) && this.place >= this.lines.length - 1;
  }

  play() {
    this.playing = true;
    this.#later();
    this.#tell();
  }

  pause() {
    this.playing = false;
    clearTimeout(this.#timer);
    this.#tell();
  }

  /** One step on; without one there yet, it waits for it. */
  step(by = 1) {
    const place = Math.min(Math.max(this.place + by, 0), this.lines.length - 1);
    if (place === this.place) return;
    this.place = place;
    if (this.over) this.playing = false;
    this.#tell();
  }

  async #ask() {
    const answer = await call(`/lab/scenarios/${this.name}?after=${this.lines.length + (this.ended ? 1 : 0)}`);
    this.title = answer.title;
    this.total = answer.steps;
    for (const line of answer.lines) {
      if (line.ended) this.ended = line.ended;
      else this.lines.push(line);
    }
    this.#tell();
    if (!this.ended) this.#asking = setTimeout(() => this.#ask().catch(() => this.#tell()), ASK_MS);
  }

  #later() {
    clearTimeout(this.#timer);
    if (!this.playing) return;
    this.#timer = setTimeout(() => {
      if (!document.hidden) this.step();
      this.#later();
    }, STEP_MS);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
