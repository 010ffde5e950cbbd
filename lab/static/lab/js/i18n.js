/* Texts of the pages. English is complete; other languages may lack keys and fall back. */

import { messages as english } from "./messages/en.js";

const LANGUAGES = { fr: "./messages/fr.js", zh: "./messages/zh.js" };
let chosen = english;

/** Load the page's language; without it the page speaks English. */
export async function loadLanguage() {
  const language = document.documentElement.lang.slice(0, 2);
  if (!(language in LANGUAGES)) return;
  try {
    const { messages } = await import(LANGUAGES[language]);
    chosen = { ...english, ...messages };
  } catch (error) {
    console.warn(error);
  }
}

/** The text for a key, with {names} filled in. */
export function t(key, values = {}) {
  const text = chosen[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** The sentence for a failure: our own where we have one, else the server's. */
export function explain(problem) {
  return chosen[`problem.${problem.code}`] ?? problem.message ?? t("problem.unknown");
}

export const locale = () => document.documentElement.lang || "en";

/** An amount as people read it: "12.00" and "CNY" give ¥12.00. */
export function money(amount, currency = "CNY") {
  const number = Number(amount);
  return new Intl.NumberFormat(locale(), {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  }).format(number);
}

/** A moment as people read it, in the wallet's own zone. */
export function moment(iso, style = {}) {
  const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", ...style };
  return new Intl.DateTimeFormat(locale(), { timeZone: "Asia/Shanghai", ...options }).format(
    new Date(iso),
  );
}
