"""Settings for all tests: what Hypothesis draws is the same in every run, unless asked otherwise."""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("exploring", print_blob=True)
settings.load_profile("exploring" if os.environ.get("WORKINGS_EXPLORE") else "repeatable")
