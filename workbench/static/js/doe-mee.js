// A phone in a workshop. Nothing that somebody sends gets lost: it is kept on the phone until the server has it, also when
// the page is loaded again, the screen is locked or the network is gone; then it is sent, once. And the page follows what
// is asked now: it hears of changes, and asks every few seconds where it cannot hear. Without this script the forms and
// the link under them do the same.
const part = document.getElementById("nu");
const box = document.getElementById("verzonden");
const KEY = `doe-mee ${part?.dataset.code}`;
const PATIENCE = 15000; // milliseconds for an answer of the server
const OFTEN = 5000; // between two questions, without a stream
const HEADERS = { "X-Doe-Mee": "1", Accept: "application/json" };

// --- What is kept on the phone -----------------------------------------------------------------------------------------

let memory = "{}"; // where the browser keeps nothing
const kept = () => {
  let text = memory;
  try {
    text = localStorage.getItem(KEY) ?? "{}";
  } catch {
    // Not allowed to keep anything: this page remembers, as long as it is open.
  }
  return { queue: [], refused: [], drafts: [], ...JSON.parse(text) };
};
const keep = (change) => {
  const all = kept();
  change(all);
  memory = JSON.stringify(all);
  try {
    localStorage.setItem(KEY, memory);
  } catch {
    // As above.
  }
  showUnsent();
};

// --- What the phone says -----------------------------------------------------------------------------------------------

// Both are read out once per change: how it goes with what was sent, to be seen too, and what is new on the screen.
const voice = box?.querySelector("[data-state]");
const say = (text) => {
  if (voice.textContent !== text) {
    voice.textContent = text;
    if (text) {
      voice.scrollIntoView({ block: "nearest" });
    }
  }
};
const announce = (text) => {
  voice.textContent = "";
  box.querySelector("[data-news]").textContent = text;
};
const filled = (template, facts) => template.replace(/\{(\w+)\}/g, (_all, name) => facts[name]);

const line = (text, note, button) => {
  const made = document.createElement("li");
  made.className = "wb-phone__card";
  for (const words of [note, text]) {
    const paragraph = document.createElement("p");
    paragraph.className = words === note ? "wb-small" : "wb-text";
    paragraph.textContent = words;
    made.append(paragraph);
  }
  if (button) {
    made.append(button);
  }
  return made;
};

let shown = "";
const showUnsent = () => {
  const { queue, refused } = kept();
  const waiting = queue.filter((item) => item.tries);
  const now = JSON.stringify([waiting.map((item) => item.id), refused.map((item) => item.id)]);
  if (now === shown) {
    return;
  }
  shown = now;
  box.querySelector("[data-unsent]").replaceChildren(
    ...waiting.map((item) => line(item.text, box.dataset.kept)),
    ...refused.map((item) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "utrecht-button utrecht-button--subtle";
      button.textContent = box.dataset.away;
      button.addEventListener("click", () => {
        keep((all) => {
          all.refused = all.refused.filter((other) => other.id !== item.id);
        });
        box.querySelector("[data-unsent] button, [data-state]")?.focus();
      });
      return line(item.text, filled(box.dataset.refused, { reason: item.reason }), button);
    }),
  );
};

// --- Forms ---------------------------------------------------------------------------------------------------------------

const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};
const forms = () => [...part.querySelectorAll("form[method=post]")];
const controls = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden");
const isChoice = (one) => one.type === "radio" || one.type === "checkbox";
const isChanged = (one) =>
  one.tagName === "SELECT"
    ? [...one.options].some((option) => option.selected !== option.defaultSelected)
    : isChoice(one)
      ? one.checked !== one.defaultChecked
      : one.value !== one.defaultValue;
// Which question a form answers, also when the page was drawn anew.
const nameOf = (form) => `${new URL(form.action).pathname} ${form.elements.part?.value ?? ""}`;
const formOf = (name) => forms().find((form) => nameOf(form) === name);

