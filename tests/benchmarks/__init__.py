"""What `python3 build.py bench` runs: figures of ours beside those of the usual choice."""
