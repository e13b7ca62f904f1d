"""Machine APIs. Each parses, calls services and queries, and answers in its own shape."""
