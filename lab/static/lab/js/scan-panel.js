/* A panel that offers every way to read a code and calls back with the text. */

import { h, icon } from "../../saoma/js/dom.js";
import { t } from "../../saoma/js/i18n.js";
import { hasCamera, readFile, readSymbol, watchCamera } from "../../saoma/js/scanner.js";

/**
 * @param {object} options
 * @param {string} options.id prefix of ids, unique in the page
 * @param {string} options.typed label of the field for typing
 * @param {() => SVGElement|null} [options.beside] the symbol shown elsewhere on this page
 * @param {string} [options.besideLabel]
 * @param {(code: string) => void} options.onCode
 * @param {boolean} [options.numeric] whether only digits are typed
 */
export function scanPanel({ id, typed, beside, besideLabel, onCode, numeric = false }) {
  const status = h("p", { class: "hint", role: "status", "aria-live": "polite" });
  const video = h("video", { class: "camera", muted: true, playsinline: true, hidden: true });
  video.setAttribute("aria-label", t("scan.viewfinder"));
  let watch = null;

  const say = (text) => status.replaceChildren(text);
  const take = (code) => {
    stop();
    if (code) onCode(code);
    else say(t("scan.nothing"));
  };
  const stop = () => {
    watch?.abort();
    watch = null;
    video.hidden = true;
  };
  const attempt = async (reading) => {
    try {
      take(await reading);
    } catch (error) {
      stop();
      const denied = error?.name === "NotAllowedError" || error?.name === "NotFoundError";
      say(t(denied ? "scan.no_camera" : "scan.unreadable"));
    }
  };

  const camera = h(
    "button",
    {
      type: "button",
      class: "button",
      disabled: !hasCamera(),
      onclick: () => {
        if (watch) {
          stop();
          return;
        }
        watch = new AbortController();
        video.hidden = false;
        say(t("scan.looking"));
        attempt(watchCamera(video, watch.signal));
      },
    },
    icon("camera"),
    t("scan.camera"),
  );
  const file = h("input", {
    type: "file",
    accept: "image/*",
    id: `${id}-file`,
    class: "visually-hidden",
    onchange: () => {
      if (file.files[0]) attempt(readFile(file.files[0]));
      file.value = "";
    },
  });
  const picture = h(
    "label",
    { class: "button", for: `${id}-file` },
    icon("picture"),
    t("scan.picture"),
  );
  const field = h("input", {
    id: `${id}-typed`,
    class: "field",
    autocomplete: "off",
    spellcheck: "false",
    ...(numeric ? { inputmode: "numeric" } : {}),
  });
  const form = h(
    "form",
    {
      class: "row",
      onsubmit: (event) => {
        event.preventDefault();
        const code = numeric ? field.value.replace(/\s/g, "") : field.value.trim();
        if (code) take(code);
        else field.focus();
      },
    },
    h("label", { class: "stack grow", for: `${id}-typed` }, h("span", {}, typed), field),
    h("button", { type: "submit", class: "button end" }, t("scan.use")),
  );
  const near = beside
    ? h(
        "button",
        {
          type: "button",
          class: "button primary wide",
          id: `${id}-beside`,
          onclick: () => {
            const symbol = beside();
            if (symbol) attempt(readSymbol(symbol));
            else say(t("scan.nothing_beside"));
          },
        },
        icon("scan"),
        besideLabel,
      )
    : null;
  const panel = h(
    "div",
    { class: "scan-panel stack" },
    ...[near].filter(Boolean),
    h("div", { class: "row" }, camera, file, picture),
    video,
    form,
    status,
  );
  return { panel, stop };
}
