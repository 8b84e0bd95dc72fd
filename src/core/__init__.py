"""The core: from a source file to a report, without any screen.

The faces (command line, terminal program) use the public names of its modules; docs/core.md
says which module does what.
"""
