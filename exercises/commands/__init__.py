"""The commands that list, show, try and write exercises."""
