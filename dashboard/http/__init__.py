"""The routes of the HTTP API and the few plain pages around it.

``register`` mounts them all; each names its right to the guard where it is made.
"""
