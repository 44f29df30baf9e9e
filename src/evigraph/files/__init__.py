"""Files, whatever they hold: written whole, changed together and taken back, kept for a while.

Modules: `journal` (changes of several files that happen as one), `cache` (what was worked out once), `yaml_text`,
`statements` (canonical N-Quads as lines).
"""

from evigraph.files.whole import write_whole

__all__ = ["cache", "journal", "statements", "write_whole", "yaml_text"]
