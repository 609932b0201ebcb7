/* What is done in an event's room by a dialog: check-ins, zero reports and their plan, hazards,
 * members. Every form that takes text says 严禁录入涉密信息, from the catalogue. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const MINUTE_MS = 60000;
  const HOURS_MOST = 48;
  const say = (key, fill) => pingji.say(key, fill);
  const url = (path) => pingji.event.url(path);
  const id = (name) => encodeURIComponent(name);

  const warned = (lines) => (lines || []).concat([pingji.make("p", "event__no-secrets", say("no_secrets"))]);

  /** A whole number, or the error that says so. */
  function whole(text) {
    if (!/^\s*\d{1,6}\s*$/.test(text)) throw new Error(say("event_bad_number"));
    return Number(text);
  }

  /** "19:30" of the city's day as a moment, after midnight as 24:30; null where empty. */
  function ofDay(text, ahead) {
    if (!String(text).trim()) return null;
    const hit = /^\s*(\d{1,2})[:：](\d{2})\s*$/.exec(text);
    if (!hit || Number(hit[1]) >= HOURS_MOST || Number(hit[2]) > 59) throw new Error(say("event_bad_time"));
    const now = pingji.live.now();
    const at = pingji.format.dayStart(now) + (Number(hit[1]) * 60 + Number(hit[2])) * MINUTE_MS;
    return new Date(ahead && at < now - 5 * MINUTE_MS ? at + 24 * 60 * MINUTE_MS : at).toISOString();
  }

  /** Whoever acts on another's word names who said it. */
  function approver() {
    const first = pingji.memory.get("event.approver") || "";
    return { name: "approved_by", label: say("event_approver"), kind: "text", value: first, most: 80 };
  }

  function checkIn(post) {
    pingji.dialog({
      title: say("event_check_in"),
      lines: [say("event_check_in_of", { name: post.name }), say("event_needed", { n: post.needed })],
      fields: [
        { name: "present", label: say("event_here", { n: "…", of: post.needed }), kind: "text", required: true, most: 5 },
      ],
      button: say("event_check_in"),
      sure: (values) =>
        Promise.resolve().then(() =>
          pingji.post(url("/posts/" + id(post.id) + "/checkin"), { present: whole(values.present) }),
        ),
    });
  }

  function report(row) {
    pingji.dialog({
      title: say("event_reports"),
      lines: warned([say("event_send_of", { name: row.name, time: pingji.format.moment(row.due) })]),
      fields: [
        { name: "found", label: say("event_found_label"), kind: "text", required: true, value: "0", most: 5 },
        { name: "note", label: say("event_note_label"), kind: "area" },
      ],
      button: say("event_send"),
      sure: (values) =>
        Promise.resolve().then(() =>
          pingji.post(url("/reports"), {
            reporter: row.reporter,
            due_at: row.due_at,
            found: whole(values.found),
            note: values.note || null,
          }),
        ),
    });
  }

  /** Lines of "id name" or "name"; a line that is a known jurisdiction's name is that jurisdiction. */
  function reporters(text) {
    const known = new Map(
      Object.entries(pingji.page.codes.jurisdiction).map(([code, words]) => [words[0], code]),
    );
    return text
      .split(/\n/)
      .map((line) => line.trim())
      .filter(Boolean)
      .map((name, n) => ({ id: known.get(name) || "r" + (n + 1), name }));
  }

  function planReports() {
    const districts = Array.from(new Set(Object.values(pingji.page.districts || {})));
    const names = districts.map((code) => pingji.page.codes.jurisdiction[code][0]);
    pingji.dialog({
      title: say("event_plan_reports") + " " + say("event_reports"),
      lines: warned(),
      fields: [
        { name: "every_h", label: say("event_every"), kind: "text", required: true, value: "4", most: 3 },
        { name: "ends_at", label: say("event_until"), kind: "text", most: 5 },
        { name: "reporters", label: say("event_reporters"), kind: "area", required: true, value: names.join("\n"), most: 2000 },
      ],
      button: say("event_plan_reports"),
      sure: (values) =>
        Promise.resolve().then(() => {
          const body = { every_h: whole(values.every_h), reporters: reporters(values.reporters) };
          const ends = ofDay(values.ends_at, true);
          if (ends) body.ends_at = ends;
          return pingji.post(url("/reports"), body, "PUT");
        }),
    });
  }

  function zoneOptions() {
    const zones = pingji.event.zones(pingji.live.now());
    return [["", say("event_no_zone")]].concat(zones.map((zone) => [zone.thing, zone.label()]));
  }

  function hazard() {
    pingji.dialog({
      title: say("event_hazard_add"),
      lines: warned(),
      fields: [
        { name: "what", label: say("event_hazard_what"), kind: "area", required: true, most: 300 },
        { name: "unit", label: say("event_hazard_unit"), kind: "text", required: true, most: 200 },
        { name: "zone", label: say("event_zone"), kind: "choice", value: "", options: zoneOptions() },
        { name: "due_at", label: say("event_hazard_due"), kind: "text", most: 5 },
      ],
      button: say("event_hazard_add"),
      sure: (values) =>
        Promise.resolve().then(() =>
          pingji.post(url("/hazards"), {
            what: values.what,
            unit: values.unit,
            zone: values.zone || null,
            due_at: ofDay(values.due_at, true),
          }),
        ),
    });
  }

  function turnHazard(row) {
    const states = ["open", "handling", "cleared"].filter((state) => state !== row.state);
    pingji.dialog({
      title: say("event_hazard_state", { n: row.n }),
      lines: warned([row.what]),
      fields: [
        {
          name: "state",
          label: say("event_state"),
          kind: "choice",
          value: row.state === "open" ? "handling" : "cleared",
          options: states.map((state) => [state, pingji.code("hazard_state", state)]),
        },
        { name: "note", label: say("event_hazard_note"), kind: "text" },
      ],
      button: say("event_save"),
      sure: (values) =>
        pingji.post(url("/hazards/" + row.n + "/state"), {
          state: values.state,
          note: values.note || null,
          version: row.version,
        }),
    });
  }

  function members() {
    pingji.get(url("")).then(
      (told) => {
        const of = (kind) => told.members.filter((it) => it.kind === kind).map((it) => it.id);
        const lines = (text) => text.split(/\n/).map((line) => line.trim()).filter(Boolean);
        pingji.dialog({
          title: say("event_members"),
          lines: [say("event_members_of", { n: told.members.length })],
          fields: [
            { name: "accounts", label: say("event_accounts"), kind: "area", value: of("account").join("\n"), most: 4000 },
            { name: "screens", label: say("event_screens"), kind: "area", value: of("screen").join("\n"), most: 4000 },
          ],
          button: say("event_save"),
          sure: (values) =>
            pingji.post(
              url("/members"),
              { accounts: lines(values.accounts), screens: lines(values.screens) },
              "PUT",
            ),
        });
      },
      () => pingji.announce(say("act_failed")),
    );
  }

  pingji.acts["event-members"] = members;
  pingji.eventActs = { checkIn, report, planReports, hazard, turnHazard, ofDay, whole, approver, warned };
})();
