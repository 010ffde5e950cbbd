/* The explorer draws itself late and pushes what a link points at out of sight: so the place
   that the address names is gone to once more when it stands. */

const explorer = document.getElementById("swagger-ui");

function goToPlace() {
  if (location.hash.startsWith("#problem")) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

const watch = new MutationObserver(() => {
  if (!explorer.querySelector(".opblock")) return;
  watch.disconnect();
  requestAnimationFrame(goToPlace);
});
watch.observe(explorer, { childList: true, subtree: true });
