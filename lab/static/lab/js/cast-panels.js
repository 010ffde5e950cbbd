/* Who plays in a scenario: people with what they have and their colour, shops with what they
   have sold and are owed. What a step changed stands out. */

import { h } from "../../saoma/js/dom.js";
import { money, t, word } from "../../saoma/js/i18n.js";

const HEALTH = { GREEN: "green", YELLOW: "yellow", AMBER: "yellow", RED: "red" };

const changed = (now, before, key, field) => before?.find((one) => one.key === key)?.[field] !== now;

export function people(line, before) {
  return h(
    "div",
    { class: "phone cast" },
    h("p", { class: "phone-top" }, t("cast.people")),
    h(
      "ul",
      { class: "phone-body list" },
      line.people.map((one) =>
        h(
          "li",
          { class: "cast-row" },
          h("span", { class: "face", "aria-hidden": "true" }, one.name.slice(0, 1)),
          h("span", { class: "grow" }, h("strong", { lang: "zh" }, one.name), one.colour === "UNKNOWN" ? null : h("span", { class: `swatch-word ${HEALTH[one.colour] ?? ""}` }, word(`colour.${one.colour}`, one.colour))),
          h("span", { class: `figure ${before && changed(one.balance, before.people, one.key, "balance") ? "changed" : ""}` }, money(one.balance)),
        ),
      ),
    ),
  );
}

export function shops(line, before) {
  const figure = (one, field) =>
    h(
      "span",
      { class: "cast-figure" },
      h("span", { class: "soft" }, t(`cast.${field}`)),
      h("span", { class: `figure ${before && changed(one[field], before.shops, one.key, field) ? "changed" : ""}` }, money(one[field])),
    );
  return h(
    "div",
    { class: "till cast" },
    h("p", { class: "soft" }, t("cast.shops")),
    h(
      "ul",
      { class: "list" },
      line.shops.map((one) => h("li", { class: "cast-row" }, h("strong", { class: "grow", lang: "zh" }, one.name), figure(one, "pending"), figure(one, "payable"))),
    ),
  );
}
