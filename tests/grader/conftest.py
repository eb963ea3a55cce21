"""The tests' own submissions are trusted: they run where the kernel offers no walls, too."""

import os

os.environ.setdefault("WORKINGS_ALLOW_WEAK_ISOLATION", "1")
