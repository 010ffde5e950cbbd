/* Whose terminal is this browser? Asked once, by the gate's and the venue's page alike. */

import { h } from "../../saoma/js/dom.js";
import { t } from "../../saoma/js/i18n.js";
import { field, form } from "./form.js";
import { canSign } from "./holder.js";
import { dropAll, load, save } from "./store.js";
import { learnTime } from "./time.js";

const CREDENTIAL = "guard/credential";
const TERMINAL = "guard/terminal";
const INVITATION = /^[A-Z0-9]{12}$/i;

/** Take up what was kept; answers what the terminal is, or null. */
export async function recallTerminal(api) {
  api.credential = (await load(CREDENTIAL)) ?? null;
  return (await load(TERMINAL)) ?? null;
}

/** Ask the server what this terminal is, and keep it for the time without network. */
export async function learnTerminal(api) {
  const started = performance.now();
  const terminal = await api.terminal();
  await learnTime(terminal.now, performance.now() - started);
  await save(TERMINAL, terminal);
  return terminal;
}

export async function forgetTerminal(api) {
  api.credential = null;
  await dropAll("guard/");
}

/** The form that asks for a secret or an invitation; `onIn` gets the terminal. */
export function setUp(api, { why = "", onIn }) {
  const word = field("gate-credential", t("gate.credential"), { required: true, type: "password", spellcheck: "false" });
  return h(
    "div",
    { class: "alone stack" },
    h(
      "section",
      { class: "card stack" },
      h("h1", {}, t("gate.set_up")),
      why ? h("p", { class: "notice bad", role: "alert" }, why) : null,
      h("p", { class: "soft" }, t("gate.set_up_hint")),
      form({
        rows: [word.row],
        button: t("gate.set_up_go"),
        send: async () => {
          const given = word.input.value.trim().replace(/^Terminal\s+/i, "");
          if (INVITATION.test(given) && canSign()) await api.enrol(given);
          else api.credential = { secret: given };
          const terminal = await learnTerminal(api);
          await save(CREDENTIAL, api.credential);
          await onIn(terminal);
        },
      }),
    ),
  );
}
