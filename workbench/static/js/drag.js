// Dragging as an extra beside the buttons and the number field: what is dropped fills in the form "Verplaats" and sends it.
(() => {
  const drop = ({ item, to, newIndex }) => {
    const form = item.querySelector("form[data-move]");
    form.elements.deel.value = to.dataset.section;
    form.elements.plek.value = newIndex + 1;
    form.requestSubmit();
  };

  for (const list of document.querySelectorAll("ol[data-section]")) {
    for (const row of list.children) {
      const handle = document.createElement("span");
      handle.className = "wb-handle";
      handle.setAttribute("aria-hidden", "true");
      row.prepend(handle);
    }
    window.Sortable.create(list, {
      group: "blocks",
      handle: ".wb-handle",
      animation: 0,
      ghostClass: "wb-dragged",
      onEnd: (event) => {
        if (event.from !== event.to || event.oldIndex !== event.newIndex) {
          drop(event);
        }
      },
    });
  }
})();
