/* The SharedWorker: one stream for all tabs of a browser.
 *
 * Named by build and session in its address, so that another build or another person never meets
 * the old one. Not loaded into pages (assets_ignore); 20-live.js starts it. It only joins ports to
 * the desk of 11-desk.js. */
"use strict";

const parameters = new URL(self.location.href).searchParams;
const build = "?build=" + encodeURIComponent(parameters.get("build") || "");
importScripts("10-stream.js" + build, "11-desk.js" + build);

const desk = new self.pingjiStream.Desk("/live", []);

self.onconnect = (event) => {
  const port = event.ports[0];
  const receive = desk.join((message) => port.postMessage(message));
  port.onmessage = (incoming) => receive(incoming.data);
  port.start();
};
