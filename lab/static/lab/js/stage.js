/* Behind the scenes: the books and the notifications as they happen, and the world's clock. */

import { call } from "../../saoma/js/api.js";
import { now, setServerTime } from "./clock.js";
import { calm, fill, h, icon } from "../../saoma/js/dom.js";
import { stream } from "./events.js";
import { explain, moment, money, t, word, zoneName } from "../../saoma/js/i18n.js";
import { webhookResponse } from "./webhook-response.js";
import { memo } from "./phone-views.js";
import { notificationRow } from "./notification-row.js";
import { accountName } from "./t-accounts.js";
import { tag } from "./tag.js";

const LOOK_MS = 5000;
const TOPICS = 12;
const STATES = { live: "good", polling: "good", connecting: "wait", offline: "bad" };

export class SaomaStage extends HTMLElement {
  #known = new Set();
  #topics = [];
  #timers = [];
  #data = "";

  connectedCallback() {
    this.state = h("span", { class: "chip wait", role: "status" }, t("stream.connecting"));
    this.time = h("span", { class: "time figure" });
    this.zone = h("span", { class: "soft" });
    this.ahead = h("span", { class: "soft" });
    this.next = h("span", { class: "soft" });
    this.report = h("p", { class: "hint", role: "status", "aria-live": "polite" });
    this.balance = h("span", { class: "chip" });
    this.journals = h("ol", { class: "feed", tabindex: "0", "aria-label": t("stage.journals") });
    this.notes = h("ol", { class: "feed", tabindex: "0", "aria-label": t("stage.notifications") });
    this.topics = h("ol", { class: "feed topics", tabindex: "0", "aria-label": t("stage.events") });
    this.append(
      h(
        "div",
        { class: "stage" },
        this.#clockCard(),
        h(
          "div",
          { class: "panels" },
          this.#panel("stage.journals", this.balance, this.journals),
          h("div", { class: "stack" }, this.#panel("stage.notifications", null, webhookResponse(), this.notes), this.#panel("stage.events", this.state, this.topics)),
        ),
      ),
    );
    this.lookCalmly = calm(() => this.#look(), 400);
    stream.addEventListener("saoma", (/** @type {CustomEvent} */ event) => this.#heard(event.detail));
    stream.addEventListener("state", () => this.#drawState());
    stream.start();
    this.#drawState();
    this.#drawTopics();
    this.#look();
    this.#timers.push(setInterval(() => this.lookCalmly(), LOOK_MS));
    this.#timers.push(setInterval(() => this.#tick(), 1000));
  }

  disconnectedCallback() {
    this.#timers.forEach(clearInterval);
  }

  #panel(title, extra, ...contents) {
    return h(
      "section",
      { class: "card" },
      h("div", { class: "panel-head" }, h(this.closest(".column") ? "h3" : "h2", {}, t(title)), extra ?? ""),
      contents,
    );
  }

  #clockCard() {
    const button = (step) =>
      h(
        "button",
        { type: "button", class: "button small", onclick: (event) => this.#advance(step, event.target) },
        t(`clock.${step}`),
      );
    return h(
      "section",
      { class: "card", "aria-label": t("clock.title") },
      h(
        "div",
        { class: "clock" },
        h("div", {}, h("p", { class: "soft" }, t("clock.title")), this.time, " ", this.zone, " ", this.ahead),
        h("div", { class: "row" }, button("HOUR"), button("DAY"), button("NEXT")),
      ),
      this.next,
      this.report,
    );
  }

  async #advance(step, button) {
    button.disabled = true;
    this.report.replaceChildren(t("clock.moving"));
    try {
      const answer = await call("/lab/clock/advance", { body: { step } });
      this.#setClock(answer);
      const done = answer.jobs.map(({ job, done: count }) => `${jobName(job)} × ${count}`).join(", ");
      this.report.replaceChildren(done ? t("clock.ran", { jobs: done }) : t("clock.ran_nothing"));
      this.#look();
    } catch (error) {
      this.report.replaceChildren(explain(error));
    } finally {
      button.disabled = false;
    }
  }

  async #look() {
    if (document.hidden) return;
    let data;
    try {
      data = await call("/lab/stage");
    } catch (error) {
      this.report.replaceChildren(explain(error));
      return;
    }
    this.#setClock(data.clock);
    const text = JSON.stringify([data.journals, data.notifications, data.trial_balance]);
    if (text === this.#data) return;
    const first = this.#data === "";
    this.#data = text;
    this.#draw(data, first);
  }

  #draw({ journals, notifications, trial_balance: totals }, first) {
    const fresh = (id) => !first && !this.#known.has(id);
    fill(
      this.journals,
      journals.length
        ? journals.map((row) => journalRow(row, fresh(row.id)))
        : h("li", { class: "soft" }, t("stage.no_journals")),
    );
    const open = new Set(
      [...this.notes.querySelectorAll("details[open]")].map((details) => details.id),
    );
    fill(
      this.notes,
      notifications.length
        ? notifications.map((row) => notificationRow(row, fresh(row.id), open, this.lookCalmly))
        : h("li", { class: "soft" }, t("stage.no_notifications")),
    );
    [...journals, ...notifications].forEach(({ id }) => this.#known.add(id));
    const even = Object.values(totals).every((total) => Number(total) === 0);
    this.balance.className = `chip ${even ? "good" : "bad"}`;
    fill(this.balance, icon(even ? "check" : "cross"), t(even ? "stage.even" : "stage.uneven"));
  }

  /* ---- clock and stream ---- */

  #setClock(face) {
    setServerTime(face.now);
    this.ahead.replaceChildren(
      face.ahead_s > 0 ? t("clock.ahead", { span: span(face.ahead_s) }) : t("clock.real"),
    );
    const jobs = face.next_jobs.map(jobName).join(", ");
    const due = face.next_due && new Date(face.next_due) > now();
    this.next.replaceChildren(
      due ? t("clock.next", { time: moment(face.next_due, { weekday: "short" }), jobs }) : "",
    );
    this.#tick();
  }

  #tick() {
    this.time.replaceChildren(
      moment(now(), { year: "numeric", month: "short", day: "numeric", weekday: "short" }),
    );
    this.zone.replaceChildren(zoneName(now()));
  }

