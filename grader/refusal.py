"""What is said when the grader cannot do what it was asked to."""


class RefusalError(ValueError):
    """What was asked for cannot be done; the message says why, and what to do."""