const labelOf = (one) => (one.labels?.[0]?.firstChild?.textContent ?? "").trim();
const readable = (form) => {
  const said = [];
  for (const one of controls(form)) {
    if (isChoice(one) && one.checked) {
      const legend = one.closest("fieldset")?.querySelector("legend")?.textContent.trim();
      said.push(legend ? `${legend}: ${labelOf(one)}` : labelOf(one));
    } else if (!isChoice(one) && one.value) {
      said.push(one.tagName === "TEXTAREA" ? one.value : `${labelOf(one)}: ${one.value}`);
    }
  }
  return said.join("\n");
};
const fill = (form, fields) => {
  for (const one of controls(form)) {
    const values = fields.filter(([name]) => name === one.name).map(([, value]) => value);
    if (isChoice(one)) {
      one.checked = values.includes(one.value);
    } else {
      one.value = values[0] ?? "";
    }
    one.dispatchEvent(new Event("input", { bubbles: true }));
  }
};
const fieldsOf = (form) => [...new FormData(form)].filter(([name]) => name !== "csrf_token");
const drafts = () =>
  forms()
    .filter((form) => controls(form).some(isChanged))
    .map((form) => ({ name: nameOf(form), fields: fieldsOf(form), text: readable(form) }));
const keepDrafts = () => {
  keep((all) => {
    all.drafts = drafts();
  });
};
// What was filled in and not sent goes back to its form; without that form its question is gone, and it is told.
const putBack = (found) => {
  for (const draft of found) {
    const form = formOf(draft.name);
    if (form) {
      fill(form, draft.fields);
    } else if (draft.text) {
      refuse({ id: newId(), text: draft.text }, box.dataset.closed);
    }
  }
};
const refuse = (item, reason) => {
  keep((all) => {
    all.refused.push({ id: item.id, text: item.text, reason });
  });
};

const enqueue = (form) => {
  const text = form.elements.text;
  if (text && !text.value.trim()) {
    text.focus();
    return;
  }
  const item = { id: newId(), name: nameOf(form), address: form.action, fields: fieldsOf(form), text: readable(form), tries: 0 };
  keep((all) => {
    if (!text) { // a newer answer to the same question takes the place of one that waits
      all.queue = all.queue.filter((other) => other.address !== item.address || other.id === busyWith);
    }
    all.queue.push(item);
  });
  // From here on the form is as it was sent: not changed.
  for (const one of controls(form)) {
    one.defaultChecked = one.checked;
    one.defaultValue = one.value;
  }
  if (text) {
    if (form.closest("[data-one]")) {
      form.elements.instead_of.value = form.elements.card_id.value;
    } else {
      text.value = text.defaultValue = "";
    }
    form.elements.card_id.value = newId();
  }
  keepDrafts();
  say(box.dataset.sending);
  send();
};

// --- Sending -------------------------------------------------------------------------------------------------------------

const pause = (tries) => Math.random() * Math.min(30000, 1000 * 2 ** Math.min(tries, 6)) + 500;
let busyWith = null;
let again = null;

const ask = async (address, options = {}) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, {
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
      ...options,
      headers: { ...HEADERS, ...options.headers },
    });
    const isJson = /json/.test(answer.headers.get("Content-Type") ?? "");
    return { status: answer.status, etag: answer.headers.get("ETag"), found: isJson ? await answer.json() : {} };
  } finally {
    clearTimeout(timer);
  }
};

const later = (item) => {
  keep((all) => {
    const mine = all.queue.find((other) => other.id === item.id);
    if (mine) {
      mine.tries += 1;
    }
  });
  say(box.dataset.waiting);
  clearTimeout(again);
  again = setTimeout(send, pause(item.tries));
};

const sendFirst = async () => {
  const item = kept().queue[0];
  if (!item) {
    return false;
  }
  busyWith = item.id;
  let answer;
  try {
    answer = await ask(item.address, { method: "POST", body: new URLSearchParams(item.fields) });
  } catch {
    later(item);
    return false;
  } finally {
    busyWith = null;
  }
  const { status, found } = answer;
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    later(item);
    return false;
  }
  keep((all) => {
    all.queue = all.queue.filter((other) => other.id !== item.id);
  });
  if (status === 200) {
    draw(found);
    say(box.dataset.sent);
    return true;
  }
  const reason = status === 401 ? box.dataset.out : found.title || box.dataset.closed;
  const form = status === 422 ? formOf(item.name) : null;
  if (form) { // it can be mended where it was filled in
    fill(form, item.fields);
    say(filled(box.dataset.refused, { reason }));
  } else {
    refuse(item, reason);
    say(filled(box.dataset.refused, { reason }));
    look();
  }
  return true;
};

let isSending = false;
const send = async () => {
  if (isSending) {
    return;
  }
  isSending = true;
  clearTimeout(again);
  const all = async (lock) => {
    if (lock === null) { // another window of this phone is at it
      again = setTimeout(send, pause(1));
      return;
    }
    while (await sendFirst());
  };
  try {
    await (navigator.locks ? navigator.locks.request(KEY, { ifAvailable: true }, all) : all());
  } finally {
    isSending = false;
  }
};

