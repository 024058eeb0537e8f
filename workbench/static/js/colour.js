// A colour picker beside each field for a colour code; the text stays what is sent.
"use strict";
for (const field of document.querySelectorAll("input[data-colour]")) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`).textContent.trim());
  const row = document.createElement("div");
  row.className = "wb-colour";
  field.replaceWith(row);
  row.append(field, picker);
  const follow = () => {
    const code = field.value.trim().replace(/^#?/, "#");
    if (/^#[0-9a-f]{6}$/i.test(code)) picker.value = code;
  };
  field.addEventListener("input", follow);
  picker.addEventListener("input", () => { field.value = picker.value; });
  follow();
}
