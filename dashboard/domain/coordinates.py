"""Owns positions: WGS84 against GCJ-02 and BD-09, distances, boxes.

Degrees everywhere, longitude first. WGS84 equals CGCS2000 at this precision. Outside China
GCJ-02 is WGS84, as is usual; the box of that rule is the customary one.
"""

import math
from typing import NamedTuple

CRS = ("wgs84", "gcj02", "bd09")
"""The coordinate systems that a feed may state."""

EARTH_RADIUS_M = 6_371_008.8

_A = 6_378_245.0
_EE = 0.00669342162296594323
_BD_PI = math.pi * 3000.0 / 180.0
_PRECISE_DEG = 1e-10
_ROUNDS = 20


class BBox(NamedTuple):
    """A box in degrees: west, south, east, north, the edges belonging to it."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        """Say whether the position lies in the box."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


CHINA = BBox(72.004, 0.8293, 137.8347, 55.8271)


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Shift a WGS84 position as Chinese maps do; the identity outside China."""
    if not CHINA.holds(lon, lat):
        return lon, lat
    shift_lon, shift_lat = _shift(lon, lat)
    return lon + shift_lon, lat + shift_lat


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Undo `wgs84_to_gcj02` by iteration, to 1e-9 degrees or better."""
    if not CHINA.holds(lon, lat):
        return lon, lat
    shift_lon, shift_lat = _shift(lon, lat)
    for _ in range(_ROUNDS):
        old_lon, old_lat = shift_lon, shift_lat
        shift_lon, shift_lat = _shift(lon - old_lon, lat - old_lat)
        if abs(shift_lon - old_lon) < _PRECISE_DEG and abs(shift_lat - old_lat) < _PRECISE_DEG:
            break
    return lon - shift_lon, lat - shift_lat


def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """Shift a GCJ-02 position as Baidu does."""
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD_PI)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD_PI)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Undo `gcj02_to_bd09` by iteration, to 1e-9 degrees or better."""
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(_ROUNDS):
        made_lon, made_lat = gcj02_to_bd09(guess_lon, guess_lat)
        off_lon, off_lat = lon - made_lon, lat - made_lat
        guess_lon, guess_lat = guess_lon + off_lon, guess_lat + off_lat
        if abs(off_lon) < _PRECISE_DEG and abs(off_lat) < _PRECISE_DEG:
            break
    return guess_lon, guess_lat


def wgs84_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """Turn a WGS84 position into BD-09; the identity outside China."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat)) if CHINA.holds(lon, lat) else (lon, lat)


def bd09_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Turn a BD-09 position into WGS84; the identity outside China."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat)) if CHINA.holds(lon, lat) else (lon, lat)


def to_wgs84(lon: float, lat: float, crs: str) -> tuple[float, float]:
    """Return the WGS84 position of one stated in `crs`.

    Raises:
        ValueError: the coordinate system is not one of `CRS`.
    """
    if crs == "wgs84":
        return lon, lat
    if crs == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    if crs == "bd09":
        return bd09_to_wgs84(lon, lat)
    msg = f"unknown coordinate system {crs!r}"
    raise ValueError(msg)


def distance_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Return the great-circle distance in metres (haversine, mean radius)."""
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half_lat = math.sin((phi_b - phi_a) / 2.0)
    half_lon = math.sin(math.radians(lon_b - lon_a) / 2.0)
    chord = half_lat * half_lat + math.cos(phi_a) * math.cos(phi_b) * half_lon * half_lon
    return 2.0 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def circle(lon: float, lat: float, radius_m: float, corners: int = 36) -> list[tuple[float, float]]:
    """Return a closed ring of `corners` positions around a centre, good away from the poles."""
    up = math.degrees(radius_m / EARTH_RADIUS_M)
    across = up / max(0.01, math.cos(math.radians(lat)))
    ring = [
        (
            round(lon + across * math.sin(2.0 * math.pi * step / corners), 6),
            round(max(-90.0, min(90.0, lat + up * math.cos(2.0 * math.pi * step / corners))), 6),
        )
        for step in range(corners)
    ]
    return [*ring, ring[0]]


def _shift(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 shift (lon, lat) of a WGS84 position, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    wave = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += wave * 2.0 / 3.0
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (
        (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    )
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += wave * 2.0 / 3.0
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (
        (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    )
    phi = math.radians(lat)
    magic = 1.0 - _EE * math.sin(phi) ** 2
    root_magic = math.sqrt(magic)
    return (
        east * 180.0 / (_A / root_magic * math.cos(phi) * math.pi),
        north * 180.0 / ((_A * (1.0 - _EE)) / (magic * root_magic) * math.pi),
    )
