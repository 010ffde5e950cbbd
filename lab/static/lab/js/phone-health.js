/* The health code: a colour always with its word and symbol, why, the way out, and a signed
   code for the gate of a venue. Nothing here knows of money. */

import { fill, h } from "../../saoma/js/dom.js";
import { explain, locale, moment, t } from "../../saoma/js/i18n.js";
import { qrSvg } from "../../saoma/js/qr.js";

const CLASSES = { GREEN: "green", YELLOW: "yellow", RED: "red" };
const SYMPTOMS = ["fever", "cough", "breathlessness", "loss_of_taste"];
const ID_CARD = "10";
const NORMAL_TENTHS = 366;

/** A text of the API in the reader's language. */
const say = (texts) => texts?.[locale().slice(0, 2)] ?? texts?.en ?? "";

export function healthView(phone) {
  const card = h("div", { class: "stack" }, h("p", { class: "soft" }, t("health.loading")));
  const element = h("div", { class: "stack" }, h("h2", {}, t("health.title")), card);
  let timer = null;
  let drawn = "";
  const stop = () => clearTimeout(timer);
  const refresh = async () => {
    const standing = await phone.wallet.health();
    const key = `${standing.decision_id}${standing.colour}`;
    if (key !== drawn) draw(standing);
    drawn = key;
  };
  const square = h("div", { class: "square" });
  const life = h("p", { class: "soft", role: "status" });

  /* A code without a device key lives a minute; a new one is fetched before it ends. */
  const mint = async () => {
    stop();
    try {
      const code = await phone.wallet.healthCode();
      fill(square, qrSvg(code.code, t("health.qr_label")));
      life.replaceChildren(t("health.until", { time: moment(code.expires_at) }));
      timer = setTimeout(mint, Math.max(code.refresh_after_s, 5) * 1000);
    } catch (error) {
      fill(square);
      life.replaceChildren(explain(error));
      timer = setTimeout(mint, 10_000);
    }
  };

  function draw(standing) {
    const known = standing.colour in CLASSES;
    fill(
      card,
      h(
        "div",
        { class: `health ${CLASSES[standing.colour] ?? ""}` },
        h(
          "p",
          { class: "colour" },
          h("span", { class: "swatch", "aria-hidden": "true" }),
          h("span", {}, `${say(standing.label)} ${standing.symbol}`),
        ),
        known ? square : null,
        known ? life : null,
      ),
      standing.reasons.map((reason) =>
        h("div", { class: "notice" }, h("p", {}, say(reason.text)), h("p", { class: "soft" }, say(reason.path))),
      ),
      declaration(phone, standing, () => {
        drawn = "";
        phone.refresh();
      }),
    );
    if (known) mint();
  }
  return { element, refresh, stop };
}

/* Declaring one's health; the first time with an identity. */
function declaration(phone, standing, done) {
  const first = standing.subject_id === null;
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const field = (id, label, attributes = {}) => {
    const input = h("input", { class: "field", id, autocomplete: "off", ...attributes });
    return { input, row: h("label", { class: "stack", for: id }, label, input) };
  };
  const name = field("declare-name", t("health.name"), { value: phone.user.name });
  const number = field("declare-number", t("health.number"), { required: true });
  const temperature = field("declare-temperature", t("health.temperature"), {
    inputmode: "decimal",
    value: (NORMAL_TENTHS / 10).toFixed(1),
  });
  const boxes = SYMPTOMS.map((symptom) => {
    const box = h("input", { type: "checkbox", id: `symptom-${symptom}`, value: symptom });
    return { box, row: h("label", { class: "row", for: box.id }, box, t(`symptom.${symptom}`)) };
  });
  const submit = async (event) => {
    event.preventDefault();
    problem.hidden = true;
    const body = {
      temperature_tenths: Math.round(Number(temperature.input.value) * 10),
      symptoms: boxes.filter(({ box }) => box.checked).map(({ box }) => box.value),
    };
    if (first) {
      body.identity = {
        name: name.input.value,
        document_type: ID_CARD,
        document_number: number.input.value.trim(),
      };
    }
    try {
      await phone.wallet.declareHealth(body);
      done();
    } catch (error) {
      problem.hidden = false;
      problem.replaceChildren(explain(error));
    }
  };
  return h(
    "details",
    { open: first },
    h("summary", {}, t("health.declare")),
    h(
      "form",
      { class: "stack", onsubmit: submit },
      first ? name.row : null,
      first ? number.row : null,
      temperature.row,
      h("fieldset", { class: "stack" }, h("legend", {}, t("health.symptoms")), boxes.map(({ row }) => row)),
      problem,
      h("button", { type: "submit", class: "button primary" }, t("health.send")),
    ),
  );
}
