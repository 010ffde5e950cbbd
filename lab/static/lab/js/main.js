/* Where the pages begin: language first, then the elements come alive. */

import { loadLanguage } from "../../saoma/js/i18n.js";
import { messages } from "./messages/en.js";

await loadLanguage(messages, {
  fr: () => import("./messages/fr.js"),
  zh: () => import("./messages/zh.js"),
});
/* A page loads the elements that stand in it, and no others. */
const ELEMENTS = {
  "saoma-phone": async () => (await import("./phone.js")).SaomaPhone,
  "saoma-till": async () => (await import("./till.js")).SaomaTill,
  "saoma-stage": async () => (await import("./stage.js")).SaomaStage,
  "saoma-story": async () => (await import("./story.js")).SaomaStory,
  "saoma-theatre": async () => (await import("./theatre.js")).SaomaTheatre,
};
const standing = Object.keys(ELEMENTS).filter((name) => document.querySelector(name));
const classes = await Promise.all(standing.map((name) => ELEMENTS[name]()));
standing.forEach((name, place) => customElements.define(name, classes[place]));
