/* One notification: what was sent where, each attempt with its answer, and a resend button. */

import { call } from "../../saoma/js/api.js";
import { h, icon } from "../../saoma/js/dom.js";
import { explain, moment, t, word } from "../../saoma/js/i18n.js";
import { tag } from "./tag.js";

const TONES = { DELIVERED: "good", EXHAUSTED: "bad", RETRYING: "wait", PENDING: "wait" };
const SIGNS = { DELIVERED: "check", EXHAUSTED: "cross", RETRYING: "again", PENDING: "wait" };

/**
 * @param {object} row as `/lab/stage` gives it
 * @param {boolean} fresh whether it has just arrived
 * @param {Set<string>} open ids of details that are open and stay so
 * @param {() => void} changed called after a resend
 */
export function notificationRow(row, fresh, open, changed) {
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const resend = async () => {
    try {
      await call(`/lab/notifications/${row.id}/resend`, { body: {} });
      changed();
    } catch (error) {
      problem.hidden = false;
      problem.replaceChildren(explain(error));
    }
  };
  const id = `request-${row.id}`;
  const request = Object.entries(row.params).map(([name, value]) => `${name}=${value}`);
  return h(
    "li",
    { class: `note ${fresh ? "fresh" : ""}` },
    h(
      "div",
      { class: "row spread" },
      h("span", { class: "row" }, tag(row.trade_no), h("strong", {}, word(`topic.${row.topic}`, row.topic))),
      h(
        "span",
        { class: `chip ${TONES[row.state] ?? ""}` },
        SIGNS[row.state] ? icon(SIGNS[row.state]) : "",
        t(`notice.${row.state}`),
      ),
    ),
    h("p", { class: "mono soft" }, row.order),
    h("ol", { class: "attempts" }, row.attempts.map(attempt)),
    row.due_at ? h("p", { class: "soft" }, t("notice.next", { time: moment(row.due_at, { weekday: "short" }) })) : null,
    h(
      "details",
      { id, open: open.has(id) },
      h("summary", {}, t("notice.request")),
      h("pre", { tabindex: "0" }, [`POST ${row.url}`, "", ...request].join("\n")),
    ),
    problem,
    row.state === "SILENT"
      ? null
      : h(
          "button",
          { type: "button", class: "button small", id: `resend-${row.id}`, onclick: resend },
          icon("again"),
          t("notice.resend"),
        ),
  );
}

function attempt(row) {
  const answer = row.under_way
    ? t("notice.under_way")
    : [row.status ? `HTTP ${row.status}` : "", row.failure ? word(`failure.${row.failure}`, row.failure) : ""]
        .filter(Boolean)
        .join(" · ");
  return h(
    "li",
    {},
    h("span", { class: "figure" }, `${row.number}.`),
    h("span", { class: "soft figure" }, moment(row.at)),
    h("span", {}, answer),
    row.answer ? h("q", { class: "mono" }, row.answer) : null,
    row.by_hand ? h("span", { class: "chip" }, t("notice.by_hand")) : null,
  );
}
