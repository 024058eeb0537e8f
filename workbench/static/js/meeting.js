// The keys of a screen in a meeting: each presses what stands on the card. Up and down still scroll a card that is
// larger than the screen.
(() => {
  const KEYS = {
    ArrowLeft: "previous",
    PageUp: "previous",
    ArrowRight: "next",
    PageDown: "next",
    Home: "first",
    End: "last",
    Escape: "leave",
  };

  document.addEventListener("keydown", (event) => {
    const key = KEYS[event.key];
    if (!key || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target) {
      event.preventDefault();
      target.click();
    }
  });
})();
