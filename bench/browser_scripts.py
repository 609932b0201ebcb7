"""What the bench runs in the page that it measures."""

WATCH = """
(() => {
  const bench = (window.bench = { paints: null, stalls: [], drawnAt: 0 });
  const NEEDED = ["cases", "stations", "readings", "cameras", "places", "responders"];
  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => {
    const at = performance.now();
    const one = waiting.shift();
    if (bench.paints) bench.paints.push([one.position, performance.timeOrigin + at]);
    if (one.whole && !bench.drawnAt) bench.drawnAt = at;
  };
  function hook() {
    const { pingji } = window;
    const layer = pingji.map.layer;
    const draw = layer.draw;
    let drawn = 0; // position of the rows on the canvas
    let told = 0;
    let ready = false; // every topic had come before the canvas was last drawn
    layer.draw = function () {
      draw.apply(this, arguments);
      drawn = pingji.live.position;
      ready = NEEDED.every((name) => pingji.live.topic(name).loaded);
    };
    pingji.on("paint", () => {
      // after every other listener of this frame, and the canvas if it waits for the next
      requestAnimationFrame(() => {
        const whole = ready && !bench.drawnAt;
        if (drawn <= told && !whole) return;
        told = Math.max(told, drawn);
        waiting.push({ position: told, whole });
        channel.port2.postMessage(null);
      });
    });
    layer.draw();
  }
  const timer = setInterval(() => {
    const { pingji } = window;
    if (!pingji || !pingji.map || !pingji.map.layer || !pingji.map.layer._map) return;
    clearInterval(timer);
    hook();
  }, 5);
  new PerformanceObserver((list) => {
    list.getEntries().forEach((entry) => bench.stalls.push(entry.duration));
  }).observe({ type: "longtask" });
  bench.countFrames = () => {
    const frames = [];
    let last = null;
    let counting = true;
    const step = (at) => {
      if (last !== null) frames.push(at - last);
      last = at;
      if (counting) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    bench.endFrames = () => {
      counting = false;
      return frames;
    };
  };
})();
"""

TAKE_PAINTS = """
() => {
  const { paints } = window.bench;
  window.bench.paints = null;
  return paints;
}
"""

FORGET_STALLS = "() => { window.bench.stalls = []; }"

COUNT_FRAMES = "() => window.bench.countFrames()"

LOOK = """
([lat, lon, zoom]) => {
  window.pingji.map.moved = true;
  window.pingji.map.map.setView([lat, lon], zoom, { animate: false });
}
"""

CHARTS = """
async (count) => {
  const { pingji } = window;
  const topic = pingji.live.topic("stations");
  const rivers = [...topic.rows.values()].filter((row) => row[topic.columns.kind] === "river");
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const took = [];
  for (const row of rivers.slice(0, count)) {
    const timing = pingji.chart.timing;
    const before = timing.first_ms === null ? "first_ms" : "last_ms";
    timing.last_ms = null;
    pingji.emit("open", { kind: "station", id: row[0], from: "map" });
    const limit = performance.now() + 20000;
    while (timing[before] === null && performance.now() < limit) await pause(5);
    if (timing[before] === null) throw new Error("no chart within 20 s");
    took.push(timing[before]);
    await pause(1500);
  }
  pingji.acts["close-detail"]();
  return took;
}
"""
