// Words that somebody selects in a story come into the field for words that must go. Without this they are typed over.
(() => {
  const field = document.querySelector("input[name='words']");
  const texts = document.querySelectorAll("[data-point-out]");
  if (!field) {
    return;
  }
  const take = (text) => {
    const chosen = document.getSelection();
    if (!chosen || chosen.isCollapsed || !text.contains(chosen.anchorNode) || !text.contains(chosen.focusNode)) {
      return;
    }
    const words = chosen.toString().replace(/\s+/g, " ").trim();
    if (words && words.length <= 300) {
      field.value = words;
    }
  };
  texts.forEach((text) => {
    for (const event of ["mouseup", "keyup", "touchend"]) {
      text.addEventListener(event, () => take(text));
    }
  });
})();
