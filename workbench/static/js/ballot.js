// Makes the number fields of a ballot easier to use: a slider beside a place on a line, plus and minus beside dots and
// points, up and down beside an order. The number fields stay what is sent; without this script they do all the work.
(() => {
  const ease = (ballot) => {
    const kind = ballot.dataset.ballot;
    const fields = [...ballot.querySelectorAll("input.wb-number")];
    const nameOf = (field) => ballot.querySelector(`label[for="${field.id}"]`).firstChild.textContent.trim();
    const value = (field) => Number.parseInt(field.value, 10) || 0;
    const text = (template, facts) => template.replace(/\{(\w+)\}/g, (_all, name) => facts[name]);

    const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

    const slider = (field) => {
      const range = document.createElement("input");
      range.type = "range";
      range.className = "wb-slider";
      range.min = "0";
      range.max = "100";
      range.setAttribute("aria-label", nameOf(field));
      const follow = () => {
        range.value = field.value || "50";
        range.classList.toggle("wb-slider--empty", !field.value); // no place chosen yet
      };
      range.addEventListener("input", () => {
        field.value = range.value;
        follow();
      });
      field.addEventListener("input", follow);
      follow();
      field.before(range);
    };

    const button = (sign, label, press) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "utrecht-button utrecht-button--secondary-action wb-step";
      made.textContent = sign;
      made.setAttribute("aria-label", label);
      made.addEventListener("click", press);
      return made;
    };

    const beside = (field, before, after) => {
      const row = document.createElement("div");
      row.className = "wb-steps";
      field.before(row);
      row.append(before, field, after);
    };

    const steps = (field, size) => {
      const name = nameOf(field);
      const step = (by) => () => {
        field.value = String(Math.max(0, value(field) + by));
        changed(field);
      };
      beside(
        field,
        button("−", text(ballot.dataset.less, { name }), step(-size)),
        button("+", text(ballot.dataset.more, { name }), step(size)),
      );
    };

    const left = (most) => {
      const note = document.createElement("p");
      note.setAttribute("role", "status");
      note.className = "wb-ballot__left";
      const tell = () => {
        const used = fields.reduce((sum, field) => sum + value(field), 0);
        note.textContent = text(ballot.dataset.left, { n: most - used });
      };
      ballot.addEventListener("input", tell);
      ballot.append(note);
      tell();
    };

    const order = (field) => {
      const name = nameOf(field);
      const move = (by) => () => {
        if (!value(field)) { // the first press gives it the first free place
          field.value = String(fields.findIndex((_one, place) => !fields.some((one) => value(one) === place + 1)) + 1);
        } else {
          const next = Math.min(fields.length, Math.max(1, value(field) + by));
          const other = fields.find((one) => one !== field && value(one) === next);
          if (other) {
            other.value = field.value;
          }
          field.value = String(next);
        }
        changed(field);
      };
      beside(
        field,
        button("↑", text(ballot.dataset.up, { name }), move(-1)),
        button("↓", text(ballot.dataset.down, { name }), move(1)),
      );
    };

    if (kind === "position") {
      fields.forEach(slider);
    } else if (kind === "dots" || kind === "points") {
      for (const field of fields) {
        steps(field, kind === "dots" ? 1 : 5);
      }
      left(Number(ballot.dataset.most));
    } else if (kind === "ranking") {
      fields.forEach(order);
    }
  };

  const begin = (part) => {
    for (const ballot of part.querySelectorAll("form[method=post] [data-ballot]")) {
      ease(ballot);
    }
  };
  begin(document);
  document.addEventListener("wb:fresh", (event) => begin(event.target)); // a part of the page that came back new
})();
