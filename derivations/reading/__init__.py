"""Reading formulas that people type: characters to tokens to a tree to an expression."""
