"""The live road's last stretch: from numbered changes in the store to bytes on every screen.

Runs in the front process alone, which holds the streams; nothing heavy happens here.
"""
