/* Beside the map: which of the panels there are unfolded, as this person left them.
 *
 * Where there is little height one is open at a time, the queue unless another was asked for. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const PANELS = ["queue", "cases"];
  const short = window.matchMedia("(max-height: 56rem)");
  let folded = read();

  function read() {
    try {
      const kept = JSON.parse(pingji.memory.get("side"));
      return Array.isArray(kept) ? kept.filter((name) => PANELS.indexOf(name) >= 0) : null;
    } catch (error) {
      return null;
    }
  }

  /** What is folded now: as chosen, else by the height of the window; never both. */
  function now() {
    if (folded && folded.length < PANELS.length && !(short.matches && !folded.length)) return folded;
    return short.matches ? ["cases"] : [];
  }

  function show() {
    const gone = now();
    PANELS.forEach((name) => {
      const panel = document.querySelector(".console__side > ." + name);
      if (!panel) return;
      const away = gone.indexOf(name) >= 0;
      panel.classList.toggle("side--folded", away);
      const button = panel.querySelector(".side__fold");
      const word = pingji.say(name + (away ? "_unfold" : "_fold"));
      pingji.write(button, away ? "▸" : "▾");
      button.title = word;
      button.setAttribute("aria-label", word);
      button.setAttribute("aria-expanded", String(!away));
    });
  }

  function set(name, away) {
    const others = now().filter((each) => each !== name);
    if (away) folded = PANELS.filter((each) => each === name);
    else folded = short.matches ? PANELS.filter((each) => each !== name) : others;
    pingji.memory.set("side", JSON.stringify(folded));
    show();
    pingji.emit("changed");
  }

  pingji.acts["side-fold"] = (button) => {
    const name = button.dataset.panel;
    set(name, now().indexOf(name) < 0);
  };

  /** Somebody needs to see this panel. */
  pingji.on("side", (name) => now().indexOf(name) >= 0 && set(name, false));
  pingji.on("paint", show);
  if (short.addEventListener) short.addEventListener("change", show);
})();
