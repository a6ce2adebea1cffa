"""Search: analysis of text, and the index that the browser reads in pieces."""
