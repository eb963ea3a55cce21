"""Questions on two classes, one score and the sigmoid between them."""
