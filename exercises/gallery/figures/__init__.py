"""One figure a file; the function that draws it has the file's name."""
