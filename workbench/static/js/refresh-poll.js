// Keeps a part of the page fresh: <div data-poll="ADDRESS"> asks its address for new HTML every two seconds, as long as
// what it shows holds an element with data-running. Rests while nobody looks. Changes are read out when they come.
(() => {
  const PAUSE = 2000;
  const isRunning = (part) => part.querySelector("[data-running]") !== null;
  const words = (part) => part.textContent.replace(/\s+/g, " ").trim();

  const show = (part, html) => {
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.innerHTML = html;
    if (focused) {
      document.getElementById(focused)?.focus();
    }
    part.dispatchEvent(new CustomEvent("content-changed", { bubbles: true }));
  };

  const follow = (part) => {
    const voice = document.createElement("p");
    voice.className = "wb-visually-hidden";
    voice.setAttribute("role", "status");
    part.after(voice);
    let shown = null;

    const refresh = async () => {
      if (!document.hidden) {
        try {
          const answer = await fetch(part.dataset.poll, { redirect: "error" });
          if (!answer.ok) {
            return; // signed out, or gone: what stands there is the last we know
          }
          const html = await answer.text();
          if (html !== shown) {
            const before = words(part);
            show(part, html);
            shown = html;
            if (words(part) !== before) {
              voice.textContent = words(part.querySelector("[data-announce]") ?? part).slice(0, 300);
            }
          }
        } catch {
          // No connection: the next round tries again.
        }
      }
      if (isRunning(part)) {
        setTimeout(refresh, PAUSE);
      }
    };
    setTimeout(refresh, PAUSE);
  };

  for (const part of document.querySelectorAll("[data-poll]")) {
    if (isRunning(part)) {
      follow(part);
    }
  }
})();
