"""Positions: known vectors, inverses, the edge of China, distances."""

import pytest

from dashboard.domain import coordinates as c


def near(position, expected, digits=1e-6):
    return position == pytest.approx(expected, abs=digits)


def test_wgs84_to_gcj02_agrees_with_known_vectors():
    assert near(c.wgs84_to_gcj02(116.404, 39.915), (116.41024449916938, 39.91640428150164), 1e-9)
    assert near(c.wgs84_to_gcj02(120.596931, 31.280844), (120.601100, 31.278649))


def test_gcj02_to_bd09_agrees_with_the_known_vector():
    assert near(c.gcj02_to_bd09(116.404, 39.915), (116.41036949371, 39.92133699351), 1e-9)


def test_hangzhou_is_shifted_east_and_south():
    lon, lat = c.wgs84_to_gcj02(120.20524, 30.24934)
    assert lon - 120.20524 == pytest.approx(0.0046, abs=2e-4)
    assert lat - 30.24934 == pytest.approx(-0.0023, abs=2e-4)


@pytest.mark.parametrize("lon", [73.6, 87.6, 104.1, 116.404, 120.155, 134.7])
@pytest.mark.parametrize("lat", [18.2, 30.25, 39.9, 53.4])
def test_inverses_come_back_within_a_millimetre(lon, lat):
    assert near(c.gcj02_to_wgs84(*c.wgs84_to_gcj02(lon, lat)), (lon, lat), 1e-8)
    assert near(c.bd09_to_wgs84(*c.wgs84_to_bd09(lon, lat)), (lon, lat), 1e-8)


@pytest.mark.parametrize("place", [(-71.0587, 42.3594), (-0.1276, 51.5072), (151.2, -33.9)])
def test_outside_china_nothing_is_shifted(place):
    assert c.wgs84_to_gcj02(*place) == place
    for crs in c.CRS:
        assert c.to_wgs84(*place, crs) == place


def test_an_unknown_system_is_an_error():
    with pytest.raises(ValueError, match="unknown coordinate system"):
        c.to_wgs84(120.0, 30.0, "epsg:2437")


def test_distances_are_in_metres():
    assert c.distance_m(120.0, 30.0, 120.0, 31.0) == pytest.approx(111_195, rel=1e-4)
    assert c.distance_m(0.0, 0.0, 180.0, 0.0) == pytest.approx(20_015_115, rel=1e-4)
    assert c.distance_m(120.0, 30.0, 120.0, 30.0) == 0.0


def test_a_circle_is_a_closed_ring_at_its_radius():
    ring = c.circle(120.155, 30.274, 5_000.0)
    assert ring[0] == ring[-1]
    assert len(ring) == 37
    assert all(
        c.distance_m(120.155, 30.274, lon, lat) == pytest.approx(5_000, rel=0.01)
        for lon, lat in ring
    )


def test_the_edges_belong_to_a_box():
    box = c.BBox(118.3, 29.2, 120.7, 30.6)
    assert box.holds(118.3, 30.6)
    assert not box.holds(118.2999, 30.0)
