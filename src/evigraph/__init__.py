"""evigraph: a systematic review you can query."""

__version__ = "0.1.0"
