/* A payment's short number and colour, the same wherever it is seen (`story/tags.py`). */

import { h } from "../../saoma/js/dom.js";
import { t } from "../../saoma/js/i18n.js";

const COLOURS = 10;
const NUMBER = /^\d{8}22\d{18}$/;

export const short = (number) => `#${number.slice(-4)}`;
export const colour = (number) => Number(number.slice(-4)) % COLOURS;

/** A link to the payment's story; null for what is no payment's number. */
export function tag(number) {
  if (!NUMBER.test(number ?? "")) return null;
  return h(
    "a",
    { class: `tag tag-${colour(number)}`, href: `/story/${number}/`, "aria-label": t("story.open", { tag: short(number) }) },
    short(number),
  );
}
