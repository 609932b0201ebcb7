"""The other side of a demonstration's outbox: a receiver on this machine that takes what comes.

It stands in for the case platform and for the gateway of messages, so that the demonstration shows
what became of a message. Nothing is kept; a wrong signature is refused.
"""

import hmac
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dashboard.domain import webhooks
from dashboard.domain.webhooks import Receiver
from dashboard.settings import Settings

_LONGEST_BODY = 1_000_000


def start(settings: Settings, stop: threading.Event) -> tuple[Receiver, ...]:
    """Receive until ``stop``, where a demonstration has no receiver of its own; give it."""
    if not settings.demonstration or settings.webhooks:
        return ()
    secret = secrets.token_urlsafe(32)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(secret))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="demo-receiver", daemon=True).start()

    def close() -> None:
        stop.wait()
        server.shutdown()
        server.server_close()

    threading.Thread(target=close, name="demo-receiver-end", daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    return (Receiver(name=webhooks.ANY, url=url, secret=secret),)


def _handler(secret: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answer 204 to what is signed as it should be."""
            length = min(int(self.headers.get("Content-Length") or 0), _LONGEST_BODY)
            body = self.rfile.read(length)
            expected = webhooks.signature(
                secret,
                timestamp=int(self.headers.get("Pingji-Timestamp") or 0),
                message_id=self.headers.get("Pingji-Id") or "",
                body=body,
            )
            told = self.headers.get("Pingji-Signature") or ""
            self.send_response(204 if hmac.compare_digest(told, expected) else 403)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing: each message of each act is no news."""

    return Handler
