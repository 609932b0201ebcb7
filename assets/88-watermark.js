/* The watermark of name and time on every screen of a person; a wall, which is nobody, has none. */
(function () {
  "use strict";

  const pingji = window.pingji;
  let shown = "";
  let box = null;

  function escape(text) {
    return text.replace(/[&<>"']/g, (sign) => "&#" + sign.charCodeAt(0) + ";");
  }

  function paint() {
    if (!pingji.page || /^\/wall/.test(window.location.pathname)) return;
    const now = pingji.live.now();
    if (now === null) return;
    const drill = document.documentElement.dataset.drill ? pingji.say("band_drill") + " " : "";
    const text = drill + pingji.page.viewer.name + "  " + pingji.format.date(now) + " " + pingji.format.time(now).slice(0, 5);
    const style = window.getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--text-strong").trim();
    const key = text + ink;
    if (key === shown) return;
    shown = key;
    if (!box) {
      box = pingji.make("div", "watermark");
      box.setAttribute("aria-hidden", "true");
      document.body.append(box);
    }
    const drawing =
      "<svg xmlns='http://www.w3.org/2000/svg' width='380' height='230'>" +
      "<text x='20' y='150' transform='rotate(-22 190 115)' font-size='16' fill='" + ink + "'" +
      " font-family='sans-serif'>" + escape(text) + "</text></svg>";
    box.style.setProperty("--at-mark", 'url("data:image/svg+xml,' + encodeURIComponent(drawing) + '")');
  }

  pingji.on("tick", paint);
  pingji.on("theme", () => window.requestAnimationFrame(paint));
})();
