/* What every page of the health code begins with: its worker, and the choice of language. */

import { loadLanguage } from "../../saoma/js/i18n.js";
import { messages } from "./messages/en.js";

const YEAR_S = 365 * 24 * 3600;

/** Load the texts, and keep the page for when the network is away. */
export async function begin() {
  rememberLanguage();
  keepPage();
  await loadLanguage(messages, {
    fr: () => import("./messages/fr.js"),
    zh: () => import("./messages/zh.js"),
  });
}

/* A page out of the worker's store sets no cookie: so it is set here as well. */
function rememberLanguage() {
  const address = new URL(location.href);
  const chosen = address.searchParams.get("lang");
  if (!chosen) return;
  document.cookie = `django_language=${encodeURIComponent(chosen)};path=/;max-age=${YEAR_S};samesite=lax`;
  address.searchParams.delete("lang");
  history.replaceState(null, "", address);
}

async function keepPage() {
  try {
    await navigator.serviceWorker?.register("worker.js");
    document.documentElement.dataset.kept = "yes";
  } catch (error) {
    // Without a worker the page works as long as it stays open.
    console.info(error);
  }
}
