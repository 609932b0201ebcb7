/* 值班快录: the keys that lead through the form, and those that open and close it. */
(function () {
  "use strict";

  const pingji = window.pingji;

  function stops(built) {
    return Array.from(pingji.byId("entry").querySelectorAll(".entry__body input")).filter(
      (input) =>
        input.offsetParent !== null &&
        input.type !== "checkbox" &&
        (input.type !== "radio" || input.checked || !built.choices.querySelector("input:checked")),
    );
  }

  /** A key within the form; `acts`: save, next, go, choose, take. */
  function key(event, built, acts) {
    if (event.isComposing || event.defaultPrevented) return;
    const input = event.target;
    if (event.key === "Enter" && input.tagName === "INPUT") {
      if (event.ctrlKey || event.metaKey) acts.save();
      else if (input.type === "radio") {
        input.checked = true;
        acts.choose(input.value);
        acts.go(built.depth.input);
      } else acts.next(input);
      event.preventDefault();
    } else if (
      /^[1-9]$/.test(event.key) &&
      input === built.matterBox.input &&
      !input.value &&
      !(event.ctrlKey || event.metaKey || event.altKey) &&
      pingji.page.matters.common[event.key - 1]
    ) {
      acts.take(event.key - 1);
      event.preventDefault();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && pingji.entry.isOpen() && pingji.byId("entry").contains(event.target)) {
      pingji.entry.close();
      event.preventDefault();
      return;
    }
    if (event.key !== "l" && event.key !== "L") return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || !pingji.entry.may()) return;
    if (pingji.dialogOpen && pingji.dialogOpen()) return;
    pingji.entry.open({ mode: event.shiftKey ? "place" : "case" });
    event.preventDefault();
  });

  pingji.entryKeys = { stops, key };
})();
