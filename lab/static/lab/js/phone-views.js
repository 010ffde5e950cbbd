/* The phone's screens. Each gives {element, refresh?, stop?}. */

import { now } from "./clock.js";
import { fill, h, icon } from "../../saoma/js/dom.js";
import { readAmount } from "../../saoma/js/amounts.js";
import { explain, moment, money, t, word, zoneName } from "../../saoma/js/i18n.js";
import { sheetFacts } from "./confirm-sheet.js";
import { agreements, askToSign, isAgreement } from "./phone-agreements.js";
import { healthView } from "./phone-health.js";
import { scanPanel } from "./scan-panel.js";
import { tag } from "./tag.js";

/* Movements whose memo is somebody's own words: what was sold, why, for whom. */
const PEOPLES = new Set(["payment", "refund", "transfer", "merchant_transfer", "split", "arrears.collected"]);

export const health = healthView;

/** Who holds this phone? */
export function login(phone) {
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const attempt = async (number, password) => {
    problem.hidden = true;
    try {
      await phone.logIn(number, password);
    } catch (error) {
      problem.hidden = false;
      problem.replaceChildren(explain(error));
    }
  };
  const number = h("input", { class: "field", id: "login-phone", autocomplete: "tel", required: true });
  const password = h("input", {
    class: "field",
    id: "login-password",
    type: "password",
    autocomplete: "current-password",
    required: true,
  });
  return h(
    "div",
    { class: "stack" },
    h("h2", {}, t("login.title")),
    h("p", { class: "soft" }, t("login.hint", { pin: phone.world.pin })),
    phone.world.citizens.map((citizen) =>
      h(
        "button",
        {
          type: "button",
          class: "who",
          onclick: () => attempt(citizen.phone, phone.world.password),
        },
        h("span", { class: "face", "aria-hidden": "true" }, citizen.name.slice(0, 1)),
        h("span", {}, h("strong", { lang: "zh" }, citizen.name), h("br"), h("span", { class: "soft figure" }, citizen.phone)),
      ),
    ),
    h(
      "details",
      {},
      h("summary", {}, t("login.other")),
      h(
        "form",
        {
          class: "stack",
          onsubmit: (event) => {
            event.preventDefault();
            attempt(number.value, password.value);
          },
        },
        h("label", { class: "stack", for: number.id }, t("login.phone"), number),
        h("label", { class: "stack", for: password.id }, t("login.password"), password),
        h("button", { type: "submit", class: "button primary" }, t("login.enter")),
      ),
    ),
    problem,
  );
}

/** Balance and the code to show. */
export function pay(phone) {
  const balance = h("p", { class: "balance figure", "aria-live": "polite" }, phone.lastBalance ?? "…");
  const element = h(
    "div",
    { class: "stack" },
    h("div", {}, h("p", { class: "soft" }, t("pay.balance")), balance),
    phone.card.element,
    h("p", { class: "soft" }, t("pay.explain")),
  );
  const refresh = async () => {
    const wallet = await phone.wallet.balance();
    phone.lastBalance = money(wallet.available, wallet.currency);
    balance.replaceChildren(phone.lastBalance);
  };
  return { element, refresh };
}

/** Scan a merchant's code and pay it. */
export function scan(phone) {
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const onCode = async (payload) => {
    problem.hidden = true;
    try {
      if (isAgreement(payload)) await askToSign(phone, payload);
      else if (payload.includes("biz_content=")) await askForOrder(phone, payload);
      else askFor(phone, await phone.wallet.scan(payload));
    } catch (error) {
      problem.hidden = false;
      problem.replaceChildren(explain(error));
    }
  };
  /** @type {any} */
  const till = document.querySelector("saoma-till");
  const { panel, stop } = scanPanel({
    id: "phone-scan",
    typed: t("scan.typed_merchant"),
    beside: till ? () => till.symbol : undefined,
    besideLabel: t("scan.till_beside"),
    onCode,
  });
  const element = h(
    "div",
    { class: "stack" },
    h("h2", {}, t("scan.title")),
    h("p", { class: "soft" }, t("scan.explain")),
    panel,
    problem,
  );
  return { element, stop };
}

/* The order of a merchant's app, pasted: the server verifies it before anything is shown. */
async function askForOrder(phone, order) {
  const found = await phone.wallet.openOrder(order);
  phone.ask({
    ...sheetFacts(found),
    needsPin: true,
    refuse: async () => {
      if (found.payment_id) await phone.wallet.refuse(found.payment_id).catch(() => {});
      else await phone.wallet.decline(found.authorisation_id).catch(() => {});
    },
    confirm: ({ pin }) => phone.wallet.payOrder(order, pin),
  });
}

