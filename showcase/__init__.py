"""showcase: a static site generator for case studies of teachers, schools and faculties."""

__version__ = "0.1.0"
