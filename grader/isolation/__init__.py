"""Keeping a submission apart: a warm zygote, and one locked-down child for each submission.

`host` is the grader's end, `pool` keeps it warm, and `places` and `bubblewrap` say what the zygote
may see. `zygote`, `lockdown`, `landlock`, `syscalls`, `scratch` and `selftest` run on the other
side and import nothing of the grader but each other.
"""
