/* What stands beside the code: why, the way back to green, who looked, appeals, erasure. */

import { fill, h } from "../../saoma/js/dom.js";
import { explain, moment, t } from "../../saoma/js/i18n.js";
import { say } from "./citizen-code.js";
import { field, form, tick } from "./form.js";
import { shape } from "./shape.js";
import { now } from "./time.js";

const DAY_TIME = { day: "numeric", month: "short", second: undefined };
const HOUR_MS = 3_600_000;

/** Whether it is still to be proven who the person is. */
export const isUnproven = (card) => Boolean(card?.reasons?.some(({ rule }) => rule === "identity-missing"));

/** Why this colour, until when, and the way out. */
export function reasons(card) {
  const facts = [
    card.valid_until ? [t("why.until"), moment(card.valid_until, DAY_TIME)] : null,
    [t("why.tested"), card.tested_at ? testAge(card.tested_at) : t("why.untested")],
    card.rule_set ? [t("why.rules"), card.rule_set] : null,
    card.override ? [t("why.by_hand"), t("why.by_hand_until", { reason: t(`override.${card.override.reason}`), time: moment(card.override.ends_at, DAY_TIME) })] : null,
  ].filter(Boolean);
  return [
    card.indeterminate ? h("p", { class: "notice wait" }, t("why.indeterminate")) : null,
    h("ul", { class: "reasons" }, card.reasons.map((reason) => reasonRow(reason))),
    checkIns(card.check_ins),
    card.advisories.length
      ? h("div", { class: "stack" }, h("h3", {}, t("why.advice")), card.advisories.map((advice) => h("p", { class: "notice wait" }, say(advice.text), " ", say(advice.path))))
      : null,
    h("dl", { class: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
  ];
}

function reasonRow(reason) {
  return h(
    "li",
    {},
    reason.colour ? shape(reason.colour) : null,
    h(
      "div",
      { class: "grow" },
      h("p", {}, say(reason.text)),
      reason.sources?.length ? h("p", { class: "soft" }, t("why.sources", { names: reason.sources.join(", ") })) : null,
      h("p", { class: "soft" }, say(reason.path)),
      reason.until ? h("p", { class: "soft" }, t("why.reason_until", { time: moment(reason.until, DAY_TIME) })) : null,
    ),
  );
}

function checkIns({ needed, days, running }) {
  if (!needed) return null;
  const text = t("why.checkins", { days: Math.min(days, needed), needed, running });
  return h(
    "div",
    { class: "stack way" },
    h("h3", {}, t("why.way")),
    h("label", { class: "stack", for: "way-progress" }, text, h("progress", { id: "way-progress", max: needed, value: Math.min(days, needed) })),
  );
}

/** How old a test is, as gates count: in whole hours. */
function testAge(iso) {
  const hours = Math.floor((now() - Date.parse(iso)) / HOUR_MS);
  const left = [24, 48, 72].find((limit) => hours < limit);
  return left ? t("why.test_age", { hours, limit: left, left: left - hours }) : t("why.test_old", { hours });
}

/** A section that asks the server when it is opened. */
export function lazy(id, title, read, { open = false } = {}) {
  const body = h("div", { class: "stack section-body" });
  const element = h("details", { class: "card", id, open }, h("summary", {}, h("h2", {}, title)), body);
  const refresh = async () => {
    if (!element.open) return;
    try {
      fill(body, await read());
    } catch (error) {
      fill(body, h("p", { class: "notice bad" }, explain(error)));
    }
  };
  element.addEventListener("toggle", refresh);
  return { element, refresh };
}

/** A section whose content is there at once. */
export function section(id, title, ...content) {
  return h("details", { class: "card", id }, h("summary", {}, h("h2", {}, title)), h("div", { class: "stack section-body" }, content));
}

/** Who looked at my code. */
export async function looks(api) {
  const { results } = await api.looks();
  if (!results.length) return h("p", { class: "soft" }, t("looks.none"));
  return h(
    "ul",
    { class: "looks" },
    results.map((look) =>
      h(
        "li",
        {},
        h("span", { class: "row spread" }, h("strong", {}, look.by), h("time", { class: "soft figure", datetime: look.at }, moment(look.at, DAY_TIME))),
        h("span", { class: "soft" }, `${t(`look.${look.kind}`)} · ${known(`outcome.${look.outcome}`, look.outcome)}`),
        look.facts?.purpose ? h("span", { class: "soft" }, known(`purpose.${look.facts.purpose}`, String(look.facts.purpose))) : null,
      ),
    ),
  );
}

const known = (key, otherwise) => (t(key) === key ? otherwise : t(key));

/** My objections, what came of them, and a new one. */
export async function appeals(api, card, refresh) {
  const { results } = await api.appeals();
  const open = results.some(({ state }) => state === "OPEN" || state === "UNDER_REVIEW");
  const grounds = h("textarea", { class: "field", id: "appeal-grounds", rows: "4", minlength: "10", maxlength: "2000", required: true });
  return [
    h("p", { class: "soft" }, t("appeal.hint")),
    card.reasons.length
      ? h("div", { class: "notice" }, h("p", {}, h("strong", {}, t("appeal.reason_now"))), card.reasons.map((reason) => h("p", {}, say(reason.text))))
      : null,
    results.length
      ? h("ul", { class: "looks" }, results.map((appeal) => appealRow(appeal)))
      : null,
    open
      ? null
      : form({
          rows: [h("label", { class: "stack", for: grounds.id }, t("appeal.grounds"), grounds)],
          button: t("appeal.send"),
          send: async () => {
            await api.appeal(grounds.value.trim());
            await refresh();
          },
        }),
  ];
}

function appealRow(appeal) {
  const decided = appeal.decided_at !== null;
  const when = decided
    ? t("appeal.decided", { time: moment(appeal.decided_at, DAY_TIME) })
    : t("appeal.due", { time: moment(appeal.due_at, DAY_TIME) });
  return h(
    "li",
    {},
    h("span", { class: "row spread" }, h("strong", {}, known(`appeal.state.${appeal.state}`, appeal.state)), h("span", { class: "soft" }, when)),
    h("span", {}, appeal.grounds),
    appeal.outcome_text ? h("span", { class: "notice" }, appeal.outcome_text) : null,
  );
}

/** What the person was told. */
export function notices(card) {
  if (!card.notices.length) return h("p", { class: "soft" }, t("notices.none"));
  return h(
    "ul",
    { class: "looks" },
    card.notices.map((notice) =>
      h(
        "li",
        {},
        h("span", { class: "row spread" }, h("strong", {}, known(`notice.${notice.kind}`, notice.kind)), h("time", { class: "soft figure", datetime: notice.at }, moment(notice.at, DAY_TIME))),
        notice.facts?.colour ? h("span", { class: "soft" }, known(`colour.${notice.facts.colour}`, String(notice.facts.colour))) : null,
      ),
    ),
  );
}

/** The right to be forgotten: spelled out, for it cannot be undone. */
export function erasure(api, onErased) {
  const sure = tick("erase-sure", t("erase.sure"), { required: true });
  const word = field("erase-word", t("erase.word"), { required: true, pattern: "ERASE" });
  return [
    h("p", { class: "soft" }, t("erase.hint")),
    form({
      rows: [sure.row, word.row],
      button: t("erase.send"),
      danger: true,
      send: async () => {
        await api.erase();
        await onErased();
      },
    }),
  ];
}
