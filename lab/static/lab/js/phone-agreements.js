/* Automatic payments on the phone: read and sign an offer, see what is agreed, end it. */

import { fill, h } from "../../saoma/js/dom.js";
import { explain, moment, money, t } from "../../saoma/js/i18n.js";

/** Is this the address of an agreement's page, or a merchant's request to sign one? */
export const isAgreement = (payload) =>
  /^alipays?:\/\/.+sign_params=/i.test(payload) || /^https?:\/\/[^/]+\/agreements\/\w+/i.test(payload);

/** What is agreed, as label and value; one phrase for each cap. */
export function terms(agreed, currency) {
  const rows = [];
  if (agreed.single !== null) rows.push([t("auto.single"), money(agreed.single, currency)]);
  if (agreed.total !== null) rows.push([t("auto.total"), money(agreed.total, currency)]);
  if (agreed.total_payments !== null) rows.push([t("auto.count"), String(agreed.total_payments)]);
  const unit = agreed.period_type?.toLowerCase() ?? "any";
  const rhythm = unit === "month" && agreed.period === 1 ? "auto.monthly" : `auto.${unit}`;
  rows.push([t("auto.often"), t(rhythm, { count: agreed.period ?? "" })]);
  if (agreed.first_on) rows.push([t("auto.first"), agreed.first_on]);
  if (agreed.valid_until) rows.push([t("auto.until"), agreed.valid_until.slice(0, 10)]);
  return rows;
}

/** Open an offer and ask the person to sign it. */
export async function askToSign(phone, payload) {
  const { token } = await phone.wallet.agreementLink(payload);
  const offer = await phone.wallet.agreementOffer(token);
  phone.ask({
    id: offer.agreement_id,
    title: t("auto.title"),
    action: t("auto.sign"),
    decline: t("auto.decline"),
    payee: offer.payee_name,
    subject: t("auto.explain"),
    terms: terms(offer.terms, offer.currency),
    amount: "",
    currency: offer.currency,
    needsPin: true,
    refuse: async () => {},
    confirm: async ({ pin }) => {
      await phone.wallet.signAgreement(token, pin, offer.challenge);
      return { told: t("auto.signed", { payee: offer.payee_name }) };
    },
  });
}

/** The person's automatic payments, each with what it may take and a way to end it. */
export function agreements(phone) {
  const list = h("ul", { class: "list" });
  const element = h("section", { class: "stack" }, h("h3", {}, t("auto.title")), list);
  const refresh = async () => {
    const { results } = await phone.wallet.agreements();
    const live = results.filter(({ status }) => status === "NORMAL" || status === "SUSPENDED");
    if (!live.length) fill(list, h("li", { class: "soft" }, t("auto.none")));
    else fill(list, live.map((agreement) => row(phone, agreement, refresh)));
  };
  return { element, refresh };
}

function row(phone, agreement, refresh) {
  const end = async () => {
    try {
      await phone.wallet.unsignAgreement(agreement.agreement_id);
      phone.say(t("auto.ended", { payee: agreement.payee_name }));
      await refresh();
    } catch (error) {
      phone.say(explain(error), "bad");
    }
  };
  const caps = terms(agreement, agreement.currency).map(([label, value]) => `${label}: ${value}`);
  const since = moment(agreement.signed_at, { month: "short", day: "numeric", second: undefined });
  const taken = t("auto.taken", {
    count: agreement.debits,
    amount: money(agreement.debited, agreement.currency),
  });
  return h(
    "li",
    { class: "stack card" },
    h("strong", {}, agreement.payee_name),
    agreement.status === "SUSPENDED" ? h("span", { class: "notice wait" }, t("auto.suspended")) : null,
    h("span", { class: "soft" }, caps.join(" · ")),
    h("span", { class: "soft" }, `${taken} · ${t("auto.since", { date: since })}`),
    h(
      "button",
      {
        type: "button",
        class: "button",
        "aria-label": t("auto.end_of", { payee: agreement.payee_name }),
        onclick: end,
      },
      t("auto.end"),
    ),
  );
}
