/* The health code: a colour always with its word and shape, and a signed pass to show. */

import { fill, h } from "./dom.js";
import { explain, moment, t } from "./i18n.js";
import { qrSvg } from "./qr.js";

const SHAPES = { GREEN: "green", YELLOW: "yellow", RED: "red" };

export function healthView(phone) {
  const card = h("div", { class: "stack" }, h("p", { class: "soft" }, t("health.loading")));
  const element = h("div", { class: "stack" }, h("h2", {}, t("health.title")), card);
  const refresh = async () => {
    try {
      draw(card, await phone.wallet.health());
    } catch (error) {
      if (error.code === "no_network") throw error;
      fill(card, h("p", { class: "notice wait" }, explain(error)));
    }
  };
  return { element, refresh };
}

function draw(card, code) {
  const shape = SHAPES[code.colour] ?? "unknown";
  fill(
    card,
    h(
      "div",
      { class: `health ${shape}` },
      h("p", { class: "colour" }, h("span", { class: "swatch", "aria-hidden": "true" }), t(`health.${shape}`)),
      code.pass ? h("div", { class: "square" }, qrSvg(code.pass, t("health.qr_label"))) : null,
      code.until ? h("p", { class: "soft" }, t("health.until", { time: moment(code.until) })) : null,
    ),
    ...(code.reasons ?? []).map((reason) => h("p", {}, reason)),
  );
}
