/* Where the pages begin: language first, then the elements come alive. */

import { loadLanguage } from "../../saoma/js/i18n.js";
import { messages } from "./messages/en.js";

await loadLanguage(messages, {
  fr: () => import("./messages/fr.js"),
  zh: () => import("./messages/zh.js"),
});
const [{ SaomaPhone }, { SaomaTill }, { SaomaStage }] = await Promise.all([
  import("./phone.js"),
  import("./till.js"),
  import("./stage.js"),
]);
customElements.define("saoma-phone", SaomaPhone);
customElements.define("saoma-till", SaomaTill);
customElements.define("saoma-stage", SaomaStage);
