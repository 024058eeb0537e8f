// After a form did not go through, start at the list of what must change.
document.querySelector("[data-focus]")?.focus();
