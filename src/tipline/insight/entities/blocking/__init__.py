"""Keys under which reports are found that may be about one person. They join nobody.

A key is the digest of what a value becomes when it is compared loosely. Only reports that share one
are scored at all, so what a new report costs does not grow with the store. See decision 31.
"""
