/* What a person says: a declaration, the daily check-in, a trip, a visit, a certificate. */

import { h } from "../../saoma/js/dom.js";
import { t } from "../../saoma/js/i18n.js";
import { choice, field, form, tick } from "./form.js";

const SYMPTOMS = [
  "fever", "cough", "fatigue", "sore_throat", "breathlessness", "loss_of_taste", "diarrhoea", "other",
];
const ID_CARD = "10";
export const DOCUMENTS = ["10", "14", "15", "16", "20", "34", "99"];
const NORMAL = "36.6";

function answers(prefix) {
  const temperature = field(`${prefix}-temperature`, t("say.temperature"), {
    inputmode: "decimal",
    value: NORMAL,
    pattern: "[34][0-9]([.,][0-9])?",
    required: true,
  });
  const boxes = SYMPTOMS.map((symptom) => ({ symptom, ...tick(`${prefix}-${symptom}`, t(`symptom.${symptom}`)) }));
  return {
    rows: [
      temperature.row,
      h("fieldset", { class: "ticks" }, h("legend", {}, t("say.symptoms")), boxes.map(({ row }) => row)),
    ],
    read: () => ({
      temperature_tenths: Math.round(Number(temperature.input.value.replace(",", ".")) * 10),
      symptoms: boxes.filter(({ input }) => input.checked).map(({ symptom }) => symptom),
    }),
  };
}

/** A declaration; the first one says who the person is, and again until that is proven. */
export function declaration(api, { first, name, onDone, subject = "", identify = first }) {
  const said = answers("declare");
  const who = {
    name: field("declare-name", t("say.name"), { value: name, autocomplete: "name", required: true }),
    type: choice("declare-type", t("say.document"), DOCUMENTS.map((type) => [type, t(`document.${type}`)]), "10"),
    number: field("declare-number", t("say.number"), { required: true, autocapitalize: "characters" }),
    born: field("declare-born", t("say.born"), { type: "date" }),
  };
  const region = field("declare-region", t("say.region"), { inputmode: "numeric", pattern: "[1-9][0-9]{5}", value: first ? "330100" : "" });
  const contact = tick("declare-contact", t("say.contact"));
  return form({
    rows: [
      ...(identify ? [who.name.row, who.type.row, who.number.row, who.born.row] : []),
      region.row,
      ...said.rows,
      contact.row,
    ],
    button: t("say.declare_send"),
    send: async () => {
      /** @type {Record<string, any>} */
      const body = { ...said.read(), contact_with_case: contact.input.checked };
      if (subject) body.subject_id = subject;
      if (region.input.value) body.region = region.input.value;
      if (identify) {
        body.identity = {
          name: who.name.input.value.trim(),
          document_type: who.type.input.value,
          document_number: who.number.input.value.trim(),
          ...(who.born.input.value ? { birth_date: who.born.input.value } : {}),
        };
        if (who.type.input.value === ID_CARD) Object.assign(body, await api.prove(body.identity.document_number));
      }
      await onDone(await api.declare(body));
      return t("say.declared");
    },
  });
}

/** The daily check-in that leads back to green. */
export function checkIn(api, { onDone, subject = "" }) {
  const said = answers("checkin");
  return form({
    rows: said.rows,
    button: t("say.checkin_send"),
    send: async () => {
      const whom = subject ? { subject_id: subject } : {};
      await onDone(await api.checkIn({ ...said.read(), ...whom }));
      return t("say.checked_in");
    },
  });
}

/** A stay elsewhere that has ended. */
export function trip(api, { onDone }) {
  const region = field("trip-region", t("say.trip_region"), { inputmode: "numeric", pattern: "[1-9][0-9]{5}", required: true });
  const arrived = field("trip-arrived", t("say.arrived"), { type: "datetime-local", required: true });
  const left = field("trip-left", t("say.left"), { type: "datetime-local", required: true });
  const iso = ({ input }) => new Date(input.value).toISOString();
  return form({
    rows: [region.row, h("div", { class: "row pair" }, arrived.row, left.row)],
    button: t("say.trip_send"),
    send: async () => {
      await onDone(await api.trip({ region: region.input.value, arrived_at: iso(arrived), left_at: iso(left) }));
      return t("say.trip_done");
    },
  });
}

/** Coming and going, by the code on a venue's wall: a scan of it proves no presence. */
export function visit(api, { say }) {
  const code = field("visit-code", t("visit.code"), { required: true, spellcheck: "false" });
  const way = choice("visit-way", t("visit.way"), [["IN", t("visit.in")], ["OUT", t("visit.out")]], "IN");
  const status = h("p", { class: "hint", role: "status" });
  const picture = h("input", {
    type: "file",
    accept: "image/*",
    id: "visit-picture",
    class: "visually-hidden",
    onchange: async () => {
      const [file] = picture.files;
      picture.value = "";
      if (!file) return;
      // The reader weighs a megabyte: it comes when it is wanted.
      const { readFile } = await import("../../saoma/js/scanner.js");
      const found = await readFile(file).catch(() => "");
      code.input.value = found || code.input.value;
      status.replaceChildren(found ? "" : t("scan.nothing"));
    },
  });
  return form({
    rows: [
      h("div", { class: "row" }, picture, h("label", { class: "button", for: picture.id }, t("visit.picture"))),
      status,
      code.row,
      way.row,
    ],
    button: t("visit.send"),
    send: async () => {
      const found = await api.visit({ venue_code: code.input.value.trim(), direction: way.input.value });
      code.input.value = "";
      return t(found.admitted ? "visit.done" : "visit.done_not_admitted", { venue: found.venue, colour: say(found.label) });
    },
  });
}

/** A certificate from elsewhere, as evidence. */
export function certificate(api, { onDone }) {
  const payload = field("certificate-payload", t("say.certificate"), { required: true, spellcheck: "false", placeholder: "HC1:…  shc:/…  NZCP:/1/…" });
  return form({
    rows: [payload.row],
    button: t("say.certificate_send"),
    send: async () => {
      await onDone(await api.certificate(payload.input.value.trim()));
      payload.input.value = "";
      return t("say.certificate_done");
    },
  });
}
