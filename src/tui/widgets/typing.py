"""The keys of the grid: moving, selecting, and typing into a cell."""

from __future__ import annotations

from collections.abc import Callable

from ...core.views.lineedit import LineEdit, in_line
from ...core.views.sheets import Sheet
from .grid import GridView

MOVES = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
ENDINGS = {"enter": "down", "tab": "next", "shift+tab": "last", "up": "up", "down": "below"}
"""The keys that end an edit, and where the cursor goes then."""


class Grid(GridView):
    """A grid that takes keys. What is typed goes to `entered`, which says whether it was taken; if
    not, it stays in its cell."""

    def __init__(self, id: str | None = None, ambiguous: int = 1) -> None:
        super().__init__(id, ambiguous)
        self.read_only = False
        self.entered: Callable[[str], bool] = lambda text: False
        self.opened: Callable[[str], bool] = lambda text: False
        self._run: int | None = None

    def show(self, sheet: Sheet | None, row: str = "", column: str = "") -> None:
        self._run = None
        super().show(sheet, row, column)

    def key(self, key: str, character: str) -> bool:
        """Do a key; False for a key that means nothing here."""
        return self._edit_key(key, character) if self.edit is not None else self._move_key(key, character)

    # ── typing ──

    def begin(self, text: str | None = None) -> bool:
        """Begin to edit the cursor's place, with a text that replaces what stands there, or with that."""
        place = self.here
        if place is None or not place.editable or self.read_only or self.sheet is None:
            return False
        if self.opened(text or ""):
            return True
        self.corner = None
        self.edit = LineEdit(self.sheet.typed(self.row_id, self.column) if text is None else "")
        self.edit.insert(text or "")
        self._draw_edit()
        return True

    def cancel(self) -> None:
        """Leave the edit without entering it."""
        self.edit = None
        self._draw_edit()
        self.moved()

    def commit(self, move: str) -> bool:
        """Hand over what was typed, and move on; what is refused stays in its cell."""
        if self.edit is None:
            return True
        edit, self.edit = self.edit, None
        if not self.entered(edit.text):
            self.edit = edit
            self._draw_edit()
            return False
        self._refresh_row(self.row)
        self._go(move)
        return True

    def _edit_key(self, key: str, character: str) -> bool:
        assert self.edit is not None
        if key in ENDINGS:
            self.commit(ENDINGS[key])
        elif key in ("escape", "ctrl+g"):
            self.cancel()
        elif self.edit.key(key):
            self._draw_edit()
        elif character:
            self.edit.insert(character)
            self._draw_edit()
        else:
            return False
        return True

    def _draw_edit(self) -> None:
        self._refresh_row(self.row)
        self.place_cursor()

    def paste(self, text: str) -> bool:
        """Put a pasted text into the edit, words in several lines as one; False where it belongs into the sheet."""
        if self.edit is None or self.sheet is None or "\t" in text:
            return False
        if "\n" in text.strip("\n") and self.sheet.columns[self.column].kind != "text":
            return False
        self.edit.insert(in_line(text))
        self._draw_edit()
        return True

    # ── moving ──

    def _move_key(self, key: str, character: str) -> bool:
        select = key.startswith("shift+") and key != "shift+tab"
        plain = key.removeprefix("shift+") if select else key
        page = max(1, self.size.height - self.header_height - 1)
        if plain in MOVES:
            down, right = MOVES[plain]
            self._jump(self.row + down, self.column + right, select)
        elif plain in ("pagedown", "pageup"):
            self._jump(self.row + (page if plain == "pagedown" else -page), self.column, select)
        elif plain in ("home", "ctrl+left", "end", "ctrl+right"):
            self._jump(self.row, 0 if plain in ("home", "ctrl+left") else 10_000, select)
        elif plain in ("ctrl+home", "ctrl+end"):
            self._jump(0 if plain == "ctrl+home" else 10_000_000, self.column, select)
        elif key in ("tab", "shift+tab", "enter"):
            self._go(ENDINGS[key])
        elif key == "escape" and self.corner is not None:
            self._jump(self.row, self.column, False)
        elif key == "backspace":
            return self.begin("")
        elif character:
            return self.begin(character if character != " " else "")
        else:
            return False
        return True

    def _jump(self, row: int, column: int, select: bool) -> None:
        self._run = None
        self.move_to(row, column, select)

    def _go(self, move: str) -> None:
        """Where the cursor goes after an entry. Tab remembers where its run began: Enter goes to the
        line below it, so that lines of figures are typed, or pasted by a plain terminal, as they stand."""
        if move in ("next", "last"):
            row, run = self.row, self.column if self._run is None else self._run
            self._next_place(1 if move == "next" else -1)
            self._run = run if row == self.row else None
        elif move == "down":
            self._down_place(self.column if self._run is None else self._run)
        elif move in ("up", "below"):
            self._jump(self.row + (1 if move == "below" else -1), self.column, False)

    def _next_place(self, step: int) -> None:
        """To the next (1) or the last (-1) place that is filled in, if there is one."""
        ahead = self.places((self.row, self.column + step), step)
        found = next(ahead, None)
        if found is not None:
            self.move_to(found[0], found[1])

    def _down_place(self, column: int) -> None:
        """Down to the next row where this column is filled in."""
        assert self.sheet is not None
        for row in range(self.row + 1, len(self.row_ids)):
            if self.sheet.place(self.row_ids[row], column).editable:
                self.move_to(row, column)
                return
        self._next_place(1)
