// Copying and saving what the page shows; without a script the texts can still be selected.

const textOf = (id) => {
  const place = /** @type {HTMLTextAreaElement} */ (document.getElementById(id));
  return place.value ?? place.textContent;
};

const say = (button, words) => {
  const place = button.closest("section, main")?.querySelector("[data-said]");
  if (place) place.textContent = words;
};

const copy = async (button) => {
  try {
    await navigator.clipboard.writeText(textOf(button.dataset.copy));
    say(button, document.body.dataset.copied);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(document.getElementById(button.dataset.copy));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    say(button, document.body.dataset.selected);
  }
};

const save = (button) => {
  const address = URL.createObjectURL(new Blob([textOf(button.dataset.save)]));
  const link = Object.assign(document.createElement("a"), {
    href: address,
    download: button.dataset.name,
  });
  link.click();
  URL.revokeObjectURL(address);
  say(button, document.body.dataset.saved);
};

document.addEventListener("click", ({ target }) => {
  const button = /** @type {Element} */ (target).closest("button");
  if (button?.dataset.copy) copy(button);
  if (button?.dataset.save) save(button);
});
