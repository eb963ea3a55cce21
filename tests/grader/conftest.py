"""The tests' own submissions are trusted: they run where the kernel offers no walls, too."""

import os
import signal

os.environ.setdefault("WORKINGS_ALLOW_WEAK_ISOLATION", "1")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What runs in the background ignores Ctrl-C, and so would the commands that tests end by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
