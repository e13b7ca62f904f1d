"""Linking: what the levels tell of made-up aliases, and what one new report costs at a million."""
