"""For those who run a deployment: is it alive, is it ready, how much waits."""
