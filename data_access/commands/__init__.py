"""What people decide, as short writing transactions; each takes a ``Writer`` first."""
