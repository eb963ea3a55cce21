"""Networks made of the operations, trained on minibatches."""
