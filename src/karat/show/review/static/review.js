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
    const field = box.querySelector("input");
    field.focus();
    field.select();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (button) reveal(button);
    else if (busy() && event.target.closest("button[type=submit]")) event.preventDefault();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (writing(event.target)) {
      const box = event.target.closest(".edit-box");
      if (event.key === "Escape") event.target.blur();
      if (event.key === "Escape" && box) box.hidden = true;
      if (event.key === "Enter" && box) {
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
    button.click();
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
