"""Assemble: from documents to one immutable `Site`, with every reference resolved."""
