"""Settings, addresses and the checks that refuse an unsafe start. Nothing imports it."""
