"""Compiled loops, one module a family; imported on first use, never by `import impl.<family>`."""
