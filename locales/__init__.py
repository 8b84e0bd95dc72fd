"""Translations of the interface (gettext). The .mo files are compiled when the package is built."""
