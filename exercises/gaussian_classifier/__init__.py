"""Questions on one normal distribution for each class."""