// --- Following what is asked ---------------------------------------------------------------------------------------------

let etag = null;
let stream = null;
let isOver = false;
let polling = null;
let tries = 0;

const setUntil = (endsAt) => {
  const place = part.querySelector("[data-until]");
  if (place && endsAt) {
    const clock = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" };
    place.textContent = new Date(endsAt).toLocaleTimeString("nl-NL", clock);
  }
};

const draw = (found) => {
  const before = drafts();
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const name = focused?.form ? nameOf(focused.form) : null;
  const heading = part.querySelector("h1")?.textContent;
  part.innerHTML = found.html;
  part.dataset.shows = found.shows;
  part.dispatchEvent(new CustomEvent("wb:fresh", { bubbles: true }));
  putBack(before);
  keepDrafts(); // what was told as not sent is not told again when the page is loaded anew
  if (focused) {
    const form = name && formOf(name);
    const field = form && focused.name ? form.elements[focused.name] : null;
    const place = field instanceof HTMLElement ? field : form?.querySelector("button[type=submit]");
    (place ?? part.querySelector("h1")).focus({ preventScroll: Boolean(place) });
  }
  document.title = document.title.replace(heading ?? "", () => part.querySelector("h1").textContent);
  return part.querySelector("h1").textContent !== heading;
};

const over = () => {
  isOver = true;
  stream?.close();
  clearTimeout(polling);
  const heading = document.createElement("h1");
  heading.className = "utrecht-heading-1";
  heading.textContent = box.dataset.over;
  putAside();
  part.replaceChildren(heading);
  keepDrafts();
  say("");
};
const putAside = () => {
  for (const draft of drafts()) {
    if (draft.text) {
      refuse({ id: newId(), text: draft.text }, box.dataset.closed);
    }
  }
};

const renew = async () => {
  try {
    const { status, found } = await ask(part.dataset.now);
    if (status === 200 && found.shows !== part.dataset.shows) {
      const isNew = draw(found);
      announce(isNew ? filled(box.dataset.new, { heading: found.heading || part.textContent.trim() }) : box.dataset.changed);
    } else if (status === 401) {
      say(box.dataset.out);
    } else if (status === 404) {
      over();
    }
  } catch {
    // No connection: the next look tries again.
  }
};

const look = async () => {
  if (isOver) {
    return;
  }
  try {
    const { status, found, etag: mark } = await ask(part.dataset.stand, { headers: etag ? { "If-None-Match": etag } : {} });
    if (status === 200) {
      etag = mark;
      setUntil(found.activity?.ends_at);
      if (found.shows !== part.dataset.shows) {
        await renew();
      }
    } else if (status === 404) {
      over();
    }
  } catch {
    // As above.
  }
};

const poll = () => {
  clearTimeout(polling);
  polling = setTimeout(async () => {
    if (stream?.readyState === 1 || isOver) {
      return;
    }
    if (!document.hidden) {
      await look();
    }
    poll();
  }, OFTEN + Math.random() * 2000);
};

const follow = async () => {
  if (isOver || document.hidden || stream) {
    return;
  }
  poll();
  let address;
  try {
    const { status, found } = await ask(part.dataset.stream);
    if (status === 200 && !found.address) {
      return; // there is no stream here: asking now and then does it
    }
    address = found.address;
  } catch {
    // No connection.
  }
  if (!address || stream || !("EventSource" in window)) {
    setTimeout(follow, pause((tries += 1)));
    return;
  }
  stream = new EventSource(address);
  stream.addEventListener("open", () => {
    tries = 0;
    setTimeout(look, Math.random() * 500); // what was said before we could hear it
  });
  stream.addEventListener("message", (event) => {
    const told = JSON.parse(event.data);
    setUntil(told.ends_at);
    if (told.shows !== part.dataset.shows) {
      setTimeout(renew, Math.random() * 400); // not a whole room in the same moment
    }
  });
  stream.addEventListener("error", () => {
    stream?.close(); // an address works once: ask for another one
    stream = null;
    poll();
    setTimeout(follow, pause((tries += 1)));
  });
};

// --- From here on --------------------------------------------------------------------------------------------------------

const wake = () => {
  if (!document.hidden) {
    look();
    follow();
    if (kept().queue.length) {
      send();
    }
  }
};

if (part && box) {
  part.addEventListener("submit", (event) => {
    event.preventDefault();
    enqueue(event.target);
  });
  part.addEventListener("input", keepDrafts);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", wake);
  putBack(kept().drafts);
  keepDrafts();
  showUnsent();
}
