// Reloads the page when what it waits for is done or over, so that a scan ends the
// waiting; once it is done, leads back to the merchant.
const main = document.querySelector("main");
const waiting = new Set((main.dataset.open ?? "CREATED SCANNED PAYING").split(" "));

async function look() {
  try {
    const answer = await fetch(main.dataset.statusUrl, { cache: "no-store" });
    if (answer.ok && !waiting.has((await answer.json()).status)) {
      location.replace(location.pathname);
      return;
    }
  } catch {
    // The network is away for a moment: look again later.
  }
  setTimeout(look, 2000);
}

/** @type {HTMLAnchorElement} */
const back = document.querySelector("#back");
if (back) setTimeout(() => location.assign(back.href), 3000);
else if (waiting.has(main.dataset.status)) setTimeout(look, 2000);
