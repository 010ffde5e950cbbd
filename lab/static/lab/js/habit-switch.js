/* How a demo merchant's receiver answers: a lesson about retries needs one that fails. */

import { call } from "../../saoma/js/api.js";
import { h } from "../../saoma/js/dom.js";
import { explain, t } from "../../saoma/js/i18n.js";
import { world } from "./world.js";

const HABITS = ["WELL", "ERROR", "WRONG", "SLOW"];

export function habitSwitch() {
  const said = h("p", { class: "hint", role: "status" });
  const shop = h("select", { id: "habit-shop" });
  const habit = h(
    "select",
    { id: "habit-kind" },
    HABITS.map((name) => h("option", { value: name }, t(`habit.${name}`))),
  );
  shop.disabled = true;
  habit.disabled = true;
  let habits = {};
  const learn = (shops) => {
    habits = Object.fromEntries(shops.map(({ slug, habit: now }) => [slug, now]));
    habit.value = habits[shop.value] ?? "WELL";
  };
  shop.addEventListener("change", () => {
    habit.value = habits[shop.value];
  });
  habit.addEventListener("change", async () => {
    try {
      const answer = await call("/lab/habits", { body: { shop: shop.value, habit: habit.value } });
      learn(answer.shops);
      said.replaceChildren(t("habit.set"));
    } catch (error) {
      said.replaceChildren(explain(error));
    }
  });
  world()
    .then(({ shops }) => {
      shop.append(...shops.map(({ slug, name, latin }) => h("option", { value: slug }, `${name} · ${latin}`)));
      learn(shops);
      shop.disabled = false;
      habit.disabled = false;
    })
    .catch((error) => said.replaceChildren(explain(error)));
  return h(
    "details",
    {},
    h("summary", {}, t("habit.title")),
    h(
      "div",
      { class: "row" },
      h("label", { class: "stack grow", for: shop.id }, t("habit.shop"), shop),
      h("label", { class: "stack grow", for: habit.id }, t("habit.kind"), habit),
    ),
    said,
  );
}
