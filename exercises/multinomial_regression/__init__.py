"""Questions on regression with a softmax over many classes."""
