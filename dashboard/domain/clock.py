"""Owns the arithmetic of the city clock: an anchor and a speed.

All that the field judges by time uses city time, handed in as `now`. Nothing here reads the
machine's clock.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FUTURE_TOLERANCE = timedelta(minutes=5)
"""How far ahead of the city a time may lie before it counts as in the future."""

MAX_SPEED = 100_000.0


@dataclass(frozen=True, slots=True)
class CityClock:
    """City time is `anchor_city` at the real moment `anchor_real` and runs `speed` times as fast.

    Times are aware; `speed` is above 0 and at most `MAX_SPEED`.

    Raises:
        ValueError: a time without zone, or a speed out of range.
    """

    anchor_city: datetime
    anchor_real: datetime
    speed: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what no clock can be."""
        if self.anchor_city.tzinfo is None or self.anchor_real.tzinfo is None:
            msg = "a city clock needs times with a zone"
            raise ValueError(msg)
        if not (math.isfinite(self.speed) and 0.0 < self.speed <= MAX_SPEED):
            msg = f"speed must be above 0 and at most {MAX_SPEED:g}, not {self.speed!r}"
            raise ValueError(msg)

    def at(self, real: datetime) -> datetime:
        """Return the city time (UTC) at a real moment; before the anchor the clock stands still.

        Standing still keeps it from running backward when the machine's clock is set back.
        """
        passed = real - self.anchor_real
        if passed <= timedelta():
            return self.anchor_city.astimezone(UTC)
        return (self.anchor_city + passed * self.speed).astimezone(UTC)

    def real_at(self, city: datetime) -> datetime:
        """Return the real moment (UTC) at which the city's time is `city`."""
        return (self.anchor_real + (city - self.anchor_city) / self.speed).astimezone(UTC)

    def reanchored(
        self, real: datetime, *, city: datetime | None = None, speed: float | None = None
    ) -> "CityClock":
        """Return the clock that goes on from `real` with another time or speed.

        Raises:
            ValueError: `city` lies before what the clock showed at `real`.
        """
        shown = self.at(real)
        if city is not None and city < shown:
            msg = f"the city clock never runs backward: it shows {shown}, asked for {city}"
            raise ValueError(msg)
        return CityClock(
            anchor_city=shown if city is None else city.astimezone(UTC),
            anchor_real=real.astimezone(UTC),
            speed=self.speed if speed is None else speed,
        )


def in_future(moment: datetime, now: datetime) -> bool:
    """Say whether `moment` lies more than five city minutes ahead of the city's `now`."""
    return moment - now > FUTURE_TOLERANCE
