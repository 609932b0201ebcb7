"""The stream's client by itself, in a real browser, against a server made of a few lines.

What real faults seldom show twice: gaps, snapshots that come late or old, refusals, back-off.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT

pytestmark = pytest.mark.e2e

SCENE = """
window.sources = []; window.asked = []; window.answers = []; window.said = [];
window.EventSource = class {
  constructor(url) { this.url = url; this.on = {}; this.closed = false; sources.push(this); }
  addEventListener(name, act) { this.on[name] = act; }
  close() { this.closed = true; }
  send(name, data, id) { this.on[name]({data: JSON.stringify(data), lastEventId: id || ''}); }
};
window.fetch = (url) => {
  asked.push(String(url));
  const answer = answers.shift() || {status: 503};
  return new Promise((resolve) => setTimeout(() => resolve({
    status: answer.status || 200, ok: (answer.status || 200) < 400, type: 'basic',
    json: () => Promise.resolve(answer.body),
  }), answer.wait || 0));
};
window.last = () => sources[sources.length - 1];
window.pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
window.hello = (seq) => last().send('hello', {build: 'b', seq, city_time: '2026-01-01T00:00:00Z',
  real_time: '2026-01-01T00:00:00Z', speed: 1, topics: {cases: {columns: ['id', 'v']}}});
window.reset = (seq) => last().send('reset', {topic: 'cases', seq, url: '/snap?seq=' + seq});
window.change = (seq, prev, upsert, remove) => last().send('change',
  {seq, prev, changes: {cases: {upsert, remove: remove || []}}}, String(seq));
window.stream = () => window.made || (window.made = new pingjiStream.Stream({
  url: '/live', topics: ['cases'], listener: {
    state: (s) => said.push(s.state), rows: () => said.push('rows'), delta: () => said.push('delta'),
    heartbeat: () => {}, hello: () => {}, denied: (s) => said.push('denied ' + s),
  }}));
window.held = () => Object.fromEntries([...stream().topics.get('cases').rows.values()]);
"""

LOADED = """
  answers.push({body: {topic: 'cases', seq: 10, columns: ['id', 'v'], rows: [['a', 1], ['b', 1]]}});
  stream().start(); hello(10); reset(10); await pause(20);
