"""What the front process counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one process; made once by whoever wires it."""

    def __init__(self) -> None:
        """Register everything in a registry of its own."""
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.streams = Gauge("pingji_streams", "Open live streams.", registry=registry)
        self.lagging = Gauge(
            "pingji_streams_lagging", "Streams whose reader is behind.", registry=registry
        )
        self.seq = Gauge("pingji_seq", "Number of the last change sent.", registry=registry)
        self.store_away = Gauge(
            "pingji_store_away", "1 while the store cannot be read.", registry=registry
        )
        self.changes = Counter(
            "pingji_changes", "Changes read from the store.", ["topic"], registry=registry
        )
        self.frames = Counter("pingji_frames", "Change frames written.", registry=registry)
        self.resets = Counter("pingji_resets", "Resets written.", registry=registry)
        self.sent_bytes = Counter(
            "pingji_sent_bytes", "Bytes written to live streams.", registry=registry
        )
        self.commit_to_send = Histogram(
            "pingji_commit_to_send_seconds",
            "From a change's commit to its frame's last write.",
            buckets=SECONDS,
            registry=registry,
        )
        self.flush_seconds = Histogram(
            "pingji_flush_seconds",
            "Reading, encoding and writing one flush.",
            buckets=SECONDS,
            registry=registry,
        )
        self.snapshots = Counter(
            "pingji_snapshots", "Snapshots served.", ["outcome"], registry=registry
        )
        self.feed_age = Gauge(
            "pingji_feed_age_seconds", "Since a feed last spoke.", ["feed"], registry=registry
        )
        self.feed_lag = Gauge(
            "pingji_feed_lag_seconds",
            "City seconds since the newest moment that a feed told of.",
            ["feed"],
            registry=registry,
        )
        self.feed_ok = Gauge(
            "pingji_feed_ok", "1 unless the feed has failed.", ["feed"], registry=registry
        )
        self.feed_records = Gauge(
            "pingji_feed_records",
            "Records of a feed, by what became of them.",
            ["feed", "outcome"],
            registry=registry,
        )
