"""Tiles of a site's own folder, and the policy that lets a page ask for those of others."""

from dashboard.app import create_app
from dashboard.settings import Settings
from tests.dashboard.http.town import City


def test_a_tile_is_a_file_of_three_numbers(town: City, tmp_path) -> None:
    (tmp_path / "tiles" / "9" / "7").mkdir(parents=True)
    (tmp_path / "tiles" / "9" / "7" / "5.png").write_bytes(b"a tile")
    layers = ({"name": "own", "folder": str(tmp_path / "tiles")}, {"name": "x", "url": "/t"})
    app = create_app(Settings(data_dir=tmp_path, tiles=layers), town.store)
    browser, headers = app.server.test_client(), town.bearer("leader")
    found = browser.get("/tiles/0/9/7/5", headers=headers, buffered=True)
    assert (found.status_code, found.data) == (200, b"a tile")
    assert found.headers["Cache-Control"].startswith("private")
    for path in ("/tiles/0/9/7/6", "/tiles/1/9/7/5", "/tiles/7/9/7/5", "/tiles/0/..%2f9/7/5"):
        assert browser.get(path, headers=headers).status_code == 404
    assert browser.get("/tiles/0/9/7/5").status_code == 401


def test_hosts_of_tiles_give_pictures_alone(town: City, tmp_path) -> None:
    layers = ({"name": "x", "url": "https://tiles.example.org/{z}/{x}/{y}.png"},)
    app = create_app(Settings(data_dir=tmp_path, tiles=layers), town.store)
    policy = app.server.test_client().get("/login").headers["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert "https://tiles.example.org" in directives["img-src"]
    assert "https://tiles.example.org" not in directives["connect-src"]
