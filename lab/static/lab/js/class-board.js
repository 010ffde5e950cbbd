/* The teacher's board keeps itself up to date. */

const LOOK_MS = 5000;
const board = document.getElementById("class-board");

async function look() {
  if (document.hidden || board.contains(document.activeElement)) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  board.replaceChildren(...page.getElementById("class-board").children);
}

setInterval(look, LOOK_MS);
