/* A citizen's phone: log in, show a code, scan one, confirm, look at bills and health. */

import { call } from "../../saoma/js/api.js";
import { now, setServerTime, syncClock } from "./clock.js";
import { confirmSheet, sheetFacts } from "./confirm-sheet.js";
import { calm, fill, h, icon } from "../../saoma/js/dom.js";
import { stream } from "./events.js";
import { explain, moment, money, t, zoneName } from "../../saoma/js/i18n.js";
import { PayCard } from "./pay-card.js";
import * as views from "./phone-views.js";
import { canMakeCodes, dropDevice, loadDevice, registerDevice, saveDevice } from "./store.js";
import { Wallet } from "./wallet.js";
import { world } from "./world.js";

const KEPT = "saoma.phone";
const LOOK_MS = 4000;
const CLOCK_MS = 10_000;
const TOAST_MS = 8000;
const TABS = ["pay", "scan", "bills", "health", "me"];

/* A deposit that waits, as the sheet asks for it. */
const deposit = (phone, one) => ({
  ...sheetFacts(one),
  confirm: ({ pin }) => phone.wallet.agree(one.authorisation_id, pin),
  refuse: () => phone.wallet.decline(one.authorisation_id),
});

export class SaomaPhone extends HTMLElement {
  wallet = new Wallet();
  user = null;
  device = null;
  tab = "pay";
  #asking = null;
  #ignored = new Set();
  #topups = new Set();
  #timers = [];

  async connectedCallback() {
    this.body = h("div", { class: "phone-body" });
    this.top = h("div", { class: "phone-top" });
    this.tabs = h("div", { class: "phone-tabs", role: "tablist", "aria-label": t("phone.tabs") });
    this.toast = h("p", { class: "notice", role: "status", "aria-live": "polite", hidden: true });
    this.frame = h("div", { class: "phone" }, this.top, this.body, this.tabs);
    this.append(this.frame);
    this.refreshCalmly = calm(() => this.refresh(), 400);
    stream.addEventListener("saoma", (/** @type {CustomEvent} */ event) => this.#heard(event.detail));
    document.addEventListener("saoma:code-tried", this.#codeTried);
    this.#timers.push(setInterval(() => this.#look(), LOOK_MS));
    this.#timers.push(setInterval(() => this.#askTime(), CLOCK_MS));
    this.#timers.push(setInterval(() => this.#drawTop(), 1000));
    await this.#begin();
  }

  disconnectedCallback() {
    this.#timers.forEach(clearInterval);
    document.removeEventListener("saoma:code-tried", this.#codeTried);
    this.card?.stop();
  }

  /** What a scanner held to this phone would see. */
  get symbol() {
    return this.tab === "pay" ? (this.card?.symbol ?? null) : null;
  }

  get offline() {
    return this.wallet.cut || !navigator.onLine;
  }

  async #begin() {
    try {
      this.world = await world();
    } catch (error) {
      fill(this.body, h("p", { class: "notice bad", role: "alert" }, explain(error)));
      return;
    }
    stream.start();
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    if (kept) {
      this.wallet.token = kept.token;
      try {
        await this.#enter(await this.wallet.me());
        return;
      } catch {
        sessionStorage.removeItem(KEPT);
      }
    }
    this.#showLogin();
  }

  #showLogin() {
    this.user = null;
    this.tabs.hidden = true;
    this.#drawTop();
    fill(this.body, views.login(this));
  }

  async logIn(phone, password) {
    const user = await this.wallet.logIn(phone, password);
    sessionStorage.setItem(KEPT, JSON.stringify({ token: this.wallet.token }));
    await this.#enter(user);
  }

  async logOut() {
    this.card?.stop();
    this.card = null;
    await this.wallet.logOut().catch(() => {});
    sessionStorage.removeItem(KEPT);
    this.wallet = new Wallet();
    this.#showLogin();
  }

  async #enter(user) {
    this.user = user;
    this.lastBalance = null;
    this.tabs.hidden = false;
    this.card = new PayCard({
      device: () => this.device,
      prefix: this.world.prefix,
      more: calm(() => this.#borrowAliases(), 5000),
      offline: () => this.offline,
    });
    this.device = canMakeCodes() ? await loadDevice(user.user_id).catch(() => null) : null;
    this.show("pay");
    await this.#borrowAliases();
    await this.card.start();
    this.#look();
  }

  /** Ask for aliases; a phone the server does not know any more registers anew. */
  async #borrowAliases() {
    if (!this.user || this.offline || this.borrowing) return;
    this.borrowing = true;
    try {
      if (canMakeCodes()) await this.#borrowForKey();
      else this.device = { aliases: [], whole: await this.wallet.freshCode() };
    } catch (error) {
      if (error.code !== "no_network") this.say(explain(error), "bad");
    } finally {
      this.borrowing = false;
    }
    this.card?.draw(true);
  }

