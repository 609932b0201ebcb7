/* 中止演练: one act, in the band itself, pressed twice. Everything of the drill goes with it. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SURE_MS = 4000;
  const armed = new Map(); // operation -> timer
  const may = () => pingji.page.viewer.rights.indexOf("operate") >= 0;

  function word(button) {
    const what = pingji.say("switch_stop_drill");
    const sure = armed.has(button.dataset.operation);
    pingji.write(button, sure ? pingji.say("switch_again", { what: what }) : what);
    button.classList.toggle("is-armed", sure);
  }

  function disarm(button) {
    window.clearTimeout(armed.get(button.dataset.operation));
    armed.delete(button.dataset.operation);
    if (button.isConnected) word(button);
  }

  function stop(button) {
    const id = button.dataset.operation;
    if (!armed.has(id)) {
      armed.set(id, window.setTimeout(() => disarm(button), SURE_MS));
      word(button);
      return;
    }
    disarm(button);
    button.disabled = true;
    tell(button, "");
    pingji
      .post("/api/v1/operations/" + encodeURIComponent(id) + "/end", {
        reason: pingji.page.words.switch_stop_drill[0],
      })
      .catch((error) => {
        button.disabled = false;
        tell(button, error.message);
      });
  }

  /** Why it was refused, beside the button, until it is pressed again. */
  function tell(button, message) {
    const old = button.nextElementSibling;
    if (old && old.classList.contains("band__refused")) old.remove();
    if (!message) return;
    const said = pingji.make("span", "band__refused", message);
    said.setAttribute("role", "alert");
    button.after(said);
  }

  /** The button of a drill's band or chip; null where it may not be stopped here. */
  pingji.drillStop = (band) => {
    if (!band.drill || !may()) return null;
    const button = pingji.make("button", "band__stop");
    button.type = "button";
    button.dataset.act = "drill-stop";
    button.dataset.operation = band.id;
    word(button);
    return button;
  };
  pingji.acts["drill-stop"] = stop;
})();
