"""The colours of the terminal program. What a colour says, a sign says as well."""

from __future__ import annotations

from textual.theme import Theme

from ..core.i18n import _

PLAIN = "ansi-dark"
"""The theme in the terminal's own sixteen colours."""

THEMES = {
    "dark": Theme(
        name="juesuan-dark", primary="#4fa3e0", background="#101418", surface="#101418", foreground="#e6e6e6", dark=True
    ),
    "light": Theme(
        name="juesuan-light", primary="#1f5f99", background="#fbfbf7", surface="#fbfbf7", foreground="#1a1a1a",
        warning="#8a4b00", error="#a40000", dark=False,
    ),
    "contrast": Theme(
        name="juesuan-contrast", primary="#00afff", background="#000000", surface="#000000", foreground="#ffffff",
        warning="#ffff00", error="#ff8080", dark=True,
    ),
}  # fmt: skip
"""By the names that the settings know; 'terminal' is PLAIN."""


def titles() -> dict[str, str]:
    """What the themes are called, by the names that the settings know."""
    return {
        "dark": _("dark"),
        "light": _("light"),
        "contrast": _("high contrast"),
        "terminal": _("the terminal's own 16 colours"),
    }
