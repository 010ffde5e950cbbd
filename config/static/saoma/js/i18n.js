/* Texts of a page's scripts. English is complete; other languages may lack keys and fall back. */

let chosen = {};

/**
 * Take the texts in the page's language.
 * @param {Record<string, string>} english
 * @param {Record<string, () => Promise<{messages: Record<string, string>}>>} others
 *   how to load each other language, by the first two letters of its name
 */
export async function loadLanguage(english, others) {
  chosen = english;
  const load = others[document.documentElement.lang.slice(0, 2)];
  if (!load) return;
  try {
    const { messages } = await load();
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

/** An amount without its currency, with the decimals that it came with. */
export function decimal(amount) {
  const digits = (String(amount).split(".")[1] ?? "").length;
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale(), style).format(Number(amount));
}

/** The text for a computed key, or another word where there is none: never a raw key. */
export const word = (key, otherwise) => chosen[key] ?? otherwise;

/** The installation's time zone, which the server writes into the page. */
export const zone = () => document.documentElement.dataset.zone || undefined;

/** A moment as people read it, in the installation's zone. */
export function moment(iso, style = {}) {
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", ...style };
  return new Intl.DateTimeFormat(locale(), { timeZone: zone(), ...options }).format(
    new Date(iso),
  );
}

/** The zone's name for a reader in another one: "Shanghai (GMT+8)"; "" where it is their own. */
export function zoneName(at = new Date()) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone() || zone() === own) return "";
  const parts = new Intl.DateTimeFormat(locale(), { timeZone: zone(), timeZoneName: "shortOffset" });
  const offset = parts.formatToParts(at).find(({ type }) => type === "timeZoneName").value;
  const city = zone().split("/").pop();
  return `${word(`zone.${city}`, city.replaceAll("_", " "))} (${offset})`;
}
