/* Pinned cameras 锁定视频 of an event: things of its versions, like its zones and posts. */
(function () {
  "use strict";

  const pingji = window.pingji;
  const say = (key, fill) => pingji.say(key, fill);

  /** Pin one of the cameras within the zones: it stays in the room and on its wall. */
  pingji.eventPin = () => {
    const now = pingji.live.now();
    const held = new Set(pingji.event.things("camera", now).map((it) => it.thing));
    const at = pingji.live.topic("cameras").columns;
    const free = pingji.event.inside(now).cameras.filter((it) => !held.has(it.id));
    if (!free.length) {
      pingji.dialog({ title: say("event_pin_camera"), lines: [say("event_pin_none")], button: say("close"), alone: true, sure: () => Promise.resolve() });
      return;
    }
    const label = (it) => it.row[at.name] + " · " + pingji.code("zone_level", it.zone.level);
    const names = new Map(free.map((it) => [it.id, it.row[at.name]]));
    pingji.dialog({
      title: say("event_pin_camera"),
      lines: [say("event_pin_of")],
      fields: [
        { name: "camera", label: pingji.code("event_kind", "camera"), kind: "choice", value: free[0].id, options: free.map((it) => [it.id, label(it)]) },
        ...pingji.eventDraw.publishing(),
      ],
      button: say("event_pin_camera"),
      sure: (values) =>
        Promise.resolve().then(() =>
          pingji.eventDraw.publish([{ kind: "camera", id: values.camera, name: names.get(values.camera) }], values),
        ),
    });
  };
})();
