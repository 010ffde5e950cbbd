/* The parts of a payment's story: each takes the story and gives an element, or null. */

import { h, icon } from "../../saoma/js/dom.js";
import { moment, money, t, word } from "../../saoma/js/i18n.js";
import { lens } from "./lens.js";
import { journalScene } from "./t-accounts.js";
import { tag } from "./tag.js";

const day = { year: "numeric", month: "short", day: "numeric" };
const when = (iso) => (iso ? moment(iso, { month: "short", day: "numeric" }) : "–");
const TONES = { PAID: "good", FINISHED: "good", CLOSED: "bad", PENDING: "wait" };

/** Who pays whom what, in one sentence. */
export function plot(story) {
  const values = {
    payer: story.payer || t("story.somebody"),
    payee: story.payee,
    amount: money(story.amount, story.currency),
    refunded: money(story.refunded, story.currency),
  };
  if (story.status === "PENDING") return t("plot.pending", values);
  if (story.status === "CLOSED" && !story.paid_at) return t("plot.closed", values);
  if (Number(story.refunded) > 0) return t(Number(story.refunded) < Number(story.amount) ? "plot.part" : "plot.refunded", values);
  if (story.payouts.some(({ state }) => state === "PAID")) return t("plot.paid_out", values);
  if (story.settlement.length) return t("plot.settled", values);
  if (story.notifications.some(({ state }) => state === "DELIVERED")) return t("plot.told", values);
  return t("plot.paid", values);
}

export function heading(story) {
  return h(
    "header",
    { class: `card story-head tag-${story.colour}` },
    h(
      "div",
      { class: "row spread" },
      h("p", { class: "row" }, tag(story.number), h("strong", { class: "story-amount figure" }, money(story.amount, story.currency))),
      h("span", { class: `chip ${TONES[story.status]}` }, t(`status.${story.status}`)),
    ),
    h("p", { class: "story-plot" }, plot(story)),
    h("p", { class: "soft" }, [story.subject, moment(story.at, day)].filter(Boolean).join(" · ")),
    h("p", { class: "mono soft" }, `${story.order} · ${story.number}`),
  );
}

/** The calls of the gateway: bytes, the string that was signed, and how it was verified. */
export function calls(story) {
  if (!story.calls.length) return h("p", { class: "soft" }, t("story.no_calls"));
  return story.calls.map(callPart);
}

export function callPart(call) {
  const valid = call.signed?.valid;
  return h(
    "details",
    { class: "part", open: true },
    h(
      "summary",
      {},
      h("span", { class: "mono" }, call.method || call.target),
      " ",
      h("span", { class: `chip ${valid ? "good" : "bad"}` }, icon(valid ? "check" : "cross"), t(valid ? "story.verified" : "story.not_verified")),
      " ",
      h("span", { class: "soft figure" }, `${when(call.at)} · ${call.ms} ms`),
    ),
    h("h4", {}, t("story.bytes")),
    h("pre", { class: "mono", tabindex: "0" }, bytes(call)),
    call.signed ? [h("h4", {}, t("story.signed_string", { hash: call.signed.hash })), lens(call.signed)] : null,
    valid || !call.signed ? null : h("p", { class: "notice bad" }, call.signed.finding),
    h("h4", {}, t("story.answer")),
    h("pre", { class: "mono", tabindex: "0" }, call.answer),
    call.faults ? h("p", { class: "notice wait" }, t("story.fault", { fault: call.faults })) : null,
  );
}

function bytes(call) {
  const head = [`${call.verb} ${call.target}`];
  if (call.authorization) head.push(`authorization: ${call.authorization}`);
  if (call.content_type) head.push(`content-type: ${call.content_type}`);
  return [...head, "", call.body].join("\n");
}

