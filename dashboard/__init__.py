"""Pingji 平急: the running application of a city's command center."""

__version__ = "0.1.0"
