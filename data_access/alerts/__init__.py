"""Alerts: their rules in the store, the engine that judges as changes come, and their rows.

The engine runs in the one ingest process as a follower of the changes (``data_access.follower``).
"""
