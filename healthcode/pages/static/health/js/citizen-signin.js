/* Who holds this code? The account is the wallet's; the health code keeps none of its own. */

import { h } from "../../saoma/js/dom.js";
import { t } from "../../saoma/js/i18n.js";
import { field, form } from "./form.js";

/** Sign in, or make an account first; `onIn` gets the server's answer. */
export function signIn(api, deviceName, onIn) {
  const phone = field("in-phone", t("in.phone"), { type: "tel", autocomplete: "username", required: true });
  const password = field("in-password", t("in.password"), {
    type: "password",
    autocomplete: "current-password",
    required: true,
  });
  const enter = async (number, secret) => onIn(await api.logIn(number, secret, deviceName));
  return h(
    "div",
    { class: "alone stack" },
    h("section", { class: "card stack" },
      h("h1", {}, t("in.title")),
      h("p", { class: "soft" }, t("in.hint")),
      form({
        rows: [phone.row, password.row],
        button: t("in.enter"),
        send: () => enter(phone.input.value.trim(), password.input.value),
      }),
    ),
    h("details", { class: "card" }, h("summary", {}, t("in.new")), registration(api, enter)),
  );
}

function registration(api, enter) {
  const name = field("new-name", t("in.name"), { autocomplete: "name", required: true });
  const phone = field("new-phone", t("in.phone"), { type: "tel", autocomplete: "tel", required: true });
  const password = field("new-password", t("in.new_password"), {
    type: "password",
    autocomplete: "new-password",
    minlength: "8",
    required: true,
  });
  const pin = field("new-pin", t("in.new_pin"), {
    type: "password",
    inputmode: "numeric",
    pattern: "[0-9]{6}",
    maxlength: "6",
    required: true,
  });
  return form({
    rows: [name.row, phone.row, password.row, pin.row],
    button: t("in.register"),
    send: async () => {
      const number = phone.input.value.trim();
      await api.register({
        name: name.input.value.trim(),
        phone: number,
        password: password.input.value,
        pin: pin.input.value,
      });
      await enter(number, password.input.value);
    },
  });
}
