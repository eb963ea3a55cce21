"""Distributions and their moments: `expectation`, then `discrete`, then `continuous`."""
