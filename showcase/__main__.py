"""Lets `python -m showcase` stand for the `showcase` command."""

from showcase.cli import main

if __name__ == "__main__":
    main()
