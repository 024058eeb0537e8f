// On a phone the main menu folds; the style sheet only folds it where scripts run.
document.querySelector(".wb-nav__toggle")?.addEventListener("click", ({ currentTarget }) => {
  currentTarget.setAttribute("aria-expanded", String(currentTarget.getAttribute("aria-expanded") !== "true"));
});
