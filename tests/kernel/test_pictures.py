"""Pictures of people: bounded in pixels, in number at once and in memory, and nothing left of what nobody sees."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kernel.files.pictures import PictureTooLarge, UnreadablePicture, as_jpeg
from tenants.models import Tenant
from tests.kernel.deep_png import deep_png

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ("JPEG", "PNG", "WEBP")
SECRET = "taken at Invalidenstr. 1"
# What a picture of the largest size that is taken may cost at its worst, beyond what Python takes anyway.
MOST_MB = 330

MEASURE = """
import re
from io import BytesIO
from pathlib import Path
from kernel.files.pictures import as_jpeg
from tests.kernel.deep_png import deep_png
upload = BytesIO(deep_png(5000, 5000))
peak_kb = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak_kb()
as_jpeg(upload, formats=("PNG",), longest_side=2000)
print((peak_kb() - before) // 1024)
"""


def saved(kind: str, *, size: tuple[int, int] = (300, 200), mode: str = "RGB", **how: object) -> BytesIO:
    """Return a picture in a format."""
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **how)
    out.seek(0)
    return out


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_picture_that_would_take_all_memory_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(PictureTooLarge):
        as_jpeg(BytesIO(deep_png(5001, 5000)), formats=FORMATS, longest_side=100)
    with pytest.raises(PictureTooLarge):
        as_jpeg(saved("JPEG", size=(12_000, 3_000)), formats=FORMATS, longest_side=100)


def test_the_largest_picture_that_is_taken_takes_a_bounded_memory() -> None:
    said = subprocess.run([sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True, text=True, check=True)

    assert 50 < int(said.stdout) < MOST_MB


def test_the_customer_reads_what_is_wrong_with_such_a_photo(visitor: Client, nord: Tenant, four_near: object) -> None:
    place = {"country": "DE", "postal_code": "10115"}
    questions = visitor.post("/en/packages/wifi-setup/book/", place)["Location"]
    huge = SimpleUploadedFile("wall.png", deep_png(5001, 5000), "image/png")

    answer = visitor.post(questions, {"photo": huge})

    assert answer.status_code == 422
    assert "This photo has too many pixels. Please choose one of at most 25 megapixels." in answer.content.decode()


def test_a_friend_reads_which_formats_a_portrait_may_have(friend_client: Client) -> None:
    answer = friend_client.post("/en/profile/edit/", {"photo": SimpleUploadedFile("me.gif", saved("GIF").read())})

    assert "We cannot read this photo. Please choose a JPEG, PNG or WebP." in answer.content.decode()


def text_chunks() -> PngInfo:
    info = PngInfo()
    info.add_text("comment", SECRET)
    info.add_text("Author", SECRET, zip=True)
    info.add_itxt("XML:com.adobe.xmp", SECRET)
    return info


@pytest.mark.parametrize(
    "upload",
    [
        saved("JPEG", comment=SECRET.encode()),
        saved("PNG", pnginfo=text_chunks()),
        saved("PNG", icc_profile=SECRET.encode()),
        saved("WEBP", xmp=SECRET.encode()),
        saved("JPEG", exif=b"Exif\0\0" + SECRET.encode()),
    ],
    ids=["JPEG comment", "PNG texts", "ICC", "XMP", "EXIF"],
)
def test_nothing_is_left_but_the_picture(upload: BytesIO) -> None:
    assert SECRET.encode() in upload.getvalue() or b"zTXt" in upload.getvalue() or b"iCCP" in upload.getvalue()

    made = as_jpeg(upload, formats=FORMATS, longest_side=100)

    assert SECRET.encode() not in made
    assert set(opened(made).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_comment_longer_than_a_jpegs_can_be_is_no_fault() -> None:
    info = PngInfo()
    info.add_text("comment", "x" * 70_000)

    assert opened(as_jpeg(saved("PNG", pnginfo=info), formats=FORMATS, longest_side=100)).size == (100, 67)


@pytest.mark.parametrize(("turn", "size"), [(1, (100, 67)), (6, (67, 100)), (8, (67, 100)), (3, (100, 67))])
def test_a_picture_stands_upright(turn: int, size: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn

    assert opened(as_jpeg(saved("JPEG", exif=exif), formats=FORMATS, longest_side=100)).size == size


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_taken(mode: str) -> None:
    upload = saved("PNG", mode=mode, size=(300, 100))

    assert opened(as_jpeg(upload, formats=FORMATS, longest_side=90)).size == (90, 30)
    upload.seek(0)
    assert opened(as_jpeg(upload, formats=FORMATS, longest_side=90, is_square=True)).size == (90, 90)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_damaged_picture_is_unreadable_wherever_it_is_cut(kind: str) -> None:
    whole = saved(kind, size=(64, 64)).read()
    for end in range(0, len(whole) - 2, 7):
        try:
            as_jpeg(BytesIO(whole[:end]), formats=FORMATS, longest_side=32)
        except UnreadablePicture:
            continue
        assert end > len(whole) // 2


def test_another_format_is_unreadable() -> None:
    with pytest.raises(UnreadablePicture):
        as_jpeg(saved("GIF"), formats=FORMATS, longest_side=100)
