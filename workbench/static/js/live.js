// A form whose choices show at once: every change is kept in the draft by the same address as its button, and the parts
// with data-live-part come back new. What the server refuses stays as it was typed; the button then tells why.
(() => {
  const follow = (form) => {
    const voice = form.querySelector("[data-live-state]");

    const keep = async () => {
      voice.textContent = form.dataset.saving;
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new URLSearchParams(new FormData(form)),
          credentials: "same-origin",
        });
        const found = new DOMParser().parseFromString(await answer.text(), "text/html");
        const base = found.querySelector("form[data-live] [name=base]");
        if (!answer.ok || !base) {
          voice.textContent = form.dataset.refused;
          return;
        }
        form.elements.base.value = base.value;
        for (const part of document.querySelectorAll("[data-live-part]")) {
          const fresh = found.getElementById(part.id);
          part.replaceChildren(...(fresh ? fresh.childNodes : []));
          part.dispatchEvent(new CustomEvent("wb:fresh", { bubbles: true }));
        }
        voice.textContent = form.dataset.saved;
      } catch {
        voice.textContent = form.dataset.lost;
      }
    };

    // One at a time: each needs the number of the draft that the one before it made.
    let last = Promise.resolve();
    let waiting = 0;
    form.addEventListener("change", () => {
      waiting += 1;
      last = last.then(keep).finally(() => {
        waiting -= 1;
      });
    });
    form.addEventListener("submit", (event) => {
      if (waiting) {
        event.preventDefault();
        last = last.then(() => form.requestSubmit(event.submitter));
      }
    });
  };

  for (const form of document.querySelectorAll("form[data-live]")) {
    follow(form);
  }
})();
