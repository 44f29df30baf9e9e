"""What still has to be read where a page stands alone: the first one, opened within a zip file, and one file to mail.

Windows shows a zip file as a folder, and opens a page of it from a temporary folder, without its style sheet.
"""

from __future__ import annotations

import base64
import hashlib

STYLE = (
    "body{font:16px/1.5 system-ui,Arial,sans-serif}main{max-width:72rem;margin:0 auto;padding:1rem}"
    ".skip{position:absolute;left:-999px}.figure svg{width:100%;height:auto}.figure .narrow{display:none}"
    ".squares i{display:inline-block;width:9px;height:9px;border:1px solid #6b7684}"
)
"""So much of the style as figures and lines need; the style sheet, which comes after it, has these rules and more."""


def allowed(text: str) -> str:
    """The source by which a policy allows one inline style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
