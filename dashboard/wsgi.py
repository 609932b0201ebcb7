"""The back's WSGI application; the only module that makes one at import."""

from dashboard.app import create_app
from dashboard.settings import load

app = create_app(load()).server
