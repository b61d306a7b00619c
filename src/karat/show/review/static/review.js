// Keys for whatever button or link says it has one (data-key), the box to write in, and word when saving failed.
(() => {
  "use strict";
  const writing = (element) => element && /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  const busy = () => document.querySelector(".htmx-request") !== null;
  const named = (key) => [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);

  const reveal = (button) => {
    const box = document.getElementById(button.dataset.reveal);
    if (!box) return;
    box.hidden = false;
    const field = box.querySelector("input, textarea");
    field.focus();
    field.select();
  };

  const show = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };

  // Pictures as large as they fit, a second click in their own size; texts from their first to their last character.
  const enlarge = (parts) => {
    const place = document.getElementById("zoomed");
    place.replaceChildren(...parts.map((part) => {
      const copy = part.cloneNode(true);
      copy.hidden = false;
      copy.addEventListener("click", () => copy.classList.toggle("natural"));
      return copy;
    }));
    show("zoom");
  };

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick-all]")) return;
    for (const box of event.target.form.querySelectorAll("input[name=case]")) box.checked = event.target.checked;
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    const opener = event.target.closest("[data-dialog]");
    const zoomed = event.target.closest("[data-zoom]");
    if (button) reveal(button);
    else if (opener) show(opener.dataset.dialog);
    else if (event.target.closest("[data-zoom-all]")) enlarge([...document.querySelectorAll("main [data-zoom], main .whole")]);
    else if (zoomed && zoomed.closest("main") && !String(window.getSelection())) enlarge([zoomed]);
    else if (busy() && event.target.closest("button[type=submit]")) event.preventDefault();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (writing(event.target) && event.target.type !== "checkbox") {
      const box = event.target.closest(".edit-box");
      if (event.key === "Escape") event.target.blur();
      if (event.key === "Escape" && box) box.hidden = true;
      if (event.key === "Enter" && box && (event.target.tagName === "INPUT" || !event.shiftKey)) {
        event.preventDefault();
        box.querySelector("[data-save]").click();
      }
      return;
    }
    if (event.target.tagName === "BUTTON" && event.key === "Enter") return;
    if (event.target.tagName === "A" && event.key === "Enter") return;
    const key = event.key.length === 1 ? (event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase()) : event.key;
    const button = named(key);
    if (!button || event.repeat || busy()) return;
    event.preventDefault();
    if (writing(button)) button.focus();
    else button.click();
  });

  const trouble = (shown) => {
    const line = document.getElementById("trouble");
    if (line) line.hidden = !shown;
  };
  document.addEventListener("htmx:sendError", () => trouble(true));
  document.addEventListener("htmx:responseError", () => trouble(true));
  document.addEventListener("htmx:afterSwap", () => {
    trouble(false);
    window.scrollTo(0, 0);
  });
})();
