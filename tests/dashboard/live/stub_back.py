"""A back that tells what reached it; ``python stub_back.py SOCKET`` serves it in threads."""

import gzip
import hashlib
import json
import socketserver
import sys
import threading
import time
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

BUILT = {"count": 0, "seq": 100, "status": 200}
LOCK = threading.Lock()


def app(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer by path."""
    path = environ["PATH_INFO"]
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if path == "/refuse":
        start_response("413 Too Large", [("Content-Type", "text/plain"), ("Content-Length", "3")])
        return [b"big"]
    body = environ["wsgi.input"].read(length) if length else b""
    if path.startswith("/api/v1/snapshot/"):
        return snapshot(environ, start_response)
    if path == "/stub":
        BUILT.update(json.loads(body or b"{}"))
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(BUILT).encode()]
    if path == "/slowly":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return slowly()
    if path == "/cookies":
        headers = [
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("X-Own", "y"),
        ]
        start_response("302 Found", [*headers, ("Location", "/here"), ("Content-Length", "0")])
        return []
    told = {
        "method": environ["REQUEST_METHOD"],
        "path": path,
        "query": environ["QUERY_STRING"],
        "type": environ.get("CONTENT_TYPE"),
        "headers": {k: v for k, v in environ.items() if k.startswith("HTTP_")},
        "length": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    data = json.dumps(told).encode()
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
    )
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [data]


def snapshot(environ: dict[str, Any], start_response: Any) -> Any:
    """A snapshot that takes its time; every one is counted."""
    with LOCK:
        BUILT["count"] += 1
    if BUILT["status"] != 200:
        start_response(f"{BUILT['status']} No", [("Content-Type", "application/problem+json")])
        return [b"{}"]
    time.sleep(0.3)
    topic = environ["PATH_INFO"].rpartition("/")[2]
    rows = [["p", environ.get("HTTP_AUTHORIZATION", "")[-6:]]] * 50
    data = {"topic": topic, "seq": BUILT["seq"], "columns": ["id", "who"], "rows": rows}
    body = json.dumps(data).encode()
    headers = [("Content-Type", "application/json")]
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        body = gzip.compress(body)
        headers.append(("Content-Encoding", "gzip"))
    start_response("200 OK", headers)
    return [body]


def slowly() -> Any:
    """Say something, and the rest a second later."""
    yield b"first"
    time.sleep(1)
    yield b"last"


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """On a Unix socket."""

    address_family = socketserver.UnixStreamServer.address_family
    daemon_threads = True

    def server_bind(self) -> None:
        """Bind without asking for a name."""
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "stub", 0
        self.setup_environ()

    def get_request(self) -> Any:
        """Give the peer some address: a Unix one has none."""
        request, _ = super().get_request()
        return request, ("stub", 0)


class Handler(WSGIRequestHandler):
    """Says nothing on stderr."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


if __name__ == "__main__":
    Path(sys.argv[1]).unlink(missing_ok=True)
    server = Server(sys.argv[1], Handler)
    server.set_app(app)
    server.serve_forever()
