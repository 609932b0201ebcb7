"""Alive, ready, and what Prometheus reads."""

from datetime import UTC, datetime

from prometheus_client import generate_latest

from dashboard.live.hub import Hub
from dashboard.live.problem import Answer, StartResponse, json, respond
from dashboard.metrics import Metrics

LOADING = "loading"


def alive(start_response: StartResponse) -> Answer:
    """Say that the process answers."""
    return json(start_response, 200, {"status": "ok"})


def ready(start_response: StartResponse, hub: Hub, *, back: bool) -> Answer:
    """Say 200 once the working sets are loaded; feeds are told and decide nothing but that.

    Loaded: the city's clock is set and no feed is in the state ``loading``.
    """
    hub.look()
    times = hub.times()
    loaded = hub.picture.clock_is_set and all(feed.state != LOADING for feed in hub.picture.feeds)
    good = loaded and back and not hub.away
    body = {
        "ready": good,
        "loaded": loaded,
        "store": times["store"],
        "pages": "ok" if back else "away",
        "city_time": times["city_time"],
        "feeds": times["feeds"],
    }
    return json(start_response, 200 if good else 503, body)


def metrics(start_response: StartResponse, hub: Hub, counted: Metrics) -> Answer:
    """Answer in Prometheus' text format; feeds' figures are read from the store now."""
    hub.look()
    counted.streams.set(len(hub))
    counted.lagging.set(hub.lagging)
    counted.seq.set(max(hub.picture.seq, 0))
    counted.store_away.set(hub.away)
    real = datetime.now(UTC)
    city = real if hub.picture.clock is None else hub.picture.clock.at(real)
    for gauge in (counted.feed_age, counted.feed_lag, counted.feed_ok, counted.feed_records):
        gauge.clear()
    for feed in hub.picture.feeds:
        if feed.real_at is not None:
            counted.feed_age.labels(feed.id).set((real - feed.real_at).total_seconds())
        if feed.city_at is not None:
            counted.feed_lag.labels(feed.id).set((city - feed.city_at).total_seconds())
        counted.feed_ok.labels(feed.id).set(feed.state != "failed")
        for outcome, count in feed.counts.items():
            counted.feed_records.labels(feed.id, outcome).set(count)
    body = generate_latest(counted.registry)
    return respond(start_response, 200, body, "text/plain; version=0.0.4; charset=utf-8")
