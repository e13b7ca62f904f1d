"""One act on many reports of the queue: previewed, done in bounded steps, undone as a whole.

Owns batch acts. Promises: never for an urgent report; what the preview shows is what happens,
but for what has changed since, which is left alone and said; the same form twice acts once; an
act that was cut off is gone on with; an undo restores exactly what was before and leaves alone
what somebody has changed meanwhile. The desk calls it, and a worker goes on with what is left.
"""
