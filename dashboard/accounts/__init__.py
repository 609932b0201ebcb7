"""Who is asking: accounts, passwords, sessions, tokens, and the principal that they prove.

Importing this package costs nothing; argon2 is loaded by ``passwords`` alone.
"""
