"""Softmax, and the multinomial regression that has it as its last layer."""
