"""The words of the program in the user's language, through gettext.

Messages in the code are English (the msgids); `_` gives them in the language in use. The
language is zh_CN unless the environment variable JUESUAN_LANG or `use_language` says
otherwise. gettext itself is imported at the first message: most runs show none.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "juesuan"
DEFAULT = "zh_CN"
LANGUAGES = (DEFAULT, "en")
VARIABLE = "JUESUAN_LANG"

_language: str | None = None
_catalogue: NullTranslations | None = None


def use_language(code: str | None = None) -> None:
    """Show messages in the language `code` from now on.

    'zh_CN' and 'en' are known, and their usual spellings ('zh', 'zh-CN', 'en_US.UTF-8').
    None stands for the environment's JUESUAN_LANG, or the default where that is not set.

    Raises:
        ValueError: the language is not known. The language in use stays as it was.
    """
    global _language, _catalogue
    wanted = code if code is not None else os.environ.get(VARIABLE) or DEFAULT
    known = _known(wanted)
    if known is None:
        message = _("The language {code!r} is not known; choose one of: {known}.")
        raise ValueError(message.format(code=wanted, known=", ".join(LANGUAGES)))
    _language, _catalogue = known, None


def language() -> str:
    """Give the code of the language in use, 'zh_CN' or 'en'."""
    if _language is not None:
        return _language
    # A message must never fail for a bad variable; use_language() is what complains of it.
    return _known(os.environ.get(VARIABLE) or DEFAULT) or DEFAULT


def _(message: str) -> str:
    """Give `message` in the language in use, or as it is where no catalogue has it."""
    return _translations().gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Give the form of a message that goes with `number`, in the language in use."""
    return _translations().ngettext(singular, plural, number)


def _known(code: str) -> str | None:
    """Give the known language that `code` spells, or None."""
    name = code.split(".")[0].split("@")[0].replace("-", "_").lower()
    for known in LANGUAGES:
        if name in (known.lower(), known.split("_")[0]):
            return known
    # English is English everywhere; Chinese is not (zh_TW is written otherwise).
    return "en" if name.startswith("en_") else None


def _translations() -> NullTranslations:
    global _catalogue
    if _catalogue is None:
        import gettext

        code = language()
        # As gettext.find, which imports locale to think of other spellings of the code.
        files = (os.path.join(place, code, "LC_MESSAGES", DOMAIN + ".mo") for place in _directories())
        path = next(filter(os.path.exists, files), None)
        if path is None:
            _catalogue = gettext.NullTranslations()
        else:
            with open(path, "rb") as file:
                _catalogue = gettext.GNUTranslations(file)
    return _catalogue


def _directories() -> tuple[str, str]:
    """Give where catalogues can be: in the installed package, or beside `src` in a checkout.

    The links are resolved first, so that a checkout that is reached through one is found.
    A directory counts only if it holds our domain: `locales` beside an installed package
    can be anyone's.
    """
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    return os.path.join(package, "locales"), os.path.join(os.path.dirname(package), "locales")
