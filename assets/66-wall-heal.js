/* How a wall heals itself: it says how old its picture is, and loads its page anew only when that is
 * needed and the server answers. Nobody is there to press a key. */
(function () {
  "use strict";

  const pingji = window.pingji;
  if (!pingji.wall) return;

  const wall = pingji.wall;
  const EMPTY_MS = 25000; // so long without a picture of our own: load anew
  const REFUSED_MS = 20000;
  const openedAt = performance.now();
  let renewing = false;
  let refusedAt = null;

  function tell() {
    const note = pingji.byId("wall-note");
    if (!note) return;
    const live = pingji.live;
    let text = "";
    if (!live.fresh()) {
      const at = live.pictureAt();
      text =
        at === null
          ? pingji.say("wall_waiting")
          : pingji.say("wall_down", { time: pingji.format.time(at) });
    } else if (pingji.opening()) {
      text = pingji.say("banner_opening");
    }
    pingji.write(note, text);
  }

  /** Load the page anew, as soon as the server gives it. */
  function renew() {
    if (renewing) return;
    renewing = true;
    const again = () => window.setTimeout(attempt, 3000 + 4000 * Math.random());
    function attempt() {
      window
        .fetch(window.location.href, {
          cache: "no-store",
          credentials: "same-origin",
          headers: { Accept: "text/html" },
        })
        .then((answer) => {
          if (answer.ok) window.location.reload();
          else again();
        })
        .catch(again);
    }
    attempt();
  }

  /** Refused: ask once more after a while, then show the way in (which this page is then). */
  function turnedAway() {
    if (refusedAt !== null) return;
    refusedAt = performance.now();
    window.setTimeout(() => {
      window
        .fetch("/api/v1/me", { cache: "no-store", credentials: "same-origin" })
        .then((answer) => {
          if (answer.status === 401) renew();
        })
        .catch(() => {})
        .then(() => {
          refusedAt = null;
        });
    }, REFUSED_MS);
  }

  function watch() {
    tell();
    if (!wall.root && performance.now() - openedAt > EMPTY_MS) renew();
  }

  function stayAwake() {
    if (!navigator.wakeLock || document.hidden) return;
    navigator.wakeLock.request("screen").catch(() => {});
  }

  pingji.live.renew = renew;
  pingji.live.turnedAway = turnedAway;
  pingji.on("tick", watch);
  window.setInterval(watch, 1000); // also before the page's data has come
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
})();
