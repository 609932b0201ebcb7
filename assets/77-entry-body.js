/* 值班快录: what the form says, as the server takes it. */
(function () {
  "use strict";

  const pingji = window.pingji;

  function depth(built) {
    const said = built.depth.box.hidden ? "" : built.depth.input.value.trim().replace("\uff0c", ".");
    if (!said) return null;
    const n = Number(said);
    return Number.isFinite(n) ? n : said; // what is no number the server refuses by its name
  }

  function caller(built) {
    const name = built.caller.input.value.trim();
    const phone = built.phone.input.value.trim();
    return name || phone ? { name: name || null, phone: phone || null } : null;
  }

  function theCase(built, state, urgent) {
    const matter = built.matterBox.value();
    const where = built.whereBox.value();
    const remark = built.note.input.value.trim();
    const body = { kind: matter.kind, subcategory: matter.code, urgency: urgent ? 1 : 0 };
    if (where.type === "address") body.address = where.name;
    else if (where.type === "area") body.jurisdiction = where.id;
    else if (where.type === "spot") {
      Object.assign(body, { lon: where.lon, lat: where.lat });
      if (!where.clicked) body.address = where.name;
    } else body[where.type] = where.id;
    body.description = [matter.said, remark].filter(Boolean).join("\uff1a");
    const deep = depth(built);
    if (deep !== null) body.depth_cm = deep;
    if (state && !built.states.box.hidden) body.state = state;
    const who = caller(built);
    if (who) body.caller = who;
    return body;
  }

  pingji.entryBody = { depth, caller, theCase };
})();
