/* Forms in a few words: labelled fields, one place for what went wrong, one button. */

import { h } from "../../saoma/js/dom.js";
import { explain } from "../../saoma/js/i18n.js";

/** A labelled field; `input` is what holds the value. */
export function field(id, label, attributes = {}) {
  const input = h("input", { class: "field", id, autocomplete: "off", ...attributes });
  return { input, row: h("label", { class: "stack", for: id }, label, input) };
}

/** A choice out of a few. */
export function choice(id, label, options, chosen) {
  const input = h(
    "select",
    { id },
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)),
  );
  return { input, row: h("label", { class: "stack", for: id }, label, input) };
}

/** A box to tick. */
export function tick(id, label, attributes = {}) {
  const input = h("input", { type: "checkbox", id, ...attributes });
  return { input, row: h("label", { class: "row", for: id }, input, label) };
}

/**
 * A form that sends what its rows hold.
 * @param {{rows: Node[], button: string, send: () => Promise<string|void>, danger?: boolean}} options
 *   `send` answers what to say when it went well.
 */
export function form({ rows, button, send, danger = false }) {
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const done = h("p", { class: "notice", role: "status", hidden: true });
  const submit = h("button", { type: "submit", class: `button ${danger ? "danger" : "primary"}` }, button);
  const say = (place, text) => {
    place.hidden = !text;
    place.replaceChildren(text ?? "");
  };
  return h(
    "form",
    {
      class: "stack",
      onsubmit: async (event) => {
        event.preventDefault();
        say(problem, "");
        say(done, "");
        submit.disabled = true;
        try {
          say(done, await send());
        } catch (error) {
          say(problem, explain(error));
        } finally {
          submit.disabled = false;
        }
      },
    },
    rows,
    problem,
    done,
    submit,
  );
}
