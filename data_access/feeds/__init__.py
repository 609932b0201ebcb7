"""Feeds: how facts from outside, recorded or simulated, come into the store."""
