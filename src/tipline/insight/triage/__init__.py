"""Which report first, and why: disposition, danger, actionability, decay, the queue.

Owns assessments and the queue. Promises: three scores that never mix, each the plain sum of
its reasons; the order is danger band and step, then the stored deadline; urgent without
confirmation is urgent; informational means lower in the queue, never deletion. The pipeline
assesses; the desk claims and works; routing and the desks read.
"""
