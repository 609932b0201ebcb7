/* A hand-over that was put off comes back when its time is past: said at the desk until it is done,
 * put off again, or closed. It is in nobody's way. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const say = (key, fill) => pingji.say(key, fill);
  let put = null; // {id, until, reason}: what is put off here
  let closed = null; // the id of the one that was said and closed
  let asked = null; // whose desk was asked about
  let box = null;

  function ask() {
    asked = pingji.page.session;
    put = null;
    pingji.handover.get("/api/v1/handovers?limit=1").then(
      (told) => {
        const last = told.items[0];
        const mine = last && last.outgoing === pingji.page.viewer.account;
        put = mine && last.act === "put-off" && last.until ? last : null;
        paint();
      },
      () => {
        asked = null; // asked again with the next picture
      },
    );
  }

  function paint() {
    const page = pingji.page;
    const sits = page && page.viewer && page.viewer.rights.indexOf("supervise") >= 0;
    if (!sits || !pingji.byId("header-sound")) return;
    if (asked !== page.session) {
      ask();
      return;
    }
    const now = pingji.live.now();
    const due = put && closed !== put.id && now !== null && Date.parse(put.until) <= now;
    if (!due) {
      if (box) box.remove();
      box = null;
    } else if (!box) {
      box = pingji.make("div", "handed handed--due");
      box.setAttribute("role", "status");
      const time = pingji.format.time(Date.parse(put.until)).slice(0, 5);
      const open = pingji.handover.button("handover", () => pingji.handover.open(), "button button--sure");
      const away = pingji.handover.button("close", () => {
        closed = put.id;
        paint();
      });
      box.append(pingji.make("span", "", say("handover_due", { time: time, reason: put.reason })), open, away);
      document.body.append(box);
    }
  }

  pingji.on("put-off", ask);
  pingji.on("viewer", ask);
  pingji.on("paint", paint);
  pingji.on("language", () => {
    if (box) box.remove();
    box = null;
    paint();
  });
})();
