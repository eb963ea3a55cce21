"""Exercises on softmax: from scores to probabilities, and back through the loss."""
