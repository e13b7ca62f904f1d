"""The command line: a door like the others. It parses, calls services and prints.

Promises: machine output is the last line of stdout, progress goes to stderr, secrets are
read from stdin or a file when not given, and a wrong setting stops the start with a plain
sentence and exit code 2.
"""
