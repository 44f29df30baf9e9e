"""Files, whatever they hold: written whole, changed together and taken back, kept for a while.

Modules: `journal` (changes of several files that happen as one), `cache` (what was worked out once), `cache_use` (how
much of it there is), `yaml_text`, `statements` (canonical N-Quads as lines).
"""

from evigraph.files.whole import write_whole

__all__ = ["cache", "cache_use", "journal", "statements", "write_whole", "yaml_text"]
