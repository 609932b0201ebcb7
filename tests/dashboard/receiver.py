"""A real receiver of webhooks on this machine, which can fail, delay, repeat and die."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from dashboard.domain.webhooks import Receiver, signature

SECRET = "a secret of the tests"


class Local:
    """Answers as ``answers`` says, one after the other, then 204; keeps what it was sent."""

    def __init__(self, *answers: int, delay_s: float = 0.0) -> None:
        self.answers = list(answers)
        self.delay_s = delay_s
        self.got: list[dict] = []
        self.forged = 0
        local = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                local._take(self)

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/in?from=pingji"

    def receiver(self, name: str = "*") -> Receiver:
        return Receiver(name=name, url=self.url, secret=SECRET)

    @property
    def ids(self) -> list[str]:
        return [it["id"] for it in self.got]

    def _take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        timestamp = int(request.headers["Pingji-Timestamp"])
        name = request.headers["Pingji-Id"]
        expected = signature(SECRET, timestamp=timestamp, message_id=name, body=body)
        fresh = abs(time.time() - timestamp) < 60
        told = json.loads(body)
        if request.headers["Pingji-Signature"] != expected or not fresh or told["id"] != name:
            self.forged += 1
            request.send_response(403)
            request.end_headers()
            return
        self.got.append(told)
        time.sleep(self.delay_s)
        status = self.answers.pop(0) if self.answers else 204
        if status == 0:  # hang up without a word
            request.connection.close()
            return
        request.send_response(status)
        request.end_headers()
