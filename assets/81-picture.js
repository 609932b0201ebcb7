/* A live picture: HLS where the browser plays it, else MJPEG, else snapshots every two seconds.
 *
 * Never black: until a picture is there a word stands in its place, and a picture that stops is
 * followed by the next way. Opening one is told to the server, which keeps an audit. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const SNAPSHOT_MS = 2000;
  const PATIENCE_MS = 8000;
  const MJPEG_MOST = 2;
  const AGAIN_MS = 30000;
  const REMEMBER_MS = 3600000;
  const asked = new Map(); // of pictures that take turns: camera -> {at, told}
  let mjpegs = 0;

  /** Say whether this browser plays HLS by itself. */
  function playsHls() {
    const video = document.createElement("video");
    return video.canPlayType("application/vnd.apple.mpegurl") !== "";
  }

  class Picture {
    /** box: where it goes; options: {small, because, alone: nobody is there to press anything,
     * failed: called when there is no picture} */
    constructor(box, id, options) {
      this.id = id;
      this.options = options || {};
      this.root = pingji.make("div", "picture" + (this.options.small ? " picture--small" : ""));
      this.frame = pingji.make("div", "picture__frame");
      this.word = pingji.make("div", "picture__word", pingji.say("picture_opening"));
      this.word.setAttribute("role", "status");
      this.by = pingji.make("div", "picture__by");
      this.root.append(this.frame, this.word, this.by);
      box.append(this.root);
      this.timers = [];
      this.over = false;
      this.begin();
    }

    begin() {
      const known = this.options.alone && asked.get(this.id);
      if (known && performance.now() - known.at < REMEMBER_MS) {
        this.told(known.told); // one line in the audit an hour, not one a turn
        return;
      }
      const because = this.options.because ? "?for=" + encodeURIComponent(this.options.because) : "";
      pingji.drawer.ask(
        "/api/v1/cameras/" + encodeURIComponent(this.id) + "/watch" + because,
        (told) => this.told(told),
        () => this.fail("picture_failed"),
        "POST",
      );
    }

    told(told) {
      if (this.over) return;
      if (this.options.alone) asked.set(this.id, { at: performance.now(), told: told });
      const order = this.options.small ? ["snapshot", "mjpeg", "hls"] : ["hls", "mjpeg", "snapshot"];
      this.streams = order
        .map((kind) => told.streams.find((stream) => stream.kind === kind))
        .filter(Boolean);
      this.hadVideo = this.streams.some((stream) => stream.kind === "hls");
      if (!this.streams.length) {
        this.fail(told.status === "off" ? "picture_off" : "picture_none");
      } else this.next();
    }

    /** Try the next way; without one, say so and offer another try. */
    next() {
      this.clear();
      const stream = this.streams.shift();
      if (!stream) {
        this.fail("picture_failed", true);
        return;
      }
      this["by_" + stream.kind](stream.url);
    }

    by_hls(url) {
      if (!playsHls()) {
        this.next();
        return;
      }
      const video = document.createElement("video");
      video.muted = true;
      video.autoplay = true;
      video.playsInline = true;
      video.loop = true;
      video.className = "picture__video";
      video.setAttribute("aria-label", pingji.say("picture"));
      const giveUp = window.setTimeout(() => this.next(), PATIENCE_MS);
      this.timers.push(giveUp);
      video.addEventListener("playing", () => {
        window.clearTimeout(giveUp);
        this.shown("by_hls");
      });
      video.addEventListener("error", () => this.now === video && this.next());
      this.now = video;
      this.frame.replaceChildren(video);
      video.src = url;
      const playing = video.play();
      if (playing) playing.catch(() => {});
    }

    by_mjpeg(url) {
      if (mjpegs >= MJPEG_MOST) {
        this.next();
        return;
      }
      mjpegs += 1;
      this.counted = true;
      const image = this.image();
      image.onload = () => this.now === image && this.shown("by_mjpeg");
      image.onerror = () => this.now === image && this.next();
      this.frame.replaceChildren(image);
      image.src = url;
    }

    by_snapshot(url) {
      let misses = 0;
      const take = () => {
        if (this.over) return;
        if (document.hidden) {
          this.timers.push(window.setTimeout(take, SNAPSHOT_MS));
          return;
        }
        const image = this.image();
        image.onload = () => {
          if (this.over) return;
          misses = 0;
          this.frame.replaceChildren(image); // the old one stays until the new one is whole
          this.shown(this.hadVideo && !this.options.small ? "by_snapshot_why" : "by_snapshot");
          this.timers = [window.setTimeout(take, SNAPSHOT_MS)];
        };
        image.onerror = () => {
          if (this.over) return;
          misses += 1;
          if (misses >= 3) this.next();
          else this.timers = [window.setTimeout(take, SNAPSHOT_MS)];
        };
        image.src = url + (url.indexOf("?") < 0 ? "?" : "&") + "t=" + Date.now();
      };
      take();
    }

    image() {
      const image = document.createElement("img");
      image.className = "picture__image";
      image.alt = pingji.say("picture");
      this.now = image;
      return image;
    }

    shown(key) {
      this.root.classList.add("picture--shown");
      this.root.dataset.by = key;
      pingji.write(this.by, pingji.say(key));
    }

    fail(key, again) {
      if (this.over) return;
      this.clear();
      this.frame.replaceChildren();
      this.root.classList.remove("picture--shown");
      this.root.dataset.by = key;
      this.by.textContent = "";
      this.word.textContent = pingji.say(key);
      if (this.options.failed) this.options.failed();
      if (!again && key !== "picture_failed") return;
      if (this.options.alone) {
        asked.delete(this.id);
        this.timers.push(window.setTimeout(() => this.begin(), AGAIN_MS));
        return;
      }
      const button = pingji.make("button", "button", pingji.say("retry"));
      button.addEventListener("click", () => {
        this.word.textContent = pingji.say("picture_opening");
        this.begin();
      });
      this.word.append(button);
    }

    clear() {
      this.timers.forEach((timer) => window.clearTimeout(timer));
      this.timers = [];
      if (this.counted) mjpegs -= 1;
      this.counted = false;
      const old = this.now;
      this.now = null;
      if (old && old.tagName === "VIDEO") {
        old.removeAttribute("src");
        old.load(); // lets the connection go
      } else if (old && old.src) old.removeAttribute("src");
    }

    stop() {
      this.over = true;
      this.clear();
      this.root.remove();
    }
  }

  pingji.Picture = Picture;
})();
