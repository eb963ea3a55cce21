"""The gallery: figures of the models at work, one small file each under `figures`, and a page.

A new figure is a new file; nothing else is edited.
"""
