"""The screens: a module each, pure functions from the page's data to components."""
