/* The API as one person's phone uses it. Only here is the token. */

import { call, newKey } from "../../saoma/js/api.js";

const HEALTH = "/api/v1/health/";

export class CitizenApi {
  token = "";

  #ask = (path, options = {}) => call(path, { token: this.token, ...options });
  #health = (path, body, options = {}) => this.#ask(HEALTH + path, { body, ...options });

  /** Log in; the answer names the user. */
  async logIn(phone, password, label) {
    const answer = await this.#ask("/api/v1/sessions", { body: { phone, password, label } });
    this.token = answer.token;
    return answer;
  }

  /** The wallet's signed word that an identity card is this person's; nothing where it has none. */
  async prove(number) {
    try {
      const { identity_proof } = await this.#ask("/api/v1/kyc/identity-proofs", { body: { document_number: number } });
      return { identity_proof };
    } catch (problem) {
      if (problem.status >= 400 && problem.status < 500) return {};
      throw problem;
    }
  }

  register = (body) => this.#ask("/api/v1/users", { body, key: newKey() });
  logOut = () => this.#ask("/api/v1/sessions/current", { method: "DELETE" });

  card = (subject) => this.#health(subject ? `me?subject_id=${subject}` : "me");
  mint = ({ jwk, name, device, subject }) =>
    this.#health("codes", {
      ...(jwk ? { device_public_key: jwk, device_name: name } : {}),
      ...(jwk && device ? { device_id: device } : {}),
      ...(subject ? { subject_id: subject } : {}),
    });
  declare = (body) => this.#health("declarations", body, { key: newKey() });
  checkIn = (body) => this.#health("checkins", body, { key: newKey() });
  trip = (body) => this.#health("trips", body, { key: newKey() });
  visit = (body) => this.#health("venue-checkins", body, { key: newKey() });
  certificate = (payload) => this.#health("certificates", { payload });
  looks = () => this.#health("access-log");
  appeals = () => this.#health("corrections");
  appeal = (grounds) => this.#health("corrections", { grounds }, { key: newKey() });
  devices = () => this.#health("devices");
  revokeDevice = (id) => this.#health(`devices/${id}/revoke`, {});
  guardianships = () => this.#health("guardianships");
  askGuardianship = (body) => this.#health("guardianships", body, { key: newKey() });
  agree = (id) => this.#health(`guardianships/${id}/consent`, {});
  endGuardianship = (id) => this.#health(`guardianships/${id}/end`, {});
  erase = () => this.#health("erasures", { confirm: "ERASE" });
}
