"""The profiles that hold in this city: those shipped, until an administrator brings others."""

from functools import cache
from pathlib import Path

import orjson

from dashboard.domain.profiles import Profile, read

SHIPPED = Path(__file__).with_name("data") / "profiles.json"


@cache
def shipped() -> tuple[Profile, ...]:
    """Give the profiles that come with Pingji."""
    return read(orjson.loads(SHIPPED.read_bytes()))
