/* Acts on alerts: sent with the version that was seen, shown as pending until the stream tells.
 *
 * Nothing is painted as done before the store has it. What did not succeed stays marked on its row
 * until the next act; a stale version is tried once more where nothing that matters has changed. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const AT_ONCE = 4;
  const WAIT_MS = 15000;
  const MANY = 500; // in one request
  const pending = new Map(); // alert id -> {act, state: sending | sent | failed, text, version}

  function token() {
    const match = /(?:^|; )_csrf_token=([^;]*)/.exec(document.cookie);
    return match ? decodeURIComponent(match[1]) : "";
  }

  function key() {
    const random = new Uint32Array(4);
    window.crypto.getRandomValues(random);
    return Array.from(random, (n) => n.toString(16)).join("-");
  }

  /** Send JSON to the API. A refusal is an Error with `status` and `body`, said in words. */
  function post(path, body, method) {
    const abort = new AbortController();
    const timer = window.setTimeout(() => abort.abort(), WAIT_MS);
    return window
      .fetch(path, {
        method: method || "POST",
        credentials: "same-origin",
        signal: abort.signal,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "Idempotency-Key": key(),
          "X-CSRFToken": token(),
        },
        body: JSON.stringify(body || {}),
      })
      .then(
        (answer) => answer.json().then(
          (told) => ({ answer: answer, told: told }),
          () => ({ answer: answer, told: null }),
        ),
        () => {
          throw new Error(pingji.say("act_offline"));
        },
      )
      .then(({ answer, told }) => {
        if (answer.ok) return told;
        const word = answer.status === 403 ? "act_forbidden" : "act_failed";
        const error = new Error((told && told.detail) || pingji.say(word));
        error.status = answer.status;
        error.body = told;
        throw error;
      })
      .finally(() => window.clearTimeout(timer));
  }

  function tell() {
    pingji.emit("pending");
    pingji.emit("changed");
  }

  function mark(id, told) {
    if (told) pending.set(id, told);
    else pending.delete(id);
    tell();
  }

  const path = (id, act) => "/api/v1/alerts/" + encodeURIComponent(id) + "/" + act;

  /** Is the alert, as it is now, one on which the act still makes sense as it was meant? */
  function still(act, before, now) {
    if (!now || now.priority !== before.priority || now.group !== before.group) return false;
    if (act === "acknowledge" || act === "transfer") return !now.acknowledged;
    if (act === "own") return now.owner === before.owner;
    return act === "unshelve" ? now.shelvedUntil !== null : now.shelvedUntil === null;
  }

  function conflict(act, now) {
    if (!now) return pingji.say("act_gone");
    if ((act === "acknowledge" || act === "transfer") && now.acknowledged) return pingji.say("act_conflict_acknowledged");
    return pingji.say("act_conflict");
  }

  function send(act, before, more, again) {
    const body = Object.assign({ version: before.version }, more);
    return post(path(before.id, act), body).catch((error) => {
      if (error.status !== 409) throw error;
      const now = told(error.body, before);
      if (!again && still(act, before, now)) return send(act, now, more, true);
      throw new Error(conflict(act, now));
    });
  }

  /** What a refusal says of the present state, else what the stream has told meanwhile. */
  function told(body, before) {
    const current = body && (body.current || body.alert);
    const seen = pingji.alerts.get(before.id);
    if (!current || typeof current.version !== "number") return seen;
    return Object.assign({}, before, seen, {
      version: current.version,
      priority: current.priority,
      group: current.group,
      acknowledged: current.acknowledged,
      owner: current.owner,
      shelvedUntil: current.shelved_until ? Date.parse(current.shelved_until) : null,
    });
  }

  function one(act, alert, more) {
    mark(alert.id, { act: act, state: "sending", version: alert.version });
    return send(act, alert, more).then(
      () => {
        const mine = pending.get(alert.id);
        const now = pingji.alerts.get(alert.id);
        // the stream may have told before the answer came
        if (!now || now.version !== alert.version) mark(alert.id, null);
        else if (mine) mark(alert.id, Object.assign(mine, { state: "sent" }));
      },
      (error) => {
        mark(alert.id, { act: act, state: "failed", text: error.message, version: alert.version });
        throw error;
      },
    );
  }

  function pend(alerts, state, text) {
    alerts.forEach((alert) => {
      pending.set(alert.id, { act: "acknowledge", state: state, text: text, version: alert.version });
    });
    tell();
  }

  /** Acknowledge many in few requests; each that was refused is told of by itself. */
  function acknowledgeMany(alerts, note) {
    pend(alerts, "sending");
    const again = [];
    const next = (from) => {
      if (from >= alerts.length) return Promise.resolve();
      const part = alerts.slice(from, from + MANY);
      const body = { items: part.map((alert) => ({ id: alert.id, version: alert.version })) };
      if (note) body.note = note;
      return post("/api/v1/alerts/acknowledge", body).then(
        (answer) => {
          again.push(...answered(part, (answer && answer.items) || []));
          return next(from + MANY);
        },
        (error) => {
          pend(alerts.slice(from), "failed", error.message);
          throw error;
        },
      );
    };
    // what only its version kept back is tried once more, one by one
    return next(0).then(() => many("acknowledge", again, note ? { note: note } : {}));
  }

  /** Mark what was taken; gives what was refused, as it now stands. */
  function answered(alerts, items) {
    const refused = new Map();
    items.forEach((item) => item.status >= 400 && refused.set(item.id, item));
    alerts.forEach((alert) => {
      if (refused.has(alert.id)) return;
      const now = pingji.alerts.get(alert.id);
      if (!now || now.version !== alert.version) pending.delete(alert.id);
      else pending.set(alert.id, { act: "acknowledge", state: "sent", version: alert.version });
    });
    tell();
    return alerts.filter((a) => refused.has(a.id)).map((a) => told(refused.get(a.id), a) || a);
  }

  /** Some at a time, all of them; the promise tells how many were refused. */
  function many(act, alerts, more) {
    const queue = alerts.slice();
    let failed = 0;
    let why = "";
    const next = () => {
      const alert = queue.shift();
      if (!alert) return Promise.resolve();
      return one(act, alert, more).catch((error) => {
        failed += 1;
        why = error.message;
      }).then(next);
    };
    return Promise.all(Array.from({ length: AT_ONCE }, next)).then(() => {
      if (!failed) return;
      if (alerts.length === 1) throw new Error(why);
      throw new Error(pingji.say("act_part", { done: alerts.length - failed, left: failed }) + " · " + why);
    });
  }

  // What the stream tells ends the waiting; a failure stays until it is seen or tried again.
  pingji.on("alerts", () => {
    pending.forEach((mine, id) => {
      const now = pingji.alerts.get(id);
      if (!now || (mine.state !== "failed" && now.version !== mine.version)) pending.delete(id);
    });
  });

  pingji.post = post;
  pingji.alertActs = {
    pending: (id) => pending.get(id),
    forget(id) {
      const mine = pending.get(id);
      if (mine && mine.state === "failed") pending.delete(id);
    },
    one,
    many,
    acknowledgeMany,
  };
})();
