/* The head of the console: how many alerts wait, since when the oldest does; and the queue's own.
 *
 * A page with alerts that nobody acknowledged is never loaded anew by itself. */
(function () {
  "use strict";

  const pingji = window.pingji;
  let renewing = false;

  function paint() {
    const box = pingji.byId("header-alerts");
    if (!box || !pingji.live.topic("alerts").loaded) return;
    const found = pingji.alerts.counts();
    const now = pingji.live.pictureAt();
    const n = pingji.format.number(found.n);
    const text = found.n ? pingji.say("alerts_unacknowledged", { n: n }) : pingji.say("alerts_calm");
    const age = found.oldest === null || now === null ? "" : pingji.format.age((now - found.oldest) / 1000);
    const oldest = age ? pingji.say("alerts_oldest", { age: age }) : "";
    pingji.write(box.querySelector(".alarm__count"), text);
    pingji.write(box.querySelector(".alarm__oldest"), oldest);
    box.classList.toggle("alarm--waiting", found.n > 0);
    box.classList.toggle("alarm--high", found.by[1] > 0);
    pingji.write(pingji.byId("queue-count"), found.n ? text : "");
    pingji.write(pingji.byId("queue-oldest"), oldest);
    renew();
  }

  function renew() {
    if (!renewing || pingji.alerts.counts().n > 0 || pingji.dialogOpen()) return;
    renewing = false;
    window.location.reload();
  }

  if (!/^\/(wall|tablet)/.test(window.location.pathname)) {
    pingji.live.renew = () => {
      renewing = true;
      if (!pingji.live.topic("alerts").loaded) return; // decided when it is known
      renew();
      if (renewing) pingji.announce(pingji.say("new_build"));
    };
  }

  pingji.on("paint", paint);
})();
