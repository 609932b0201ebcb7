"""What `make bench` measures. Figures are ratios within one run wherever two roads exist."""