export function decisions(story) {
  if (!story.decisions.length) return h("p", { class: "soft" }, t("story.no_decision"));
  return h(
    "ul",
    { class: "list" },
    story.decisions.map((row) =>
      h(
        "li",
        { class: "part" },
        h("strong", {}, t("story.decision", { decision: word(`decision.${row.decision}`, row.decision), score: row.score })),
        h("p", { class: "soft" }, row.reasons.length ? t("story.reasons", { reasons: row.reasons.join(", ") }) : t("story.no_reasons")),
        row.degraded.length ? h("p", { class: "notice wait" }, t("story.degraded", { what: row.degraded.join(", ") })) : null,
        h("p", { class: "soft figure" }, `${row.rule_set} · ${when(row.at)}`),
      ),
    ),
  );
}

export function books(story) {
  if (!story.journals.length) return h("p", { class: "soft" }, t("story.no_journal"));
  return [...story.journals.map((scene) => journalScene(scene)), ...story.shared_journals.map((scene) => journalScene(scene, true))];
}

export function events(story) {
  if (!story.events.length) return h("p", { class: "soft" }, t("stage.no_events"));
  return h(
    "ul",
    { class: "list" },
    story.events.map((row) =>
      h(
        "li",
        { class: "part row spread" },
        h("span", {}, h("strong", {}, word(`topic.${row.topic}`, row.topic)), " ", h("span", { class: "mono soft" }, row.topic)),
        h("span", { class: "soft figure" }, t(row.done_at ? "story.event_done" : "story.event_open", { count: row.effects.length, time: when(row.at) })),
      ),
    ),
  );
}

export function notifications(story) {
  if (!story.notifications.length) return h("p", { class: "soft" }, t("stage.no_notifications"));
  return story.notifications.map((row) =>
    h(
      "details",
      { class: "part", open: true },
      h("summary", {}, h("strong", {}, word(`topic.${row.topic}`, row.topic)), " ", h("span", { class: "chip" }, t(`notice.${row.state}`))),
      h(
        "ol",
        { class: "attempts" },
        row.attempts.map((one) =>
          h(
            "li",
            {},
            h("span", { class: "figure" }, `${one.number}.`),
            h("span", { class: "soft figure" }, when(one.at)),
            h("span", {}, one.under_way ? t("notice.under_way") : one.status ? `HTTP ${one.status}` : word(`failure.${one.failure}`, one.failure)),
            one.answer ? h("q", { class: "mono" }, one.answer) : null,
          ),
        ),
      ),
      row.due_at ? h("p", { class: "soft" }, t("notice.next", { time: moment(row.due_at, { weekday: "short" }) })) : null,
      row.body ? [h("h4", {}, t("story.bytes")), h("pre", { class: "mono", tabindex: "0" }, `POST ${row.url}\n\n${row.body}`)] : null,
      row.signed ? [h("h4", {}, t("story.signed_string", { hash: row.signed.hash })), lens(row.signed)] : null,
    ),
  );
}

export function settlement(story) {
  if (!story.settlement.length) return h("p", { class: "soft" }, t("story.not_settled"));
  return h(
    "ul",
    { class: "list" },
    story.settlement.map((row) =>
      h(
        "li",
        { class: "part" },
        h("strong", {}, t("story.line", { amount: money(row.amount, story.currency), fee: money(row.fee, story.currency), net: money(row.net, story.currency) })),
        h("p", { class: "soft" }, t("story.batch", { day: row.day, count: row.lines, net: money(row.batch_net, story.currency), rule: row.fee_rule })),
      ),
    ),
  );
}

export function payouts(story) {
  if (!story.payouts.length) return h("p", { class: "soft" }, t("story.no_payout"));
  return h(
    "ul",
    { class: "list" },
    story.payouts.map((row) =>
      h("li", { class: "part" }, h("strong", {}, money(row.amount, row.currency)), " ", h("span", { class: "chip" }, word(`payout.${row.state}`, row.state)), h("p", { class: "soft" }, [row.bank, row.reference, when(row.at)].filter(Boolean).join(" · "))),
    ),
  );
}
