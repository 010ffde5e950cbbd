/* A payment's story on a page of its own; without a number, the newest payments. */

import { call } from "../../saoma/js/api.js";
import { calm, fill, h } from "../../saoma/js/dom.js";
import { explain, moment, money, t } from "../../saoma/js/i18n.js";
import { diagram } from "./diagram.js";
import { stream } from "./events.js";
import { books, calls, decisions, events, heading, notifications, payouts, settlement } from "./story-parts.js";
import { tag } from "./tag.js";

const PARTS = { request: calls, decision: decisions, books, event: events, notification: notifications, settlement, payout: payouts };

export class SaomaStory extends HTMLElement {
  #shown = "";

  connectedCallback() {
    const look = calm(() => this.#look(), 600);
    stream.addEventListener("saoma", look);
    stream.start();
    this.#look();
  }

  async #look() {
    const { number } = this.dataset;
    try {
      const answer = await call(number ? `/lab/stories/${number}` : "/lab/stories");
      const text = JSON.stringify(answer);
      // Redrawn only for what is new: whoever reads or changes a letter is not interrupted.
      if (text === this.#shown) return;
      this.#shown = text;
      fill(this, number ? whole(answer) : list(answer.payments));
    } catch (error) {
      fill(this, h("p", { class: "notice bad", role: "alert" }, explain(error)));
    }
  }
}

function whole(story) {
  const sections = Object.entries(PARTS).map(([name, part], place) =>
    h(
      "section",
      { class: `card story-part part-${name}`, "aria-labelledby": `part-${name}` },
      h("h2", { id: `part-${name}` }, h("span", { class: "story-step", "aria-hidden": "true" }, String(place + 1)), t(`part.${name}`)),
      part(story),
    ),
  );
  return [
    heading(story),
    h("section", { class: "card scroller", tabindex: "0", "aria-label": t("story.sequence") }, diagram(story.arrows, { colour: story.colour })),
    h("div", { class: "story-parts" }, sections),
  ];
}

function list(payments) {
  if (!payments.length) return h("p", { class: "card" }, t("story.none_yet"));
  return h(
    "ul",
    { class: "card list" },
    payments.map((row) =>
      h(
        "li",
        { class: "bill" },
        h("span", { class: "row" }, tag(row.number), h("strong", {}, row.payee), h("span", { class: "soft" }, row.payer)),
        h("strong", { class: "figure" }, money(row.amount, row.currency)),
        h("span", { class: "soft" }, row.subject),
        h("span", { class: "soft figure" }, `${t(`status.${row.status}`)} · ${moment(row.at)}`),
      ),
    ),
  );
}
