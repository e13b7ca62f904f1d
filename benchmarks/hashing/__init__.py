"""How long fingerprints take, beside the reference library, and by how many bits they differ."""
