/* Journals as T-accounts: debits on the left, credits on the right, the balance before and after. */

import { h } from "../../saoma/js/dom.js";
import { moment, money, t, word } from "../../saoma/js/i18n.js";

/** An account as people call it: whose it is, and what for. */
export function accountName({ owner, role }) {
  const name = word(`account.${role}`, role);
  return owner ? `${owner} · ${name}` : name;
}

/** One journal with its T-accounts; `together` where others' money moved in it, too. */
export function journalScene(scene, together = false) {
  return h(
    "section",
    { class: "scene" },
    h(
      "p",
      { class: "row spread scene-head" },
      h("strong", {}, word(`kind.${scene.kind}`, t("kind.other"))),
      h("span", { class: "soft figure" }, [together ? t("story.together") : "", moment(scene.at)].filter(Boolean).join(" · ")),
    ),
    h("div", { class: "t-accounts" }, scene.accounts.map(tAccount)),
  );
}

/** One T-account. */
export function tAccount(account) {
  const show = (amount) => money(amount, account.currency);
  const opening = account.normal === "DEBIT" ? [show(account.before), ""] : ["", show(account.before)];
  const closing = account.normal === "DEBIT" ? [show(account.after), ""] : ["", show(account.after)];
  const cell = (content, name) => h("td", { class: `money ${name}` }, content);
  return h(
    "table",
    { class: `t-account ${account.grows ? "grows" : "shrinks"}` },
    h("caption", { title: account.code }, accountName(account)),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("stage.debit")), h("th", { scope: "col" }, t("stage.credit")))),
    h(
      "tbody",
      {},
      h("tr", { class: "carried" }, opening.map((text) => cell(text, "soft"))),
      h("tr", {}, cell(account.debit && show(account.debit), "moved"), cell(account.credit && show(account.credit), "moved")),
    ),
    h("tfoot", {}, h("tr", {}, closing.map((text) => cell(text, "")))),
  );
}

/** What a step compared, where it posted nothing: accounts with what they hold. */
export function balanceList(balances) {
  return h(
    "section",
    { class: "scene" },
    h("p", { class: "row spread scene-head" }, h("strong", {}, t("theatre.balances")), h("span", { class: "soft" }, t("theatre.no_entry"))),
    h(
      "ul",
      { class: "list balances" },
      balances.map((one) => h("li", { class: "cast-row" }, h("span", { class: "grow" }, accountName(one)), h("span", { class: "figure" }, money(one.amount)))),
    ),
  );
}
