"""Opening a demonstration: its city's scope is known and its credentials are written at once.

The port opens afterwards; what the city holds comes from the ingest process.
"""

from pathlib import Path

from dashboard import demo_video
from dashboard.accounts.demo import demo_credentials
from dashboard.settings import Settings
from dashboard.shipped import write_shipped
from data_access.clock import StoreClock
from data_access.feeds.lists import write_jurisdictions

SIMULATED_CITY = ("330100", "杭州市")


def open_city(settings: Settings) -> None:
    """Write ``credentials.json`` for the city that is about to be shown.

    Raises RecordingError (a ValueError) for a recording that cannot be read.
    """
    store = settings.store()
    try:
        scope, name = city_of(settings)
        with store.write() as writer:
            write_jurisdictions(writer, [{"id": scope, "name": name, "level": "city"}], root=scope)
        write_shipped(store, scope=scope)
        demo_credentials(store, settings.data_dir, scope, city_at=StoreClock(store).now())
        if (scope, name) == SIMULATED_CITY:
            demo_video.make(settings.data_dir)
    finally:
        store.dispose()


def city_of(settings: Settings) -> tuple[str, str]:
    """Give scope and name of the whole city, or of all cities that play together."""
    paths = [path for feed in settings.feeds for path in feed.get("paths", ())]
    if not paths:
        return SIMULATED_CITY
    from data_access.feeds.recording.config import read_city  # noqa: PLC0415 - only where it plays

    cities = [read_city(Path(path)) for path in paths]
    return "+".join(city.id for city in cities), "、".join(city.name for city in cities)