  async #borrowForKey() {
    const number = this.user.user_id;
    this.device ??= await registerDevice(number, this.wallet.token, t("phone.label"));
    let answer;
    try {
      answer = await this.wallet.aliases(this.device.deviceId);
    } catch (error) {
      if (error.status !== 403 && error.status !== 404) throw error;
      await dropDevice(number);
      this.device = await registerDevice(number, this.wallet.token, t("phone.label"));
      answer = await this.wallet.aliases(this.device.deviceId);
    }
    if (answer.server_time) setServerTime(answer.server_time);
    this.device.aliases = answer.aliases;
    await saveDevice(number, this.device);
  }

  show(tab) {
    this.tab = tab;
    this.card?.cover();
    this.view?.stop?.();
    this.view = views[tab](this);
    fill(this.body, this.toast, this.view.element);
    this.#drawTabs();
    this.#drawTop();
    this.refresh();
  }

  refresh() {
    if (!this.user) return;
    this.view?.refresh?.().catch((error) => {
      if (error.code !== "no_network") this.say(explain(error), "bad");
    });
  }

  say(text, tone = "") {
    this.toast.className = `notice ${tone}`;
    this.toast.hidden = false;
    this.toast.replaceChildren(text);
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => {
      this.toast.hidden = true;
    }, TOAST_MS);
  }

  cutNetwork(cut) {
    this.wallet.cut = cut;
    this.say(t(cut ? "phone.now_offline" : "phone.now_online"), cut ? "wait" : "");
    this.card?.draw(true);
    if (!cut) this.refresh();
    this.#drawTop();
  }

  /* ---- what comes from outside ---- */

  #heard({ topic, payload }) {
    if (!this.user || this.offline) return;
    const mine =
      /^(payment|refund|transfer|topup|withdrawal|authorisation|arrears|trust|agreement)\./;
    if (!mine.test(topic)) return;
    this.refreshCalmly();
    this.#look();
    if (topic === "payment.paid" || topic === "payment.created") {
      this.#hearOfPayment(topic, payload.payment_id);
    }
  }

  /* A till beside this phone tried its code. Without network the phone cannot know. */
  #codeTried = (/** @type {CustomEvent} */ { detail }) => {
    if (this.user && !this.offline && this.card?.code === detail) this.#renewCode();
  };

  async #renewCode() {
    this.card.spent();
    await this.#borrowAliases();
  }

  /* A till took a code from this phone: renew it, and say what was paid. Other people's
     payments are not found. */
  async #hearOfPayment(topic, id) {
    const paid = await this.wallet.payment(id).catch(() => null);
    if (!paid || paid.role !== "payer" || paid.method !== "CODE") return;
    await this.#borrowAliases();
    if (topic !== "payment.paid") return;
    const amount = money(paid.amount, paid.currency);
    this.say(t("phone.paid", { amount, payee: paid.payee_name }));
  }

  /** Ask the bank for money; what it answers is told as soon as it is known. */
  async topUp(amount) {
    const { topup_id: id } = await this.wallet.topUp(amount);
    this.#topups.add(id);
  }

  async #tellOfTopups() {
    for (const id of this.#topups) {
      const topup = await this.wallet.topup(id).catch(() => null);
      if (!topup || topup.state === "CREATED" || topup.state === "PROCESSING") continue;
      this.#topups.delete(id);
      const facts = { amount: money(topup.amount, topup.currency) };
      this.say(t(`me.topup_${topup.state}`, facts), topup.state === "SUCCEEDED" ? "" : "bad");
      this.refreshCalmly();
    }
  }

  /* A lesson may have moved the world's clock in another window; codes go by that clock. */
  #askTime() {
    if (!this.offline && !document.hidden) syncClock(call).catch(() => {});
  }

  /** Is a payment waiting for this person's word? */
  async #look() {
    if (!this.user || this.offline || document.hidden) return;
    this.#tellOfTopups();
    if (this.#asking) return;
    let waiting;
    try {
      waiting = [
        ...(await this.wallet.waiting()).map(sheetFacts),
        ...(await this.wallet.asked()).map((one) => deposit(this, one)),
      ];
    } catch {
      return;
    }
    const next = waiting.find(({ id }) => !this.#ignored.has(id));
    if (next && !this.#asking) this.ask(next);
  }

  /**
   * Ask the person to confirm a payment, or a scan that becomes one.
   * @param {{id: string, payee: string, subject: string, amount: string|null,
   *   currency: string, needsPin: boolean, deposit?: boolean, confirm?: Function, refuse?: Function,
   *   title?: string, action?: string, decline?: string, terms?: string[][]}} payment
   */
  ask(payment) {
    this.#asking = payment.id;
    const veil = h("div", { class: "veil" });
    const close = () => {
      sheet.remove();
      veil.remove();
      this.#asking = null;
      this.body.inert = false;
      this.tabs.inert = false;
    };
    const refuse = async () => {
      this.#ignored.add(payment.id);
      close();
      const refusal = payment.refuse ? payment.refuse() : this.wallet.refuse(payment.id);
      await refusal.catch((error) => this.say(explain(error), "bad"));
    };
    const confirm = async ({ pin, amount }) => {
      const paid = await (payment.confirm
        ? payment.confirm({ pin, amount })
        : this.wallet.confirm(payment.id, pin));
      close();
      if (paid.told) {
        this.show("me");
        this.say(paid.told);
        return;
      }
      this.show("pay");
      const total = money(payment.amount ?? paid.amount, payment.currency);
      const told = { amount: total, payee: payment.payee };
      this.say(payment.deposit ? t("phone.authorised", told) : t("phone.paid", told));
      this.#borrowAliases();
    };
    const sheet = confirmSheet(payment, confirm, refuse);
    this.#explainWhy(payment, sheet);
    this.body.inert = true;
    this.tabs.inert = true;
    this.frame.append(veil, sheet);
  }

  /* Why the payer is asked at all, in the words of the risk rules. */
  async #explainWhy(payment, sheet) {
    if (!payment.needsPin || payment.confirm) return;
    const { notices } = await this.wallet.payment(payment.id).catch(() => ({ notices: [] }));
    sheet.querySelector("form").before(...notices.map((text) => h("p", { class: "soft" }, text)));
  }

  /* ---- frame ---- */

  #drawTop() {
    const state = this.offline ? "phone.offline" : "phone.online";
    const time = moment(now(), { second: undefined });
    this.top.title = zoneName(now());
    const text = `${time}|${state}|${this.user?.name}`;
    if (this.top.dataset.text === text) return;
    this.top.dataset.text = text;
    fill(
      this.top,
      h("span", { class: "figure" }, time),
      this.user ? h("strong", {}, this.user.name) : null,
      h("span", { class: "row" }, icon(this.offline ? "plane" : "signal"), t(state)),
    );
  }

  #drawTabs() {
    fill(
      this.tabs,
      TABS.map((name) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            id: `phone-tab-${name}`,
            "aria-selected": String(this.tab === name),
            onclick: () => this.show(name),
          },
          icon(name),
          t(`phone.${name}`),
        ),
      ),
    );
  }
}