  #heard(event) {
    this.#topics = [event, ...this.#topics].slice(0, TOPICS);
    this.#drawTopics();
    this.lookCalmly();
  }

  #drawTopics() {
    fill(
      this.topics,
      this.#topics.length
        ? this.#topics.map((event) =>
            h(
              "li",
              {},
              h("span", { class: "soft figure" }, moment(event.at ?? event.shownAt)),
              h("span", {}, word(`topic.${event.topic}`, event.topic)),
              h("span", { class: "figure" }, amountOf(event.payload)),
            ),
          )
        : h("li", {}, h("span", { class: "soft" }, t("stage.no_events"))),
    );
  }

  #drawState() {
    this.state.className = `chip ${STATES[stream.state]}`;
    this.state.replaceChildren(t(`stream.${stream.state}`));
  }
}

/* A job of the timetable in words; a name is better than nothing where there are none. */
const jobName = (name) => word(`job.${name}`, name);

function amountOf(payload) {
  const minor = payload?.amount_minor;
  return typeof minor === "number" ? money(minor / 100, payload.currency ?? "CNY") : "";
}

function span(seconds) {
  const whole = Math.round(seconds / 60);
  const days = Math.floor(whole / 1440);
  const hours = Math.floor((whole % 1440) / 60);
  const minutes = whole % 60;
  return [days && t("clock.days", { days }), hours && t("clock.hours", { hours }), minutes && t("clock.minutes", { minutes })]
    .filter(Boolean)
    .join(" ");
}

function journalRow(row, fresh) {
  const line = (entry) =>
    h(
      "tr",
      {},
      h("td", { title: entry.code }, accountName(entry)),
      h("td", { class: "money" }, entry.side === "DEBIT" ? money(entry.amount, entry.currency) : ""),
      h("td", { class: "money" }, entry.side === "CREDIT" ? money(entry.amount, entry.currency) : ""),
    );
  const head = (key, name = "") => h("th", { scope: "col", class: name }, t(key));
  return h(
    "li",
    { class: `journal ${fresh ? "fresh" : ""}` },
    h(
      "div",
      { class: "row spread" },
      h("span", { class: "row" }, tag(row.payment), h("strong", {}, word(`kind.${row.kind}`, t("kind.other")))),
      h("span", { class: "soft figure" }, moment(row.posted_at)),
    ),
    memo(row) ? h("p", { class: "soft" }, memo(row)) : null,
    h(
      "table",
      {},
      h("caption", { class: "visually-hidden" }, t("stage.entries")),
      h("thead", {}, h("tr", {}, head("stage.account"), head("stage.debit", "money"), head("stage.credit", "money"))),
      h("tbody", {}, row.entries.map(line)),
    ),
  );
}
