"""One module for each kind of answer, named like its class in lower case."""
