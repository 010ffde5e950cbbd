/* How a demo merchant's receiver answers: a lesson about retries needs one that fails. */

import { call } from "../../saoma/js/api.js";
import { h } from "../../saoma/js/dom.js";
import { explain, t } from "../../saoma/js/i18n.js";
import { world } from "./world.js";

const KINDS = ["WELL", "ERROR", "WRONG", "SLOW"];

export function webhookResponse() {
  const said = h("p", { class: "hint", role: "status" });
  const shop = h("select", { id: "webhook-shop" });
  const kind = h(
    "select",
    { id: "webhook-kind" },
    KINDS.map((name) => h("option", { value: name }, t(`webhook.${name}`))),
  );
  shop.disabled = true;
  kind.disabled = true;
  let responses = {};
  const learn = (shops) => {
    responses = Object.fromEntries(shops.map(({ slug, webhook_response: now }) => [slug, now]));
    kind.value = responses[shop.value] ?? "WELL";
  };
  shop.addEventListener("change", () => {
    kind.value = responses[shop.value];
  });
  kind.addEventListener("change", async () => {
    try {
      const answer = await call("/lab/webhook-responses", { body: { shop: shop.value, webhook_response: kind.value } });
      learn(answer.shops);
      said.replaceChildren(t("webhook.set"));
    } catch (error) {
      said.replaceChildren(explain(error));
    }
  });
  world()
    .then(({ shops }) => {
      shop.append(...shops.map(({ slug, name, latin }) => h("option", { value: slug }, `${name} · ${latin}`)));
      learn(shops);
      shop.disabled = false;
      kind.disabled = false;
    })
    .catch((error) => said.replaceChildren(explain(error)));
  return h(
    "details",
    {},
    h("summary", {}, t("webhook.title")),
    h(
      "div",
      { class: "row" },
      h("label", { class: "stack grow", for: shop.id }, t("webhook.shop"), shop),
      h("label", { class: "stack grow", for: kind.id }, t("webhook.kind"), kind),
    ),
    said,
  );
}
