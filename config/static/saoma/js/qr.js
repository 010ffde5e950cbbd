/* QR symbols as SVG, black on white in any theme: scanners need the contrast. */

import { s } from "./dom.js";
import { encode } from "../vendor/uqr.js";

const QUIET_ZONE = 4;

/** Draw a text; `label` is what a screen reader says. */
export function qrSvg(text, label) {
  const { data, size } = encode(text, { ecc: "M", maskPattern: 3, boostEcc: false, border: 0 });
  return symbol(data, size + 2 * QUIET_ZONE, size + 2 * QUIET_ZONE, QUIET_ZONE, 1, label);
}

/** Draw rows of modules with their quiet zone. */
export function symbol(rows, width, height, margin, barHeight, label) {
  const top = barHeight > 1 ? 0 : margin;
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      let end = x;
      while (end < row.length && row[end]) end += 1;
      path += `M${margin + x} ${top + y}h${end - x}v${barHeight}h${x - end}z`;
      x = end;
    }
  });
  return s(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": label,
      "shape-rendering": "crispEdges",
      class: "symbol",
    },
    s("path", { fill: "#fff", d: `M0 0h${width}v${height}H0z` }),
    s("path", { fill: "#000", d: path }),
  );
}