"""


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.evaluate(f"() => {{ {SCENE} }}")
    for name in ("10-stream.js", "11-desk.js"):
        page.add_script_tag(content=(ROOT / "assets" / name).read_text("utf-8"))
    yield page
    page.close()


def _run(page: Page, script: str) -> object:
    return page.evaluate(f"async () => {{ {script} }}")


def test_a_topic_begins_with_its_snapshot(blank: Page) -> None:
    assert _run(blank, LOADED + "return [sources[0].url, asked, held()]") == [
        "/live?topics=cases",
        ["/snap?seq=10"],
        {"a": 1, "b": 1},
    ]


def test_changes_are_applied_in_order_and_once(blank: Page) -> None:
    script = """
      change(11, 10, [['a', 2], ['c', 1]], ['b']);
      change(11, 10, [['a', 1]]);
      change(9, 8, [['a', 0]]);
      return held();
    """
    assert _run(blank, LOADED + script) == {"a": 2, "c": 1}


def test_a_gap_is_asked_for_from_where_we_stand(blank: Page) -> None:
    script = """
      change(11, 10, [['a', 2]]);
      change(15, 13, [['a', 9]]);
      return [sources.length, last().url, sources[0].closed, held()];
    """
    found = _run(blank, LOADED + script)
    assert found == [2, "/live?topics=cases@11", True, {"a": 2, "b": 1}]


def test_a_heartbeat_moves_the_place_to_resume_from(blank: Page) -> None:
    script = """
      last().send('heartbeat', {seq: 40, city_time: 'x', real_time: 'x', speed: 1}, '40');
      last().onerror(); await pause(400); return last().url;
    """
    assert _run(blank, LOADED + script) == "/live?topics=cases@40"


def test_frames_wait_for_a_late_snapshot(blank: Page) -> None:
    script = """
      answers.push({wait: 60, body: {topic: 'cases', seq: 12, columns: ['id', 'v'],
        rows: [['a', 12]]}});
      stream().start(); hello(10); reset(10);
      change(11, 10, [['a', 11], ['old', 1]]);
      change(12, 11, [['a', 12]]);
      change(13, 12, [['z', 13]]);
      const before = held(); await pause(120);
      return [before, held(), stream().topics.get('cases').at];
    """
    assert _run(blank, script) == [{}, {"a": 12, "z": 13}, 13]


def test_a_snapshot_older_than_the_stream_is_asked_for_again(blank: Page) -> None:
    script = """
      const body = (seq) => ({body: {topic: 'cases', seq, columns: ['id', 'v'], rows: [['a', seq]]}});
      answers.push(body(7), body(10));
      stream().start(); hello(10); reset(10); await pause(500);
      return [asked.length, held()];
    """
    assert _run(blank, script) == [2, {"a": 10}]


def test_cut_before_the_snapshot_the_topic_begins_anew(blank: Page) -> None:
    script = """
      answers.push({wait: 5000, body: {}});
      stream().start(); hello(10); reset(10); last().onerror(); await pause(400);
      return last().url;
    """
    assert _run(blank, script) == "/live?topics=cases"


def test_a_refusal_is_told_and_others_are_waited_out(blank: Page) -> None:
    script = """
      answers.push({status: 503}, {status: 401});
      stream().start(); last().onerror(); await pause(700);
      const tries = sources.length; last().onerror(); await pause(50);
      return [tries, said.filter(s => s.startsWith('denied'))];
    """
    assert _run(blank, script) == [2, ["denied 401"]]


def test_back_off_never_exceeds_five_seconds(blank: Page) -> None:
    script = """
      const waits = []; window.setTimeout = (act, ms) => { waits.push(ms); return 0; };
      const s = stream();
      for (let n = 0; n < 40; n += 1) s.again(0);
      return [Math.max(...waits) <= 5000, Math.max(...waits) > 2500, Math.min(...waits) >= 125];
    """
    assert _run(blank, script) == [True, True, True]


def test_a_silent_link_is_replaced(blank: Page) -> None:
    script = """
      const now = performance.now.bind(performance); let skip = 0;
      performance.now = () => now() + skip;
      """
    script += LOADED
    script += """
      skip = 12500; stream().watch();
      return [sources.length, sources[0].closed, last().url, said];
    """
    count, closed, url, said = _run(blank, script)  # type: ignore[misc]
    assert (count, closed, url) == (2, True, "/live?topics=cases@10")
    assert "down" in said


def test_a_store_put_back_is_taken_whole(blank: Page) -> None:
    script = "last().onerror(); await pause(400); hello(4); return last().url;"
    assert _run(blank, LOADED + script) == "/live?topics=cases"


def test_a_topic_ahead_of_the_others_is_no_reason_to_take_all_anew(blank: Page) -> None:
    script = """
      stream().follow(['stations']); hello(10);
      answers.push({body: {topic: 'stations', seq: 14, columns: ['id'], rows: [['s']]}});
      last().send('reset', {topic: 'stations', seq: 10, url: '/snap/stations'}); await pause(20);
      last().onerror(); await pause(400); hello(10);
      return [last().url, sources.length, stream().state];
    """
    assert _run(blank, LOADED + script) == ["/live?topics=cases@10,stations@14", 3, "live"]


def test_a_reader_that_does_not_answer_is_owed_no_more_than_the_set(blank: Page) -> None:
    script = """
      const posts = [];
      const reader = new pingjiStream.Reader((message) => posts.push(message));
      const topic = {name: 'cases', columns: ['id', 'v'], rows: new Map()};
      reader.stream = {topics: new Map([['cases', topic]]), position: 1, silence: () => 0};
      for (let n = 0; n < 50000; n += 1) {
        const row = ['id' + (n % 3000), n];
        topic.rows.set(row[0], row); reader.delta(topic, [row], []);
        if (n === 0) await pause(60);
      }
      const owed = reader.owed.get('cases');
      const size = owed ? owed.upsert.size : 0;
      reader.answered(); await pause(80);
      const got = posts[1].sets.length ? posts[1].sets[0].rows : posts[1].deltas[0].upsert;
      return [posts.length, size <= 3000, got.length, Math.max(...got.map(r => r[1]))];
    """
    assert _run(blank, script) == [2, True, 3000, 49999]
