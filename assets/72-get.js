/* Asking the server for JSON: `pingji.get(url)`, a promise that anything but a good answer breaks. */
(function () {
  "use strict";

  window.pingji.get = (url) =>
    window
      .fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      });
})();
