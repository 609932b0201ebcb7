/* Typhoons as every screen needs them: where they are, how strong, how far from the city.
 *
 * A point is [at, lon, lat, wind_ms, pressure_hpa, r7, r10, r12]; radii are km to north-east,
 * south-east, south-west and north-west. A label always names who fixed it, and when. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const EARTH_KM = 6371;
  const RAD = Math.PI / 180;
  const RADII = [7, 10, 12];

  /** How far and in which direction one place is from another: {km, bearing} in degrees. */
  function from(a, b) {
    const north = (b.lat - a.lat) * RAD;
    const east = (b.lon - a.lon) * RAD;
    const narrow = Math.cos(a.lat * RAD) * Math.cos(b.lat * RAD);
    const half = Math.sin(north / 2) ** 2 + narrow * Math.sin(east / 2) ** 2;
    const y = Math.sin(east) * Math.cos(b.lat * RAD);
    const x =
      Math.cos(a.lat * RAD) * Math.sin(b.lat * RAD) -
      Math.sin(a.lat * RAD) * Math.cos(b.lat * RAD) * Math.cos(east);
    return {
      km: 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half))),
      bearing: (Math.atan2(y, x) / RAD + 360) % 360,
    };
  }

  /** The place so many km from another in a direction: {lon, lat}. */
  function beyond(place, km, bearing) {
    const arc = km / EARTH_KM;
    const lat = Math.asin(
      Math.sin(place.lat * RAD) * Math.cos(arc) +
        Math.cos(place.lat * RAD) * Math.sin(arc) * Math.cos(bearing * RAD),
    );
    const lon = Math.atan2(
      Math.sin(bearing * RAD) * Math.sin(arc) * Math.cos(place.lat * RAD),
      Math.cos(arc) - Math.sin(place.lat * RAD) * Math.sin(lat),
    );
    return { lon: place.lon + lon / RAD, lat: lat / RAD };
  }

  function point(told) {
    const [at, lon, lat, wind, pressure] = told;
    const radii = {};
    RADII.forEach((force, n) => {
      if (told[5 + n]) radii[force] = told[5 + n];
    });
    return { at: Date.parse(at), lon, lat, wind, pressure, radii };
  }

  function read(row, at) {
    const track = row[at.track].map(point);
    const last = track[track.length - 1];
    if (!last) return null;
    const zh = row[at.name];
    const en = row[at.name_en];
    const city = pingji.page.city;
    return {
      id: row[0],
      version: row[at.version],
      name: (pingji.language === "en" ? en || zh : zh || en) || row[0],
      named: pingji.language === "en" ? Boolean(en) : Boolean(zh),
      issuer: pingji.code("typhoon_issuer", row[at.issuer]),
      moved: row[at.moved],
      last: last,
      track: track,
      ahead: row[at.ahead].map((one) => ({
        issuer: pingji.code("typhoon_issuer", one.issuer),
        issuedAt: Date.parse(one.issued_at),
        points: one.points.map(point),
      })),
      away: from({ lon: city.lon, lat: city.lat }, last),
    };
  }

  /** Typhoons that are shown, the nearest first. */
  function all() {
    const topic = pingji.live.topic("typhoons");
    if (!topic.loaded) return [];
    const found = Array.from(topic.rows.values(), (row) => read(row, topic.columns)).filter(Boolean);
    return found.sort((a, b) => a.away.km - b.away.km);
  }

  function grade(wind) {
    const found = wind === null ? null : pingji.page.typhoons.grades.find(([least]) => wind >= least);
    return pingji.code("typhoon_grade", found ? found[1] : "low");
  }

  function force(wind) {
    return pingji.page.typhoons.forces.filter((least) => wind !== null && wind >= least).length;
  }

  const direction = (bearing) => pingji.say("direction_" + (Math.round(bearing / 45) % 8));

  /** Its number in the year stands first where it has no name in the reader's language. */
  function numbered(typhoon) {
    const number = /^\d{4}(\d\d)$/.exec(typhoon.id);
    if (!number) return pingji.say("typhoon_title", { name: typhoon.name });
    const name = typhoon.name === typhoon.id ? "" : typhoon.name;
    return pingji.say("typhoon_number", { n: Number(number[1]), name: name }).trim();
  }

  /** Lines that say all of it: what, how strong, how far, by whom and when. */
  function said(typhoon) {
    const city = pingji.page.city.name[pingji.language === "en" ? 1 : 0];
    const strength = force(typhoon.last.wind)
      ? pingji.say("typhoon_strength", { grade: grade(typhoon.last.wind), n: force(typhoon.last.wind) })
      : grade(typhoon.last.wind);
    const fix = pingji.say("typhoon_fix", {
      issuer: typhoon.issuer,
      time: pingji.format.moment(typhoon.last.at),
    });
    return {
      title: typhoon.named ? pingji.say("typhoon_title", { name: typhoon.name }) : numbered(typhoon),
      strength: strength,
      where: pingji.say("typhoon_where", {
        city: city,
        km: pingji.format.number(Math.round(typhoon.away.km / 10) * 10),
        direction: direction(typhoon.away.bearing),
      }),
      fix: typhoon.moved ? fix + " · " + pingji.say("typhoon_moved") : fix,
    };
  }

  /** The edge of a wind circle, whose quarters differ: a ring of {lon, lat}. */
  function edge(place, quarters) {
    const ring = [];
    for (let bearing = 0; bearing <= 360; bearing += 2) {
      ring.push(beyond(place, quarters[Math.floor((bearing % 360) / 90)], bearing));
    }
    return ring;
  }

  pingji.typhoons = { all, said, from, beyond, edge, force, grade, RADII };
})();
