"""`python -m dashboard` is `pingji`."""

from dashboard.cli import main

main()
