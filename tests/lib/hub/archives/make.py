"""Writes the archives beside this file with Python's own zipfile and tarfile.

    python3 make.py

Each holds folder/text.txt and folder/<a long name>.txt, packed in the ways
that archivers pack: with 64-bit sizes, as a stream whose sizes follow the
data, with the long names of GNU tar and of POSIX pax.
"""

import gzip
import io
import os
import tarfile
import zipfile

FILES = {
    "folder/text.txt": b"A man inspects a uniform.\n" * 20,
    "folder/" + "long-" * 40 + "\u00e9t\u00e9.txt": b"short",
}
WHEN = (2015, 6, 1, 0, 0, 0)


class Stream(io.RawIOBase):
    """A file that can't be sought in, as a pipe."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)

    def close(self):
        self.file.close()
        super().close()


def make_zip(target, compression, zip64):
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, data in FILES.items():
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = compression
            info.external_attr = 0o100644 << 16
            with archive.open(info, "w", force_zip64=zip64) as file:
                file.write(data)


def make_tar(target, form):
    with tarfile.open(fileobj=target, mode="w", format=form) as archive:
        folder = tarfile.TarInfo("./folder")
        folder.type = tarfile.DIRTYPE
        folder.mode = 0o755
        archive.addfile(folder)
        for name, data in FILES.items():
            info = tarfile.TarInfo("./" + name)
            info.size = len(data)
            info.mtime = 1433116800
            archive.addfile(info, io.BytesIO(data))


os.chdir(os.path.dirname(os.path.abspath(__file__)))
make_zip("stored.zip", zipfile.ZIP_STORED, False)
make_zip("zip64.zip", zipfile.ZIP_DEFLATED, True)
for name, zip64 in [("streamed.zip", False), ("streamed_zip64.zip", True)]:
    with Stream(name) as stream:
        make_zip(stream, zipfile.ZIP_DEFLATED, zip64)
with open("pax.tar", "wb") as file:
    make_tar(file, tarfile.PAX_FORMAT)
with gzip.GzipFile("gnu.tar.gz", "wb", mtime=0) as file:
    make_tar(file, tarfile.GNU_FORMAT)
