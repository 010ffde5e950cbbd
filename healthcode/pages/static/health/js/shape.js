/* A colour for all eyes: a shape of its own and a sign in it, so that nobody needs the hue. */

import { s } from "../../saoma/js/dom.js";

const OUTLINES = {
  GREEN: () => s("circle", { cx: 50, cy: 50, r: 46 }),
  YELLOW: () => s("path", { d: "M50 6 96 88a5 5 0 0 1-4 7H8a5 5 0 0 1-4-7z" }),
  RED: () => s("path", { d: "M31 4h38l27 27v38L69 96H31L4 69V31z" }),
  UNKNOWN: () => s("rect", { x: 6, y: 6, width: 88, height: 88, rx: 8 }),
};
const SIGNS = {
  GREEN: "M28 52l15 15 30-32",
  YELLOW: "M50 36v28M50 78v1",
  RED: "M33 33l34 34M67 33 33 67",
  UNKNOWN: "M38 40a12 12 0 1 1 17 11q-5 3-5 10M50 73v1",
};
export const COLOURS = Object.keys(OUTLINES);

/** The shape of a colour; decoration, for its word stands beside it. */
export function shape(colour) {
  const known = colour in OUTLINES ? colour : "UNKNOWN";
  return s(
    "svg",
    { viewBox: "0 0 100 100", class: `shape ${known.toLowerCase()}`, "aria-hidden": "true" },
    OUTLINES[known](),
    s("path", { class: "sign", d: SIGNS[known] }),
  );
}
