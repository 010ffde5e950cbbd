/* The wallet's API as one person's phone uses it. The switch "no network" of the lab cuts
   it off here, so that everything above behaves as on a train in a tunnel. */

import { Problem, call, newKey } from "../../saoma/js/api.js";

export class Wallet {
  token = "";
  cut = false;

  #call(path, options = {}) {
    if (this.cut) return Promise.reject(new Problem({}));
    return call(path, { token: this.token, ...options });
  }

  async logIn(phone, password) {
    const answer = await this.#call("/api/v1/sessions", {
      body: { phone, password, label: "Browser" },
    });
    this.token = answer.token;
    return answer.user;
  }

  me = () => this.#call("/api/v1/me");
  balance = () => this.#call("/api/v1/wallet");
  bills = () => this.#call("/api/v1/wallet/statement?limit=30");
  kyc = () => this.#call("/api/v1/kyc");
  topup = (id) => this.#call(`/api/v1/wallet/topups/${id}`);
  topUp = (amount) => this.#call("/api/v1/wallet/topups", { body: { amount }, key: newKey() });

  aliases = (deviceId) =>
    this.#call("/api/v1/payment-codes/aliases", { body: { device_id: deviceId } });
  freshCode = () => this.#call("/api/v1/payment-codes", { body: {} });

  /** Payments that wait for this person's word, newest first. */
  async waiting() {
    const { results } = await this.#call("/api/v1/payments?page_size=10");
    return results.filter(({ status, role }) => status === "PENDING" && role === "payer");
  }

  payment = (id) => this.#call(`/api/v1/payments/${id}`);
  confirm = (id, pin) =>
    this.#call(`/api/v1/payments/${id}/confirm`, { body: pin ? { pin } : {}, key: newKey() });
  refuse = (id) => this.#call(`/api/v1/payments/${id}/refuse`, { body: {}, key: newKey() });

  scan = (payload) => this.#call("/api/v1/scans", { body: { payload }, key: newKey() });
  setAmount = (scanId, amount) =>
    this.#call(`/api/v1/scans/${scanId}/amount`, { body: { amount }, key: newKey() });

  /** Deposits that wait for this person's word, newest first. */
  async asked() {
    const { results } = await this.#call("/api/v1/authorisations?page_size=10");
    return results.filter(({ status }) => status === "INIT");
  }

  agree = (id, pin) =>
    this.#call(`/api/v1/authorisations/${id}/confirm`, { body: { pin }, key: newKey() });
  decline = (id) => this.#call(`/api/v1/authorisations/${id}/refuse`, { body: {}, key: newKey() });

  /** The order string that a merchant's app hands over: look at it, then pay it. */
  openOrder = (order) => this.#call("/api/v1/app-orders", { body: { order }, key: newKey() });
  payOrder = (order, pin) =>
    this.#call("/api/v1/app-orders/pay", { body: { order, pin }, key: newKey() });
  agreementLink = (payload) => this.#call("/api/v1/agreement-links", { body: { payload } });
  agreementOffer = (token) => this.#call(`/api/v1/agreement-offers/${token}`);
  signAgreement = (token, pin, challenge) =>
    this.#call(`/api/v1/agreement-offers/${token}/sign`, { body: { pin, challenge }, key: newKey() });
  agreements = () => this.#call("/api/v1/agreements?page_size=50");
  unsignAgreement = (id) =>
    this.#call(`/api/v1/agreements/${id}/unsign`, { body: {}, key: newKey() });

  health = () => this.#call("/api/v1/health/me");
  healthCode = () => this.#call("/api/v1/health/codes", { body: {} });
  declareHealth = (body) => this.#call("/api/v1/health/declarations", { body, key: newKey() });

  logOut = () => this.#call("/api/v1/sessions/current", { method: "DELETE" });
}
