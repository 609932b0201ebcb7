"""Owns the errors of a body that cannot be read as a whole."""


class BadBody(Exception):
    """A request's body cannot be read: `reason` in Chinese, `status` for HTTP."""

    status = 400

    def __init__(self, reason: str) -> None:
        """Keep the reason, one bounded sentence."""
        super().__init__(reason)
        self.reason = reason


class TooLarge(BadBody):
    """More bytes or records than are taken at once."""

    status = 413


class BadText(BadBody):
    """The bytes are of no encoding that is taken."""


class BadJson(BadBody):
    """The text is not JSON of the shape wanted."""


class TooDeep(BadJson):
    """Objects and arrays nest too deep."""


class BadXml(BadBody):
    """The XML cannot be read, or holds what is refused (DTD, entities)."""
