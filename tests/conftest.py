"""Settings for all tests: Hypothesis draws the same examples in every run, unless told not to."""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("exploring", print_blob=True)
settings.load_profile("exploring" if os.environ.get("WORKINGS_EXPLORE") else "repeatable")
