/* Phones that show my code, and people for whom I carry one. */

import { fill, h } from "../../saoma/js/dom.js";
import { explain, moment, t } from "../../saoma/js/i18n.js";
import { DOCUMENTS } from "./citizen-forms.js";
import { choice, field, form } from "./form.js";

const DAY_TIME = { day: "numeric", month: "short", second: undefined };
const DAY = { day: "numeric", month: "short", year: "numeric", hour: undefined, minute: undefined, second: undefined };
const RELATIONS = ["CHILD", "PARENT", "WARD"];
const PROOFS = ["HOUSEHOLD_REGISTER", "BIRTH_CERTIFICATE", "COURT_ORDER", "POWER_OF_ATTORNEY"];
const OPEN = ["REQUESTED", "AWAITING_CONSENT", "ACTIVE"];

/* A small button that acts, then lets its section be read anew. */
function act(text, doing, refresh, tone = "") {
  const button = h("button", { type: "button", class: `button small ${tone}` }, text);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await doing();
      await refresh();
    } catch (error) {
      fill(button, explain(error));
    }
  });
  return button;
}

/** Phones that show my code; a lost one goes, and its passes with it. */
export async function devices(api, holder, refresh) {
  const found = await api.devices();
  if (!found.length) return h("p", { class: "soft" }, t("devices.none"));
  return h(
    "ul",
    { class: "looks" },
    found.map((device) => {
      const marks = [
        device.id === holder.pass?.device_id ? t("devices.this") : "",
        device.guardians ? t("devices.guardians") : "",
        device.revoked_at
          ? t("devices.revoked", { time: moment(device.revoked_at, DAY_TIME) })
          : t("devices.since", { time: moment(device.created_at, DAY_TIME) }),
      ];
      return h(
        "li",
        {},
        h(
          "span",
          { class: "row spread" },
          h("strong", {}, device.label || "—"),
          device.revoked_at ? null : act(t("devices.revoke"), () => api.revokeDevice(device.id), refresh, "danger"),
        ),
        h("span", { class: "soft" }, marks.filter(Boolean).join(" · ")),
      );
    }),
  );
}

/** For whom I act, who acts for me, and a new wish. */
export async function family(api, { refresh, onShow }) {
  const found = (await api.guardianships()).filter(({ state }) => OPEN.includes(state) || state === "REFUSED");
  return [
    h("p", { class: "soft" }, t("family.hint")),
    found.length ? h("ul", { class: "looks" }, found.map((row) => personRow(api, row, { refresh, onShow }))) : null,
    h("details", {}, h("summary", {}, t("family.ask")), h("div", { class: "section-body" }, wish(api, refresh))),
  ];
}

function personRow(api, row, { refresh, onShow }) {
  const mine = row.my_role === "guardian";
  const actions = [
    mine && row.state === "ACTIVE" && row.subject_id
      ? h("button", { type: "button", class: "button small primary", onclick: () => onShow(row) }, t("family.show"))
      : null,
    !mine && row.state === "AWAITING_CONSENT" ? act(t("family.agree"), () => api.agree(row.id), refresh, "primary") : null,
    OPEN.includes(row.state) ? act(t("family.end"), () => api.endGuardianship(row.id), refresh) : null,
  ];
  return h(
    "li",
    {},
    h("span", { class: "row spread" }, h("strong", {}, row.other || t(`relation.${row.relation}`)), h("span", { class: "chip" }, t(`family.state.${row.state}`))),
    h("span", { class: "soft" }, `${t(mine ? "family.i_act" : "family.acts_for_me")} · ${t("family.until", { time: moment(row.valid_until, DAY) })}`),
    h("span", { class: "row" }, actions),
  );
}

function wish(api, refresh) {
  const relation = choice("family-relation", t("family.relation"), RELATIONS.map((one) => [one, t(`relation.${one}`)]), "CHILD");
  const name = field("family-name", t("say.name"), { required: true });
  const type = choice("family-type", t("say.document"), DOCUMENTS.map((one) => [one, t(`document.${one}`)]), "10");
  const number = field("family-number", t("say.number"), { required: true, autocapitalize: "characters" });
  const born = field("family-born", t("say.born"), { type: "date" });
  const proof = choice("family-proof", t("family.proof"), PROOFS.map((one) => [one, t(`proof.${one}`)]), "HOUSEHOLD_REGISTER");
  const reference = field("family-reference", t("family.proof_reference"), { required: true, minlength: "2" });
  return form({
    rows: [relation, name, type, number, born, proof, reference].map(({ row }) => row),
    button: t("family.ask"),
    send: async () => {
      await api.askGuardianship({
        identity: {
          name: name.input.value.trim(),
          document_type: type.input.value,
          document_number: number.input.value.trim(),
          ...(born.input.value ? { birth_date: born.input.value } : {}),
        },
        relation: relation.input.value,
        proof: proof.input.value,
        proof_reference: reference.input.value.trim(),
      });
      await refresh();
      return t("family.asked");
    },
  });
}
