"""What can be wrong with a recording's description or files, said so that it can be mended."""


class RecordingError(Exception):
    """A city.toml or one of its files cannot be used: which file, which key, why."""

    def __init__(self, file: object, key: str, reason: str) -> None:
        """Keep the three; the message joins them."""
        super().__init__(f"{file}: {key}: {reason}" if key else f"{file}: {reason}")
        self.file = str(file)
        self.key = key
        self.reason = reason


class Unreadable(Exception):
    """A value of a source row that cannot be turned into what its field wants."""

    def __init__(self, field: str, reason: str) -> None:
        """Keep the field and one sentence in Chinese."""
        super().__init__(field, reason)
        self.field = field
        self.reason = reason
