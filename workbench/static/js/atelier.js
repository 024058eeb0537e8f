// Keeps the screens of a running workshop fresh. A page says with data-stand where it hears how things stand; when that
// changed, the parts with data-fresh come back new. A part in which somebody types stays as it is. Time runs on by itself.
(() => {
  const POLL = 3000; // without a stream
  const SELDOM = 15000; // with one
  const PAUSE = 400; // between two refreshes

  const root = document.querySelector("[data-stand]");
  if (!root) {
    return;
  }
  let version = root.dataset.version;
  let source = null;
  let busy = null;

  const tick = () => {
    for (const timer of document.querySelectorAll("[data-ends]")) {
      // The clock of this device may be wrong, so count from when the page came.
      timer.skew ??= Date.parse(timer.dataset.now) - Date.now();
      const left = (Date.parse(timer.dataset.ends) - Date.now() - timer.skew) / 1000;
      timer.querySelector("progress").value = Math.max(0, left);
      timer.classList.toggle("is-over", left <= 0);
      const words = timer.querySelector("span");
      if (words) {
        const minutes = left > 0 ? Math.ceil(left / 60) : Math.floor(-left / 60);
        const [one, many] = left > 0 ? ["one", "many"] : ["overOne", "overMany"];
        const text = minutes ? timer.dataset[minutes === 1 ? one : many] : timer.dataset.none;
        words.textContent = text.replace("{n}", minutes);
      }
    }
  };

  const isChanged = (field) => {
    if (field.tagName === "SELECT") {
      const first = Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
      return field.selectedIndex !== first;
    }
    return field.value !== field.defaultValue;
  };
  const typedIn = (part) =>
    [...part.querySelectorAll("textarea, input[type=text], select")].some(
      (field) => field === document.activeElement || isChanged(field),
    );

  const renew = (part, fresh) => {
    if (!fresh || typedIn(part) || part.innerHTML === fresh.innerHTML) {
      return;
    }
    const checked = new Set([...part.querySelectorAll("input:checked")].map((box) => box.value));
    const open = new Map([...part.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const place = focused ? [...part.querySelectorAll("a, button, input, select, summary")].indexOf(focused) : -1;
    part.replaceChildren(...fresh.childNodes);
    for (const box of part.querySelectorAll("input[type=checkbox]")) {
      box.checked = checked.has(box.value);
    }
    for (const one of part.querySelectorAll("details[id]")) {
      one.open = open.get(one.id) ?? one.open;
    }
    if (focused) {
      const found = [...part.querySelectorAll("a, button, input, select, summary")];
      (found.find((one) => one.textContent === focused.textContent && one.value === focused.value) ?? found[place])?.focus();
    }
  };

  const refresh = async () => {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) {
      return;
    }
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = document.querySelector("[data-say]")?.dataset.say;
    for (const part of document.querySelectorAll("[data-fresh]")) {
      renew(part, found.getElementById(part.id));
    }
    const say = found.querySelector("[data-say]")?.dataset.say ?? document.querySelector("[data-say]")?.dataset.say;
    if (say && say !== said) {
      document.querySelector("[data-announce]").textContent = say;
    }
    document.title = found.title;
    tick();
  };

  const listen = (address) => {
    if (!address || source || !window.EventSource) {
      return;
    }
    source = new EventSource(address);
    source.onmessage = check;
    source.onerror = () => {
      source?.close(); // the address was good for once; the next check brings a new one
      source = null;
    };
  };

  const look = async () => {
    try {
      const answer = await fetch(root.dataset.stand, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) {
        return;
      }
      const stand = await answer.json();
      for (const text of document.querySelectorAll("[data-ready-text]")) {
        text.textContent = stand.ready_text;
      }
      if (stand.version !== version) {
        await refresh();
        version = stand.version;
      }
      listen(stand.stream);
    } catch {
      // No connection: the next round tries again.
    }
  };

  // One at a time; what comes meanwhile makes one more.
  let again = false;
  function check() {
    if (busy) {
      again = true;
      return;
    }
    busy = look().finally(() => {
      setTimeout(() => {
        busy = null;
        if (again) {
          again = false;
          check();
        }
      }, PAUSE);
    });
  }

  const follow = () => {
    setTimeout(() => {
      if (!document.hidden) {
        check();
      }
      follow();
    }, source ? SELDOM : POLL);
  };

  setInterval(tick, 1000);
  tick();
  check();
  follow();
  document.addEventListener("visibilitychange", () => document.hidden || check());
})();
