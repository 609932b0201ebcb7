/* Acts that are hard to undo ask twice: the first press arms the button for a few seconds. */
(function () {
  "use strict";

  const ARMED_MS = 4000;
  let armed = null; // the id: a table painted anew may give the same element to another row

  // In the capturing phase, so that Dash never hears of a press that only arms.
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element && event.target.closest("[data-confirm]");
      if (!button) return;
      if (button.id === armed) {
        armed = null;
        button.classList.remove("is-armed");
        return;
      }
      event.stopImmediatePropagation();
      event.preventDefault();
      armed = button.id;
      button.classList.add("is-armed");
      window.setTimeout(() => {
        button.classList.remove("is-armed");
        if (armed === button.id) armed = null;
      }, ARMED_MS);
    },
    true,
  );
})();
