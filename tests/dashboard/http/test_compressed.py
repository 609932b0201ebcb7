"""What travels compressed, and what does not."""

import gzip

import pytest

from tests.dashboard.http.town import City

ZIPPED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    "path",
    [
        "/assets/tokens.css",
        "/assets/10-stream.js",
        "/assets/pingji.css",
        "/assets/pingji.js",
        "/assets/map/hangzhou.geojson",
        "/api/v1/openapi.json",
    ],
)
def test_files_and_documents_travel_compressed_and_are_the_same(town: City, path: str) -> None:
    client = town.signed_in()
    plain = client.get(path, buffered=True)
    assert "Content-Encoding" not in plain.headers
    for _ in range(2):
        answer = client.get(path, headers=ZIPPED, buffered=True)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert gzip.decompress(answer.data) == plain.data
        assert len(answer.data) < 0.6 * len(plain.data)
        assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_file_that_is_known_is_not_sent_again(town: City) -> None:
    client = town.signed_in()
    tag = client.get("/assets/tokens.css", headers=ZIPPED, buffered=True).headers["ETag"]
    again = client.get("/assets/tokens.css", headers=ZIPPED | {"If-None-Match": tag}, buffered=True)
    assert again.status_code == 304
    assert not again.data


def test_a_file_named_with_its_age_is_kept_by_the_browser(town: City) -> None:
    client = town.signed_in()
    named = client.get("/assets/tokens.css?m=1", buffered=True).headers["Cache-Control"]
    assert "immutable" in named
    assert (
        "immutable" not in client.get("/assets/tokens.css", buffered=True).headers["Cache-Control"]
    )


def test_pages_with_forms_and_refusals_are_left_as_they_are(town: City) -> None:
    for path in ("/login", "/nothing"):
        assert "Content-Encoding" not in town.client().get(path, headers=ZIPPED).headers
