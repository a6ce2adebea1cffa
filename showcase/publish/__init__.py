"""Publish: staged bytes to the output folder, all or nothing."""
