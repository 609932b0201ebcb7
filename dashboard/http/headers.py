"""The security headers of every answer; the Content-Security-Policy stands from the first day."""

from collections.abc import Sequence

from flask import Response


def policy(script_hashes: Sequence[str], hosts: Sequence[str], pictures: Sequence[str] = ()) -> str:
    """Write the Content-Security-Policy.

    ``script_hashes``: Dash's own inline scripts. ``hosts``: other hosts that pages may ask for
    pictures, video and data; none by default. ``pictures``: hosts of tiles, for pictures alone.
    ``unsafe-inline`` for styles is for plotly.
    """
    outside = " ".join(hosts)
    directives = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", *script_hashes)),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": " ".join(("'self' data: blob:", *hosts, *pictures)),
        "media-src": f"'self' blob: {outside}",
        "connect-src": f"'self' {outside}",
        "font-src": "'self' data:",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value.strip()}" for name, value in directives.items())


def apply(response: Response, content_policy: str) -> None:
    """Set the headers."""
    headers = response.headers
    headers["Content-Security-Policy"] = content_policy
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "SAMEORIGIN"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=(), payment=()"
