// Coding a story: choose words by mouse, finger or keyboard, and give them a label. Everything is saved at once, by the
// same forms that work without this script; after each action the text is drawn anew as the server has it.
(() => {
  const coding = document.querySelector("[data-coding]");
  const work = coding?.querySelector("[data-coding-work]");
  if (!work) {
    return;
  }
  const state = document.querySelector("[data-coding-state]");
  const keys = document.querySelector("[data-keys]");
  const texts = coding.dataset;
  const REMEMBERED = "werkbank-sneltoetsen";
  const LONGEST_SHOWN = 80;
  let chosen = null; // {start, end}: codepoints of the text
  let pressing = false;

  for (const hint of document.querySelectorAll("[data-with-script]")) {
    hint.hidden = false;
  }

  const find = (what) => work.querySelector(what);
  const say = (message, reload = false) => {
    state.textContent = message;
    if (reload) {
      const link = document.createElement("a");
      link.href = window.location.pathname;
      link.className = "utrecht-link";
      link.textContent = texts.reload;
      state.append(" ", link);
    }
  };

  // --- Places: the text counts codepoints, a browser counts UTF-16 units; numbers of marks do not count. ---

  const length = (text) => [...text].length;
  const words = (paragraph) => {
    const found = [];
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement.closest("[data-number]")) {
        found.push(walker.currentNode);
      }
    }
    return found;
  };

  const paragraphOf = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest("[data-start]");

  const placeOf = (node, offset) => {
    const paragraph = paragraphOf(node);
    if (!paragraph) {
      return null;
    }
    const until = document.createRange();
    until.setStart(paragraph, 0);
    until.setEnd(node, offset);
    let place = Number(paragraph.dataset.start);
    for (const text of words(paragraph)) {
      if (text === node) {
        return place + length(text.data.slice(0, offset));
      }
      if (until.comparePoint(text, 0) > 0) {
        return place;
      }
      place += length(text.data);
    }
    return place;
  };

  const nodeAt = (place) => {
    const paragraphs = [...work.querySelectorAll("[data-start]")];
    const paragraph = paragraphs.findLast((one) => Number(one.dataset.start) <= place);
    let left = place - Number(paragraph.dataset.start);
    const all = words(paragraph);
    for (const text of all) {
      const size = length(text.data);
      if (left <= size) {
        return [text, [...text.data].slice(0, left).join("").length];
      }
      left -= size;
    }
    const last = all.at(-1);
    return [last, last.data.length];
  };

  const rangeOf = ({ start, end }) => {
    const range = document.createRange();
    range.setStart(...nodeAt(start));
    range.setEnd(...nodeAt(end));
    return range;
  };

  // What is read aloud and shown: without the numbers of marks.
  const wordsOf = (range) => {
    const copy = range.cloneContents();
    for (const number of copy.querySelectorAll("[data-number]")) {
      number.remove();
    }
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  // Half a word is a slip of the hand: a passage begins and ends where a word does.
  const IN_WORD = /[\p{L}\p{N}]/u;
  const lettersOf = (paragraph) => [...words(paragraph).map((text) => text.data).join("")];
  const wholeWords = ({ start, end }) => {
    const paragraphs = [...work.querySelectorAll("[data-start]")];
    const around = (place) => {
      const paragraph = paragraphs.findLast((one) => Number(one.dataset.start) <= place);
      const first = Number(paragraph.dataset.start);
      return { first, letters: lettersOf(paragraph) };
    };
    const isInside = ({ first, letters }, place) =>
      IN_WORD.test(letters[place - first - 1] ?? "") && IN_WORD.test(letters[place - first] ?? "");
    const [from, until] = [around(start), around(end - 1)];
    let [begin, stop] = [start, end];
    while (isInside(from, begin)) {
      begin -= 1;
    }
    while (isInside(until, stop)) {
      stop += 1;
    }
    return { start: begin, end: stop };
  };

  const selected = () => {
    const selection = window.getSelection();
    const text = find("[data-text]");
    if (!selection.rangeCount || selection.isCollapsed) {
      return null;
    }
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) {
      return null;
    }
    const start = placeOf(range.startContainer, range.startOffset);
    const end = placeOf(range.endContainer, range.endOffset);
    return start !== null && end !== null && start < end ? wholeWords({ start, end }) : null;
  };

  // --- The palette ---

  const show = (place) => {
    chosen = place;
    const range = rangeOf(place);
    if (window.Highlight) {
      CSS.highlights.set("wb-chosen", new Highlight(range));
    }
    return range;
  };

  const forget = () => {
    chosen = null;
    if (window.Highlight) {
      CSS.highlights.delete("wb-chosen");
    }
  };

  const close = () => {
    const palette = find("[data-palette]");
    const hadFocus = palette?.contains(document.activeElement);
    if (palette) {
      palette.hidden = true;
    }
    forget();
    if (hadFocus) {
      find("[data-text]").focus({ preventScroll: true });
    }
  };

  const open = (place, { focus = false } = {}) => {
    const palette = find("[data-palette]");
    if (!palette) {
      return;
    }
    const range = show(place);
    palette.elements.start.value = place.start;
    palette.elements.end.value = place.end;
    const said = wordsOf(range);
    const short = said.length > LONGEST_SHOWN ? `${said.slice(0, LONGEST_SHOWN)}…` : said;
    find("[data-palette] [data-chosen]").textContent = texts.chosen.replace("{words}", short);
    palette.hidden = false;
    const box = range.getBoundingClientRect();
    const around = work.getBoundingClientRect();
    palette.style.setProperty("--wb-top", `${Math.max(0, box.bottom - around.top + 8)}px`);
    const cover = palette.getBoundingClientRect();
    if (getComputedStyle(palette).position !== "fixed") {
      palette.scrollIntoView({ block: "nearest" });
    } else if (box.bottom > cover.top) {
      window.scrollBy(0, box.bottom - cover.top + 24); // on a phone it must not lie over what was chosen
    }
    if (focus) {
      (palette.querySelector(".wb-palette__recent button") ?? palette.querySelector("[data-find]")).focus();
    }
  };

  // --- Saving ---

  const redraw = (html) => {
    const scroll = window.scrollY;
    close();
    work.innerHTML = html;
    prepare();
    window.scrollTo(0, scroll);
  };

  const send = async (form, button) => {
    const sent = new FormData(form, button);
    say(texts.saving);
    let answer;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(sent),
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      });
    } catch {
      say(texts.lost);
      return;
    }
    const isOurs = /json/.test(answer.headers.get("Content-Type") ?? "");
    if (!isOurs) {
      say(texts.signedOut, true);
      return;
    }
    const found = await answer.json();
    if (!answer.ok) {
      say(found.title, true);
      return;
    }
    redraw(found.html);
    say(found.message);
    find("[data-text]").focus({ preventScroll: true });
  };

  const openPanel = async (href, where) => {
    let html;
    try {
      html = await (await fetch(href)).text();
    } catch {
      say(texts.lost);
      return;
    }
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("[data-coding-work]");
    if (!found) {
      window.location.assign(href);
      return;
    }
    redraw(found.innerHTML);
    const panel = find("[data-panel]");
    if (panel) {
      panel.scrollIntoView({ block: "nearest" });
      (panel.querySelector(where) ?? panel).focus({ preventScroll: true });
    } else {
      find("[data-text]").focus({ preventScroll: true });
    }
  };

  const prepare = () => {
    const text = find("[data-text]");
    const take = find("[data-take-selection]");
    if (take) {
      take.hidden = false;
    }
    const search = find("[data-find]");
    search?.addEventListener("input", () => {
      const asked = search.value.trim().toLowerCase();
      for (const label of work.querySelectorAll("[data-palette] [data-name]")) {
        label.hidden = !label.dataset.name.includes(asked);
      }
    });
    search?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") {
        return;
      }
      event.preventDefault(); // the first button of the form would be one of the recent labels
      const asked = search.value.trim().toLowerCase();
      const labels = [...work.querySelectorAll("[data-palette] [data-name]")].filter((label) => !label.hidden);
      const one = labels.find((label) => label.textContent.trim().toLowerCase() === asked) ?? (labels.length === 1 ? labels[0] : null);
      (one ?? find("[data-make]")).click();
    });
    text.addEventListener("pointerdown", () => {
      pressing = true;
    });
  };

  work.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-acts]");
    if (!form) {
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    if (button?.name === "label" && form.matches("[data-palette]")) {
      form.elements.nieuw.value = ""; // what was typed was for searching
    }
    send(form, button);
  });

  work.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) {
      close();
    }
    const opens = event.target.closest("[data-opens]");
    if (opens) {
      event.preventDefault();
      openPanel(opens.href, "input[type=checkbox]");
    }
    if (event.target.closest("[data-take-selection]")) {
      const place = selected() ?? chosen;
      if (!place) {
        say(texts.nothing);
        return;
      }
      const form = event.target.closest("form");
      for (const name of ["start", "end"]) {
        const option = new Option(String(place[name]), String(place[name]), true, true);
        form.elements[name].append(option);
      }
      form.requestSubmit(form.querySelector("button[type=submit]"));
    }
  });

  // --- Choosing words ---

  const settle = () => {
    const place = selected();
    if (place && find("[data-palette]")) {
      open(place);
    }
  };
  document.addEventListener("pointerup", () => {
    if (pressing) {
      pressing = false;
      setTimeout(settle); // after the browser has made up its mind
    }
  });
  let waiting;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    if (!pressing) { // the handles on a phone, or Shift with the arrows
      waiting = setTimeout(settle, 400);
    }
  });

  const sentences = () =>
    (find("[data-text]").dataset.sentences.trim() || "").split(" ").filter(Boolean).map((one) => {
      const [start, end] = one.split("-").map(Number);
      return { start, end };
    });

  const choose = (step, { more = false } = {}) => {
    const all = sentences();
    if (!all.length) {
      return;
    }
    const from = chosen ?? { start: -1, end: -1 };
    const next = step > 0 ? all.find((one) => one.start >= from.end) : all.findLast((one) => one.end <= from.start);
    const wanted = next ?? (chosen ? null : all[0]);
    if (!wanted) {
      return;
    }
    window.getSelection().removeAllRanges();
    const range = show(more && chosen ? { start: chosen.start, end: wanted.end } : wanted);
    range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
    say(texts.chosen.replace("{words}", wordsOf(range)));
  };

  const excerpts = () => [...work.querySelectorAll("[data-excerpt]")];
  const current = () => document.activeElement?.closest("[data-excerpt]");
  const walk = (step) => {
    const all = excerpts();
    if (!all.length) {
      return;
    }
    const at = all.indexOf(current());
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    next.focus();
    show({ start: Number(next.dataset.from), end: Number(next.dataset.to) });
  };

  const label = () => {
    const change = current()?.querySelector("[data-change]");
    if (change) {
      openPanel(change.href, "input[type=checkbox]");
      return;
    }
    const place = selected() ?? chosen;
    if (place) {
      open(place, { focus: true });
    } else {
      say(texts.nothing);
    }
  };

  const note = () => {
    const change = current()?.querySelector("[data-change]");
    if (change) {
      openPanel(change.href, "[data-note]");
    } else {
      document.getElementById("notitie")?.focus();
    }
  };

  const help = () => {
    const about = document.querySelector("[data-help]");
    about.open = !about.open;
    about.querySelector("summary").focus();
  };

  const PRESSED = {
    j: () => walk(1),
    k: () => walk(-1),
    t: label,
    n: note,
    z: () => choose(1),
    Z: () => choose(1, { more: true }),
    a: () => choose(-1),
    "?": help,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      return;
    }
    const isTyping = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select");
    if (event.key === "a" && (event.ctrlKey || event.metaKey) && event.target.matches?.("[data-text]")) {
      event.preventDefault(); // everything: of the text, not of the page
      const all = sentences();
      if (all.length && find("[data-palette]")) {
        window.getSelection().removeAllRanges();
        open({ start: all[0].start, end: all.at(-1).end }, { focus: true });
      }
      return;
    }
    const press = PRESSED[event.key];
    if (!press || !keys?.checked || isTyping || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    press();
  });

  if (keys) {
    try {
      keys.checked = localStorage.getItem(REMEMBERED) !== "uit";
    } catch {
      // no storage: they are on
    }
    keys.addEventListener("change", () => {
      try {
        localStorage.setItem(REMEMBERED, keys.checked ? "aan" : "uit");
      } catch {
        // for this page only
      }
    });
  }
  prepare();
})();
