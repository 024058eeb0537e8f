// Keeps a part of the page fresh while something runs: an element with data-poll asks its address every two seconds
// for new content, for as long as that content holds an element with data-running. Rests while the page is hidden.
(() => {
  const PAUSE = 2000;
  const isRunning = (part) => part.querySelector("[data-running]") !== null;

  const follow = (part) => {
    setTimeout(async () => {
      if (!document.hidden) {
        try {
          const answer = await fetch(part.dataset.poll, { credentials: "same-origin" });
          if (answer.ok && !answer.redirected) {
            const content = await answer.text();
            if (content !== part.dataset.last) {
              part.dataset.last = content;
              part.innerHTML = content;
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

  for (const part of document.querySelectorAll("[data-poll]")) {
    if (isRunning(part)) {
      follow(part);
    }
  }
})();
