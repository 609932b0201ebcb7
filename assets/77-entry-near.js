/* 值班快录: the cases of the same matter that are open near by, before one is made twice. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const NEAR_M = 300;
  const NEAR_WAIT_MS = 150;

  let round = 0;
  let timer = null;

  /** Look in `box` for cases like `matter` near `where`; `chosen(item)` when one is it. */
  pingji.entryNear = (box, matter, where, chosen) => {
    window.clearTimeout(timer);
    const mine = (round += 1);
    if (!matter || !where || where.lon === null) {
      box.replaceChildren();
      return;
    }
    box.replaceChildren(pingji.make("p", "entry__quiet", pingji.say("entry_near_looking")));
    timer = window.setTimeout(() => {
      const asked = {
        kind: matter.kind,
        subcategory: matter.code,
        lon: where.lon,
        lat: where.lat,
        within_m: NEAR_M,
      };
      pingji
        .get("/api/v1/nearby/cases?" + new URLSearchParams(asked))
        .then(
          (told) => mine === round && paint(box, told.items, chosen),
          () => {
            if (mine !== round) return;
            const failed = pingji.say("entry_near_failed");
            box.replaceChildren(pingji.make("p", "entry__quiet", failed));
          },
        );
    }, NEAR_WAIT_MS);
  };

  function paint(box, items, chosen) {
    const make = pingji.make;
    if (!items.length) {
      const none = pingji.say("entry_near_none", { m: NEAR_M });
      box.replaceChildren(make("p", "entry__quiet", none));
      return;
    }
    const now = pingji.live.pictureAt();
    const rows = items.map((item) => {
      const row = make("div", "entry__case");
      const words = make("div", "entry__case-text");
      const head = [
        pingji.caseWords.word(item.kind, item.subcategory),
        pingji.code("stage", item.stage),
        pingji.drawer.distance(item.distance_m),
      ].join(" · ");
      const age = pingji.format.age((now - Date.parse(item.reported_at)) / 1000);
      const alike = pingji.say(item.alike === 3 ? "entry_same" : "entry_like");
      const more = [alike, age, item.address, item.id].filter(Boolean).join(" · ");
      words.append(make("span", "entry__case-head", head), make("span", "entry__case-more", more));
      const button = make("button", "button", pingji.say("entry_this_one"));
      button.type = "button";
      button.addEventListener("click", () => chosen(item));
      row.append(words, button);
      return row;
    });
    const title = make("p", "entry__near-title", pingji.say("entry_near"));
    box.replaceChildren(title, ...rows);
  }
})();
