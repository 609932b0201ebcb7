/* 值班快录: the parts of the form that change: common matters, states, what the place is now. */
(function () {
  "use strict";

  const pingji = window.pingji;

  /** The matters that are most often called in, one digit each. */
  function common(built, take) {
    const mine = built.matterBox.value();
    const offered = pingji.page.matters.common;
    built.common.replaceChildren(
      ...offered.slice(0, 9).map(([kind, code, zh, en], n) => {
        const button = pingji.make("button", "toggle entry__chip");
        button.type = "button";
        button.tabIndex = -1;
        const on = Boolean(mine) && mine.kind === kind && mine.code === code && (!mine.said || mine.said === zh);
        button.setAttribute("aria-pressed", String(on));
        button.append(
          pingji.make("kbd", "entry__digit", String(n + 1)),
          pingji.make("span", "", pingji.language === "en" ? en : zh),
        );
        button.addEventListener("click", () => take(n));
        return button;
      }),
    );
  }

  /** The states to choose from; `choose(code)` when one is. */
  function states(built, mode, state, choose) {
    const placed = mode === "place";
    const codes = Object.keys(pingji.page.codes.place_state);
    const offered = placed ? codes : [""].concat(codes.filter((code) => code !== "normal"));
    const focused = built.choices.contains(document.activeElement) && document.activeElement.value;
    built.choices.replaceChildren(
      ...offered.map((code) => {
        const label = pingji.make("label", "toggle entry__choice");
        const input = pingji.make("input", "");
        input.type = "radio";
        input.name = "entry-state";
        input.value = code;
        input.checked = state === code;
        input.addEventListener("change", () => choose(code));
        label.classList.toggle("is-on", state === code);
        const word = code ? pingji.code("place_state", code) : pingji.say("entry_state_keep");
        label.append(input, pingji.make("span", "", word));
        return label;
      }),
    );
    if (focused !== false) {
      const again = built.choices.querySelector("input:checked");
      if (again) again.focus();
    }
  }

  function depthText(told) {
    if (told.depth_cm === null || told.depth_cm === undefined) return "";
    return pingji.say("entry_depth_cm", { n: pingji.format.value(told.depth_cm) });
  }

  /** What the stream says of the place that was chosen. */
  function now(built, told) {
    const since = told && (told.since || told.at);
    pingji.write(
      built.now,
      told
        ? pingji.say("entry_state_now", {
            state: pingji.code("place_state", told.state),
            depth: depthText(told),
            time: pingji.format.moment(Date.parse(since)),
          })
        : "",
    );
  }

  pingji.entryPaint = { common, states, now };
})();
