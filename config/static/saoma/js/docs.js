/* The explorer draws itself late and pushes what a link points at out of sight: so the place
   that the address names is gone to again each time it has grown, until the reader moves. */

const explorer = document.getElementById("swagger-ui");
let moved = false;

function goToPlace() {
  if (moved || !location.hash.startsWith("#problem")) return;
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

for (const name of ["wheel", "keydown", "pointerdown", "touchstart"]) {
  addEventListener(name, () => {
    moved = true;
  }, { once: true, passive: true });
}
new ResizeObserver(goToPlace).observe(explorer);
