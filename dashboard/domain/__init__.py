"""What the field knows: pure rules and words, no I/O, no SQL, no Dash.

Every rule that depends on time takes the city's time as a parameter (see `clock`).
"""
