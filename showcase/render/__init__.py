"""Render: outputs whose key is new to staged bytes. The only place that knows Jinja."""
