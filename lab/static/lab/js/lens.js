/* The signature lens: the string that was signed, a letter of it to change, and the verdict of
   this browser's own cryptography. Nothing is sent anywhere. */

import { fill, h, icon } from "../../saoma/js/dom.js";
import { t } from "../../saoma/js/i18n.js";

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** Whether one of the keys made the signature over the text; null where the browser cannot tell. */
export async function fits({ signature, hash, keys }, text) {
  if (!globalThis.crypto?.subtle) return null;
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash };
  try {
    for (const key of keys) {
      const spki = await crypto.subtle.importKey("spki", bytesOf(key), algorithm, false, ["verify"]);
      const data = new TextEncoder().encode(text);
      if (await crypto.subtle.verify(algorithm.name, spki, bytesOf(signature), data)) return true;
    }
    return false;
  } catch {
    return false;
  }
}

/** The lens over something signed. */
export function lens(signed) {
  const verdict = h("p", { class: "lens-verdict", role: "status", "aria-live": "polite" });
  const string = h("div", { class: "lens-string mono", tabindex: "0", role: "group", "aria-label": t("lens.string") });
  const utf8 = signed.charset === "utf-8";
  let text = signed.text;
  const judge = async () => {
    const ok = await fits(signed, text);
    const changed = text !== signed.text;
    const key = ok === null ? "lens.cannot" : ok ? "lens.fits" : changed ? "lens.broken" : "lens.never_fitted";
    verdict.className = `lens-verdict ${ok ? "good" : "bad"}`;
    fill(verdict, icon(ok ? "check" : "cross"), t(key));
  };
  const draw = () => {
    const letters = [...text];
    const original = [...signed.text];
    fill(string, letters.map((letter, place) => h("span", { class: letter === original[place] ? null : "flipped", "data-place": place }, letter)));
  };
  const flip = (place) => {
    const letters = [...text];
    const original = [...signed.text];
    const one = letters[place];
    letters[place] = one === original[place] ? flipped(one) : original[place];
    text = letters.join("");
    draw();
    judge();
  };
  string.addEventListener("click", (event) => {
    const place = event.target.dataset?.place;
    if (place !== undefined) flip(Number(place));
  });
  const flipAmount = () => {
    const digits = [...text.matchAll(/amount[^0-9]*(\d)/g)][0];
    flip([...text.slice(0, digits ? digits.index + digits[0].length - 1 : Math.floor(text.length / 2))].length);
  };
  const back = () => {
    text = signed.text;
    draw();
    judge();
  };
  draw();
  if (utf8) judge();
  else fill(verdict, icon(signed.valid ? "check" : "cross"), t(signed.valid ? "lens.fits" : "lens.never_fitted"));
  return h(
    "div",
    { class: "lens" },
    h("p", { class: "soft" }, t("lens.explain")),
    string,
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", class: "button small", onclick: flipAmount }, t("lens.flip")),
      h("button", { type: "button", class: "button small", onclick: back }, icon("again"), t("lens.back")),
      verdict,
    ),
  );
}

/* Another letter of its kind: a digit stays a digit. */
function flipped(letter) {
  if (/\d/.test(letter)) return String((Number(letter) + 1) % 10);
  return letter === "x" ? "y" : "x";
}
