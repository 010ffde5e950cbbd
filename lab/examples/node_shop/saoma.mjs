// A Saoma world for a test suite in Node: plain fetch, one file, nothing to install.
//
//   const world = await connect();          // SAOMA_URL, or the ready file of `saoma up`
//   beforeEach(() => world.reset());
//   await world.advance({ days: 1 });

import { createSign } from "node:crypto";
import { readFile } from "node:fs/promises";

const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86400 };

export async function connect(place = process.env.SAOMA_READY_FILE ?? "ready.json") {
  const url = process.env.SAOMA_URL ?? JSON.parse(await readFile(place, "utf8")).url;
  const facts = await ask(url, "world");
  return new World(url, facts);
}

async function ask(url, path, body) {
  const answer = await fetch(`${url}/lab/api/${path}`, body === undefined ? {} : {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${json.code}: ${json.detail}`);
  return json;
}

class World {
  constructor(url, facts) { this.url = url; this.facts = facts; this.resets = []; }

  async reset() {
    const started = performance.now();
    await ask(this.url, "reset", {});
    this.resets.push(performance.now() - started);
  }

  advance(span) {
    const by = Object.entries(span).reduce((sum, [unit, n]) => sum + SECONDS[unit] * n, 0);
    return ask(this.url, "clock/advance", { by_s: by });
  }

  async code(person) { return (await ask(this.url, "codes", { person })).code; }

  pay(person, payload) { return ask(this.url, "payments", { person, payload }); }

  async person(key) { return (await ask(this.url, "world")).people.find((row) => row.key === key); }

  async call(shop, method, content) {
    const { app_id, app_private_key_file } = this.facts.shops.find((row) => row.key === shop);
    const now = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 19).replace("T", " ");
    const params = {
      app_id, method, format: "JSON", charset: "utf-8", sign_type: "RSA2", timestamp: now,
      version: "1.0", biz_content: JSON.stringify(content),
    };
    const text = Object.keys(params).sort().map((name) => `${name}=${params[name]}`).join("&");
    params.sign = createSign("RSA-SHA256").update(text, "utf8")
      .sign(await readFile(app_private_key_file, "utf8"), "base64");
    const answer = await fetch(this.facts.gateway_url, {
      method: "POST", body: new URLSearchParams(params),
    });
    const whole = await answer.json();
    return whole[Object.keys(whole).find((name) => name.endsWith("_response"))];
  }
}
