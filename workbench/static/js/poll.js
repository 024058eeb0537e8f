// Keeps a part of the page fresh while something runs: an element with data-poll asks its address every two seconds
// for new content, for as long as that content holds an element with data-running. Rests while the page is hidden.
// What changed is also read out, without taking the focus.
(() => {
  const PAUSE = 2000;
  const isRunning = (part) => part.querySelector("[data-running]") !== null;
  const words = (part) => part.textContent.replace(/\s+/g, " ").trim();

  const voice = document.createElement("p");
  voice.className = "wb-visually-hidden";
  voice.setAttribute("role", "status");

  const show = (part, content) => {
    const before = words(part);
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.innerHTML = content;
    if (focused) {
      document.getElementById(focused)?.focus();
    }
    if (words(part) !== before) {
      voice.textContent = words(part);
    }
  };

  const follow = (part) => {
    setTimeout(async () => {
      if (!document.hidden) {
        try {
          const answer = await fetch(part.dataset.poll, { credentials: "same-origin" });
          if (answer.ok && !answer.redirected) {
            const content = await answer.text();
            if (content !== part.dataset.last) {
              part.dataset.last = content;
              show(part, content);
            }
          }
        } catch {
          // No connection: the next round tries again.
        }
      }
      if (isRunning(part)) {
        follow(part);
      }
    }, PAUSE);
  };

  const start = (part) => {
    if (isRunning(part)) {
      part.after(voice);
      follow(part);
    }
  };
  document.querySelectorAll("[data-poll]").forEach(start);
  document.addEventListener("wb:fresh", (event) => start(event.target)); // see live.js
})();