/* An order with an amount waits for a PIN; one without asks for the amount first. */
function askFor(phone, found) {
  const held = found.authorisation_id;
  phone.ask({
    ...sheetFacts(found),
    needsPin: true,
    refuse: async () => {
      if (held) await phone.wallet.decline(held).catch(() => {});
      if (found.payment_id) await phone.wallet.refuse(found.payment_id).catch(() => {});
    },
    confirm: async ({ pin, amount }) => {
      if (held) return phone.wallet.agree(held, pin);
      if (found.amount === null) found = await phone.wallet.setAmount(found.id, readAmount(amount));
      return phone.wallet.confirm(found.payment_id, pin);
    },
  });
}

/** What moved in the wallet. */
export function bills(phone) {
  const list = h("ul", { class: "list" });
  const made = h("p", { class: "soft" });
  const print = h("button", { type: "button", class: "button small", onclick: () => window.print() }, t("bills.print"));
  const head = h("div", { class: "row spread" }, h("h2", {}, t("bills.title")), print);
  const owner = h("p", { class: "soft figure" }, `${phone.user.name} · ${phone.user.phone}`);
  const element = h("div", { class: "stack statement" }, head, owner, made, list);
  const refresh = async () => {
    const { entries } = await phone.wallet.bills();
    const day = moment(now(), { year: "numeric", month: "long", day: "numeric", second: undefined });
    fill(made, t("bills.made", { time: [day, zoneName(now())].filter(Boolean).join(" ") }));
    if (!entries.length) fill(list, h("li", { class: "soft" }, t("bills.none")));
    else fill(list, entries.map(bill));
  };
  return { element, refresh };
}

/** What people wrote about a movement; the house's own memos are said by its kind instead. */
export const memo = ({ kind, narrative }) => (PEOPLES.has(kind) ? narrative : "");

function bill(entry) {
  const out = entry.amount.startsWith("-");
  const date = moment(entry.posted_at, { month: "short", day: "numeric", second: undefined });
  const kind = word(`kind.${entry.kind}`, t("kind.other"));
  return h(
    "li",
    { class: "bill" },
    h("strong", {}, memo(entry) || kind),
    h(
      "span",
      { class: `figure ${out ? "out" : "in"}` },
      h("span", { class: "visually-hidden" }, t(out ? "bills.out" : "bills.in")),
      `${out ? "−" : "+"}${money(entry.amount.replace("-", ""), entry.currency)}`,
    ),
    h("span", { class: "soft row" }, tag(entry.reference), `${kind} · ${date}`),
    h(
      "span",
      { class: "soft figure" },
      entry.balance_after === null ? "" : money(entry.balance_after, entry.currency),
    ),
  );
}

/** Limits, money from the bank, the network switch, and the way out. */
export function me(phone) {
  const limits = h("dl", { class: "stack" });
  const amount = h("input", {
    class: "field figure",
    id: "topup-amount",
    inputmode: "decimal",
    value: "2000.00",
    autocomplete: "off",
  });
  const cut = h("input", {
    type: "checkbox",
    id: "network-cut",
    role: "switch",
    checked: phone.wallet.cut,
    onchange: () => phone.cutNetwork(cut.checked),
  });
  const automatic = agreements(phone);
  const element = h(
    "div",
    { class: "stack" },
    h("h2", {}, phone.user.name),
    h("p", { class: "soft figure" }, `${phone.user.phone} · ${phone.user.user_id}`),
    limits,
    h(
      "form",
      {
        class: "row",
        onsubmit: async (event) => {
          event.preventDefault();
          try {
            await phone.topUp(readAmount(amount.value));
            phone.say(t("me.topup_asked"));
          } catch (error) {
            phone.say(explain(error), "bad");
          }
        },
      },
      h("label", { class: "stack grow", for: amount.id }, t("me.topup"), amount),
      h("button", { type: "submit", class: "button end" }, t("me.topup_go")),
    ),
    h(
      "label",
      { class: "row card", for: cut.id },
      cut,
      h("span", { class: "grow" }, h("strong", {}, t("me.cut")), h("br"), h("span", { class: "soft" }, t("me.cut_hint"))),
    ),
    automatic.element,
    h(
      "button",
      { type: "button", class: "button", onclick: () => phone.logOut() },
      icon("cross"),
      t("me.log_out"),
    ),
  );
  const refresh = async () => {
    await automatic.refresh();
    const kyc = await phone.wallet.kyc();
    const left = kyc.limits.remaining;
    fill(
      limits,
      h("div", { class: "row spread" }, h("dt", { class: "soft" }, t("me.tier")), h("dd", {}, t(`tier.${kyc.tier}`))),
      h(
        "div",
        { class: "row spread" },
        h("dt", { class: "soft" }, t("me.left")),
        h("dd", { class: "figure" }, left === null ? t("me.unlimited") : money(left)),
      ),
    );
  };
  return { element, refresh };
}
