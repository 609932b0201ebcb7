/* Proposals to start an operation: a strip with the evidence, and one card to decide on.
 *
 * Nothing starts by itself: a person accepts or declines with a reason, and the same evidence does
 * not ask again. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const say = (key, fill) => pingji.say(key, fill);
  const make = (...args) => pingji.make(...args);
  const english = () => pingji.language === "en";
  const mayDecide = () => pingji.page.viewer.rights.indexOf("operate") >= 0;
  let key = null;

  function open() {
    const topic = pingji.live.topic("proposals");
    const c = topic.columns;
    return Array.from(topic.rows.values())
      .map((row) => ({
        id: row[0],
        version: row[c.version],
        name: english() ? row[c.name_en] : row[c.name],
        scenario: row[c.scenario],
        level: row[c.level],
        area: row[c.area],
        evidence: row[c.evidence],
        since: Date.parse(row[c.since]),
      }))
      .sort((a, b) => a.level - b.level || a.since - b.since);
  }

  function what(proposal) {
    return pingji.code("scenario", proposal.scenario) + pingji.levelWord(proposal.level, "roman");
  }

  /** The evidence in words, a line each. */
  function lines(proposal) {
    const e = proposal.evidence;
    if (e.warnings) return e.warnings.map((one) => one.sender + "：" + one.headline);
    if (e.stations) {
      const stations = pingji.live.topic("stations");
      return [say("proposal_stations", { n: e.count })].concat(
        e.stations.slice(0, 6).map((one) => {
          const row = stations.rows.get(one.station);
          const name = row ? row[stations.columns.name] : one.station;
          return name + "：" + say("proposal_level", { value: one.value, line: one.line });
        }),
      );
    }
    if (e.usual !== undefined) return [say("proposal_unusual", e)];
    return [say("proposal_burst", e)];
  }

  function decide(proposal, accept) {
    const fields = [];
    const issuers = pingji.page.operations.issuers;
    if (accept) {
      fields.push(
        {
          name: "issuer",
          label: say("switch_issuer"),
          kind: "choice",
          value: issuers[0][0],
          options: issuers.map((one) => [one[0], english() ? one[1] : one[0]]),
        },
        {
          name: "level",
          label: say("switch_grade"),
          kind: "choice",
          value: String(proposal.level),
          options: [4, 3, 2, 1].map((n) => [String(n), pingji.levelWord(n, "roman").trim()]),
        },
        { name: "approved_by", label: say("switch_approver"), kind: "text" },
        {
          name: "approval",
          label: say("switch_how"),
          kind: "choice",
          value: "phone",
          options: Object.keys(pingji.page.codes.approval).map((code) => [
            code,
            pingji.code("approval", code),
          ]),
        },
      );
    }
    fields.push({ name: "reason", label: say("switch_reason"), kind: "area", required: true });
    pingji.dialog({
      title: say(accept ? "proposal_accept_title" : "proposal_decline_title", { what: what(proposal) }),
      lines: lines(proposal),
      fields: fields,
      button: say(accept ? "proposal_accept" : "proposal_decline"),
      sure: (values) => {
        const body = { reason: values.reason };
        if (accept) {
          Object.assign(body, {
            issuer: values.issuer,
            level: Number(values.level),
            approved_by: values.approved_by,
            approval: values.approval,
            basis: lines(proposal).join("；").slice(0, 4000),
          });
        }
        const act = accept ? "/accept" : "/decline";
        return pingji.post("/api/v1/proposals/" + encodeURIComponent(proposal.id) + act, body);
      },
    });
  }

  function strip(proposal) {
    const item = make("div", "proposal");
    item.dataset.proposal = proposal.id;
    const words = make("div", "proposal__words");
    words.append(
      make("strong", "proposal__what", say("proposal", { what: what(proposal) })),
      make("span", "proposal__why", lines(proposal).slice(0, 2).join(" · ")),
    );
    const time = pingji.format.time(proposal.since);
    words.append(make("span", "proposal__since", say("proposal_since", { time: time })));
    item.append(words);
    if (mayDecide()) {
      [true, false].forEach((accept) => {
        const button = make("button", "button", say(accept ? "proposal_accept" : "proposal_decline"));
        button.type = "button";
        button.addEventListener("click", () => decide(proposal, accept));
        item.append(button);
      });
    }
    return item;
  }

  function paint() {
    const place = pingji.byId("proposals");
    if (!place || !pingji.page) return;
    const found = open();
    const now = JSON.stringify([pingji.language, found]);
    if (now === key && place.childElementCount === found.length) return;
    const fresh = key !== null && found.length > place.childElementCount;
    key = now;
    place.replaceChildren(...found.map(strip));
    if (fresh) pingji.announce(say("proposal", { what: what(found[0]) }));
  }

  pingji.on("paint", paint);
})();
