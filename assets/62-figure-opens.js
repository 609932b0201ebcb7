/* What is behind a figure at the head of the console, one press away: the list beside the map, a
 * drawer, or the cases on the page of analysis. */
(function () {
  "use strict";

  const pingji = window.pingji;

  /** The list beside the map and the map, both of the same cases. */
  function beside(view, overdue) {
    pingji.acts["filter-clear"]();
    pingji.filter.chosen.overdue = overdue;
    pingji.filter.apply();
    const button = document.querySelector('[data-act="cases-view"][data-view="' + view + '"]');
    if (button) pingji.acts["cases-view"](button);
    pingji.emit("side", "cases");
  }

  function analysed(period, measure) {
    window.location.assign("/analysis?" + new URLSearchParams({ period: period, measure: measure }));
  }

  function listed(id) {
    pingji.emit("open", { kind: "list", id: id, from: "list" });
  }

  const BEHIND = {
    open: () => beside("latest", false),
    overdue: () => beside("overdue", true),
    filed: () => analysed("today", "filed"),
    closed: () => analysed("today", "closed"),
    due: () => {
      const rate = pingji.timely.whole();
      analysed(rate ? rate.span : "month", "due");
    },
    places: () => listed("places"),
    rivers: () => listed("rivers"),
  };

  pingji.acts["figure-opens"] = (button) => BEHIND[button.dataset.opens]();
})();
