// Saves a form while somebody types: a second after the last key, and when a field is left. Says what it does.
// One question at a time is under way, and a question without an answer is asked again word for word before anything
// newer: the server knows by its version that it heard it before. So nothing is saved twice or in the wrong order.
(() => {
  const PAUSE = 1000;
  const PATIENCE = 20000;
  const RETRIES = [2000, 5000, 10000, 30000];
  const KEEPALIVE_LIMIT = 60000; // bytes that a browser still sends for a page that is left

  const follow = (form) => {
    const texts = form.dataset;
    const line = form.querySelector("[data-autosave-state]");
    const conflict = form.querySelector("[data-autosave-conflict]");
    let version = form.elements.base_version.value;
    let unanswered = null; // what was asked and perhaps not heard
    let sending = null;
    let timer = 0;
    let failures = 0;
    let trouble = ""; // "", lost, refused or conflict
    let isLeaving = false;

    const typed = () => {
      const body = new URLSearchParams(new FormData(form));
      body.delete("base_version");
      return body.toString();
    };
    let kept = typed();

    const say = (text) => {
      if (line.textContent !== text) {
        line.textContent = text;
      }
    };
    const isDirty = () => typed() !== kept;
    const wait = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    };

    const ask = async (body) => {
      const patience = new AbortController();
      const alarm = setTimeout(() => patience.abort(), PATIENCE);
      try {
        return await fetch(form.action, {
          method: "POST",
          body: `${body.text}&base_version=${encodeURIComponent(body.version)}`,
          headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
          credentials: "same-origin",
          keepalive: body.text.length < KEEPALIVE_LIMIT,
          signal: patience.signal,
        });
      } finally {
        clearTimeout(alarm);
      }
    };

    const showConflict = (found) => {
      const place = conflict.querySelector("[data-theirs]");
      place.replaceChildren();
      for (const { label, text } of found.theirs) {
        const heading = document.createElement("p");
        heading.append(Object.assign(document.createElement("strong"), {
          textContent: place.dataset.heading.replace("{label}", label),
        }));
        const quote = document.createElement("blockquote");
        quote.className = "wb-text";
        quote.textContent = text || place.dataset.empty;
        place.append(heading, quote);
      }
      conflict.dataset.version = found.version;
      conflict.hidden = false;
      trouble = "conflict";
      say(texts.conflict);
    };

    const read = async (answer, body) => {
      const isOurs = /json/.test(answer.headers.get("Content-Type") ?? "");
      const found = isOurs ? await answer.json() : {};
      if (answer.ok && isOurs) {
        version = String(found.version);
        kept = body.text;
        trouble = "";
        const time = new Date(found.saved_at).toLocaleTimeString(document.documentElement.lang, {
          hour: "2-digit",
          minute: "2-digit",
        });
        say(texts.saved.replace("{time}", time));
      } else if (answer.status === 409 && found.theirs) {
        showConflict(found);
      } else if (answer.status === 401 || answer.status === 400 || (answer.ok && !isOurs)) {
        trouble = "refused";
        say(texts.signedOut);
      } else {
        trouble = "refused";
        const reasons = found.errors ? Object.values(found.errors).flat() : [found.title ?? answer.status];
        say(texts.refused.replace("{reason}", reasons.join(" ")));
      }
    };

    const save = () => {
      clearTimeout(timer);
      if (sending || trouble === "conflict" || (!unanswered && !isDirty())) {
        return;
      }
      unanswered ??= { text: typed(), version };
      if (trouble !== "lost") {
        say(texts.saving);
      }
      sending = (async () => {
        try {
          const answer = await ask(unanswered);
          if (answer.status >= 500) {
            throw new Error("server");
          }
          const body = unanswered;
          unanswered = null;
          failures = 0;
          await read(answer, body);
        } catch {
          trouble = "lost";
          say(texts.lost);
        }
      })();
      sending.finally(() => {
        sending = null;
        if (trouble === "lost") {
          wait(RETRIES[Math.min(failures++, RETRIES.length - 1)]);
        } else if (!trouble && isDirty()) {
          wait(PAUSE);
        }
      });
    };

    form.addEventListener("input", () => {
      if (trouble === "refused") {
        trouble = "";
      }
      wait(PAUSE);
    });
    form.addEventListener("focusout", (event) => {
      // Who goes to a button that sends the form, saves with it.
      if (event.relatedTarget?.type !== "submit") {
        save();
      }
    });
    window.addEventListener("online", save);

    // The version goes along by hand, so that a browser that brings back a page does not bring back an old one.
    form.addEventListener("formdata", (event) => {
      if (isLeaving) {
        event.formData.set("base_version", version);
      }
    });
    form.addEventListener("submit", (event) => {
      if (sending || unanswered) {
        event.preventDefault();
        save();
        sending.finally(() => {
          if (!unanswered) {
            form.requestSubmit(event.submitter);
          }
        });
        return;
      }
      if (!navigator.onLine) {
        event.preventDefault();
        trouble = "lost";
        say(texts.lost);
        wait(RETRIES[0]);
        return;
      }
      clearTimeout(timer);
      isLeaving = true;
    });
    window.addEventListener("pageshow", () => {
      isLeaving = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (isLeaving) {
        return;
      }
      save();
      if (trouble && (isDirty() || unanswered)) {
        event.preventDefault();
      }
    });

    conflict.querySelector("[data-keep-mine]").addEventListener("click", () => {
      version = conflict.dataset.version;
      conflict.hidden = true;
      trouble = "";
      kept = "";
      save();
    });
    conflict.querySelector("[data-take-theirs]").addEventListener("click", () => {
      isLeaving = true;
      // Not `reload`: some browsers then put back what was typed.
      window.location.assign(window.location.href);
    });
  };

  for (const form of document.querySelectorAll("form[data-autosave]")) {
    follow(form);
  }
})();
