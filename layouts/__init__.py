"""What stands on a screen: pure functions from data to components. The store is not known here."""
