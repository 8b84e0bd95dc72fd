"""What pyproject.toml cannot say: which packages there are, and that translations are compiled.

setuptools finds packages by the names of their folders, but here `juesuan` lies in src/.
"""

import os
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import find_packages, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py


class BuildPy(build_py):
    """Compiles the translations: in the build, or where they lie for an editable install."""

    def run(self) -> None:
        super().run()
        root = Path("locales") if self.editable_mode else Path(self.build_lib, "juesuan/locales")
        for po in root.glob("*/LC_MESSAGES/*.po"):
            with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source, abort_invalid=True))


class BdistWheel(bdist_wheel):
    """The same bytes from the same files, whenever, wherever and with whatever umask they were checked out."""

    def run(self) -> None:
        super().run()
        wheel = Path(self.distribution.dist_files[-1][2])
        new = wheel.with_suffix(".new")
        with ZipFile(wheel) as old, ZipFile(new, "w", ZIP_DEFLATED) as made:
            for name in old.namelist():
                entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = ZIP_DEFLATED
                entry.external_attr = 0o100644 << 16
                made.writestr(entry, old.read(name))
        os.replace(new, wheel)


setup(
    packages=["juesuan", *(f"juesuan.{name}" for name in find_packages("src")), "juesuan.locales"],
    cmdclass={"build_py": BuildPy, "bdist_wheel": BdistWheel},
)
