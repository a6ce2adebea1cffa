"""Read: from files to `Document`s."""
