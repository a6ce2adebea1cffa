"""Preview: a server on this machine, and a rebuild with a reload on every save."""
