"""What pyproject.toml cannot say: which packages there are, and that translations are compiled.

setuptools finds packages by the names of their folders, but here `juesuan` lies in src/.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import find_packages, setup
from setuptools.command.build_py import build_py


class BuildPy(build_py):
    """Compiles the translations: in the build, or where they lie for an editable install."""

    def run(self) -> None:
        super().run()
        root = Path("locales") if self.editable_mode else Path(self.build_lib, "juesuan/locales")
        for po in root.glob("*/LC_MESSAGES/*.po"):
            with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source, abort_invalid=True))


setup(
    packages=["juesuan", *(f"juesuan.{name}" for name in find_packages("src")), "juesuan.locales"],
    cmdclass={"build_py": BuildPy},
)
