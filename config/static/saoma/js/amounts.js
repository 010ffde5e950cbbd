/* Money as people type it: "12,50" in Paris, "1,200.50" in London, "￥１２" from a Chinese
   keyboard. What cannot be read for certain is left as it was typed; the server judges it. */

import { locale, money } from "./i18n.js";

const PLAIN = /^\d+(\.\d+)?$/;
const CURRENCY = "(?:[¥￥元]|CNY|RMB|yuans?)";
// What stands before or after the number; "12元5" is no 125.
const AROUND = new RegExp(`^\\s*${CURRENCY}?\\s*|\\s*${CURRENCY}?\\s*$`, "gi");
// Blanks and apostrophes part thousands and nothing else: "12 50" is no 1250.
const GROUPED = /^\d{1,3}(?:[\s'’]\d{3})+(?!\d)/;
const FULL_WIDTH = /[０-９．，]/g;

/** The mark between yuan and fen in a language: "." or ",". */
function decimalMark(language) {
  const parts = new Intl.NumberFormat(language).formatToParts(1.5);
  return parts.find(({ type }) => type === "decimal").value;
}

/**
 * Read a typed amount as plain decimal text ("1200.50").
 * @param {string} typed
 * @param {string} [language] of the page, decides what "1,200" means
 * @returns {string} the plain text, or what was typed where it is no amount
 */
export function readAmount(typed, language = locale()) {
  const text = typed
    .replace(FULL_WIDTH, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0))
    .replace("。", ".")
    .replace(AROUND, "")
    .replace(GROUPED, (groups) => groups.replace(/\D/g, ""));
  const plain = plainText(text, decimalMark(language));
  return PLAIN.test(plain) ? plain.replace(/^0+(?=\d)/, "") : typed.trim();
}

function plainText(text, mark) {
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  if (last < 0) return text;
  const whole = text.slice(0, last);
  const decimals = text.slice(last + 1);
  const grouped = /^\d{1,3}([.,]\d{3})*$/.test(text);
  const both = /[.,]/.test(whole);
  // One mark and three digits after it: thousands where the language groups so.
  if (grouped && (text[last] !== mark || (both && whole.includes(text[last])))) {
    return text.replace(/[.,]/g, "");
  }
  if (!both) return `${whole || "0"}.${decimals}`;
  return /^\d{1,3}([.,]\d{3})+$/.test(whole) && !whole.includes(text[last])
    ? `${whole.replace(/[.,]/g, "")}.${decimals}`
    : text;
}

/** An amount as people read it; what is no amount of yuan and fen is shown as it was typed. */
export const shownAmount = (text, currency = "CNY") =>
  /^\d+(\.\d{1,2})?$/.test(text) ? money(text, currency) : String(text);
