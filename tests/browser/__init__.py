"""A package, so that its server and its chromium end before another folder starts its own."""
