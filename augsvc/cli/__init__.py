"""The `augsvc` command: thin commands over the rooms below, which they import only when they run.

Exit status: 0 done, 1 the data or the service is at fault, 2 the command line is, 130 interrupted, 143 terminated.
Every failure is one line on standard error that says what to do.
"""
