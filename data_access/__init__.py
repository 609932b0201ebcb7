"""The store and the feeds that fill it; never a screen."""
