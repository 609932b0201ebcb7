"""The callbacks: a module beside each screen or panel. They read input, ask, and call a layout."""
