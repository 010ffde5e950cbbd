/* Where the pages begin: language first, then the elements come alive. */

import { loadLanguage } from "./i18n.js";

await loadLanguage();
const [{ SaomaPhone }, { SaomaTill }, { SaomaStage }] = await Promise.all([
  import("./phone.js"),
  import("./till.js"),
  import("./stage.js"),
]);
customElements.define("saoma-phone", SaomaPhone);
customElements.define("saoma-till", SaomaTill);
customElements.define("saoma-stage", SaomaStage);
