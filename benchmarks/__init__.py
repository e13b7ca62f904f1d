"""Measured side by side with peers in one run, printed as ratios (see `tipline bench`)."""
