/* How an act of the console is sent: one key for one content, so that nothing is done twice. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const WAIT_MS = 15000;

  let sent = { text: "", key: "" };

  function token() {
    const match = /(?:^|; )_csrf_token=([^;]*)/.exec(document.cookie);
    return match ? decodeURIComponent(match[1]) : "";
  }

  function newKey() {
    const random = new Uint32Array(4);
    window.crypto.getRandomValues(random);
    return Array.from(random, (n) => n.toString(16).padStart(8, "0")).join("");
  }

  /** Send an act. The same content keeps its key: after a lost answer it is the same act. */
  function send(path, body) {
    const text = JSON.stringify(body);
    if (sent.text !== path + text) sent = { text: path + text, key: newKey() };
    const abort = new AbortController();
    const timer = window.setTimeout(() => abort.abort(), WAIT_MS);
    return window
      .fetch(path, {
        method: "POST",
        credentials: "same-origin",
        signal: abort.signal,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "Idempotency-Key": sent.key,
          "X-CSRFToken": token(),
        },
        body: text,
      })
      .catch(() => {
        throw Object.assign(new Error(pingji.say("entry_lost")), { lost: true });
      })
      .then((answer) =>
        answer.json().then(
          (told) => ({ answer, told }),
          () => ({ answer, told: null }),
        ),
      )
      .then(({ answer, told }) => {
        if (answer.ok) {
          sent = { text: "", key: "" };
          return told;
        }
        if (answer.status >= 500 || (answer.status === 429 && !told)) {
          throw Object.assign(new Error(pingji.say("entry_lost")), { lost: true });
        }
        const reason = (told && told.detail) || String(answer.status);
        const error = new Error(pingji.say("entry_failed", { reason: reason }));
        throw Object.assign(error, { status: answer.status, told: told });
      })
      .finally(() => window.clearTimeout(timer));
  }

  /** What comes next is another act, even if it says the same. */
  function forget() {
    sent = { text: "", key: "" };
  }

  pingji.entrySend = { send, forget };
})();
