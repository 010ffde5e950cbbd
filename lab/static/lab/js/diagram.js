/* A sequence diagram as SVG: five lifelines, arrows that come one by one, marks where something
   was signed and verified. A list of the same sentences is read out instead of the drawing. */

import { h, s } from "../../saoma/js/dom.js";
import { decimal, moment, t, word } from "../../saoma/js/i18n.js";

export const LIFELINES = ["phone", "till", "gateway", "ledger", "worker"];
const WIDTH = 640;
const HEAD = 34;
const ROW = 34;
const SIDE = 52;
const MARKS = { verified: "✓", signed: "✎", broken: "✗" };

const x = (name) => SIDE + (LIFELINES.indexOf(name) * (WIDTH - 2 * SIDE)) / (LIFELINES.length - 1);

/** What an arrow says, without who says it to whom. */
export function label(arrow) {
  const text = word(`arrow.${arrow.key}`, null);
  if (text) return t(`arrow.${arrow.key}`, { word: spoken(arrow) });
  if (arrow.key.startsWith("entry.")) {
    const kind = word(`kind.${arrow.key.slice(6)}`, t("kind.other"));
    return t("arrow.entry", { kind, word: decimal(arrow.word) });
  }
  return arrow.word;
}

const AMOUNTS = ["settles", "pays_out"];

function spoken({ key, word: text }) {
  if (AMOUNTS.includes(key)) return decimal(text);
  return key === "event" ? word(`topic.${text}`, text) : text;
}

/** The whole sentence of an arrow, for who does not see the drawing. */
export function sentence(arrow) {
  const mark = arrow.mark ? ` (${t(`mark.${arrow.mark}`)})` : "";
  return `${t(`line.${arrow.from}`)} → ${t(`line.${arrow.to}`)}: ${label(arrow)}${mark}`;
}

/**
 * @param {object[]} arrows as a story gives them
 * @param {{upTo?: number, fresh?: number, colour?: number, onPick?: (arrow: object) => void, picked?: object}} look
 *   how many are drawn, from which on they are new, the payment's colour, what a click does
 */
export function diagram(arrows, { upTo = arrows.length, fresh = arrows.length, colour = 0, onPick = null, picked = null } = {}) {
  const rows = arrows.slice(0, upTo);
  const height = Math.max(rows.length, 3) * ROW + 6;
  const sheet = (name, tall) => s("svg", { class: name, viewBox: `0 0 ${WIDTH} ${tall}`, "aria-hidden": "true", focusable: "false" });
  // The heads stay in sight while the arrows scroll beneath them.
  const heads = sheet("sequence sequence-heads", HEAD);
  const drawing = sheet(`sequence tag-${colour}`, height);
  for (const name of LIFELINES) {
    heads.append(
      s("rect", { class: "lifeline-head", x: x(name) - 48, y: 3, width: 96, height: 24, rx: 7 }),
      text(x(name), 20, t(`line.${name}`), "lifeline-name"),
    );
    drawing.append(s("line", { class: "lifeline", x1: x(name), x2: x(name), y1: 0, y2: height }));
  }
  rows.forEach((arrow, place) => drawing.append(arrowOf(arrow, place * ROW + 22, place >= fresh, onPick, arrow === picked)));
  return h("div", { class: "sequence-box" }, heads, drawing, list(rows, onPick, picked));
}

function list(rows, onPick, picked) {
  const item = (arrow) => {
    const pick = () => onPick(arrow);
    if (!onPick) return h("li", {}, sentence(arrow));
    return h("li", {}, h("button", { type: "button", "aria-pressed": String(arrow === picked), onclick: pick }, sentence(arrow)));
  };
  return h("ol", { class: "visually-hidden sequence-list", "aria-label": t("story.sequence") }, rows.map(item));
}

function text(at, y, content, className, anchor = "middle") {
  const element = s("text", { x: at, y, class: className, "text-anchor": anchor });
  element.append(content);
  return element;
}

function arrowOf(arrow, y, fresh, onPick, picked) {
  const [from, to] = [x(arrow.from), x(arrow.to)];
  const right = to > from;
  const tip = right ? to - 1 : to + 1;
  const back = right ? tip - 8 : tip + 8;
  const group = s("g", { class: `arrow ${arrow.mark || "plain"}${fresh ? " fresh" : ""}${picked ? " picked" : ""}` });
  if (onPick) group.addEventListener("click", () => onPick(arrow));
  const title = s("title");
  title.append(`${moment(arrow.at)} ${sentence(arrow)}`);
  const middle = (from + to) / 2;
  const said = label(arrow);
  group.append(
    title,
    s("rect", { class: "arrow-hit", x: Math.min(from, to), y: y - 22, width: Math.abs(to - from), height: ROW - 2 }),
    s("line", { class: "shaft", x1: from, x2: tip, y1: y, y2: y }),
    s("path", { class: "tip", d: `M${tip} ${y}L${back} ${y - 4.500}L${back} ${y + 4.500}Z` }),
    text(middle, y - 6, said.length > 44 ? `${said.slice(0, 43)}…` : said, "said"),
  );
  if (arrow.mark) {
    const place = right ? from + 11 : from - 11;
    group.append(s("circle", { class: "mark", cx: place, cy: y, r: 8 }), text(place, y + 4, MARKS[arrow.mark], "mark-sign"));
  }
  return group;
}
