"""Questions to the store, a module a topic; each takes a connection first."""
