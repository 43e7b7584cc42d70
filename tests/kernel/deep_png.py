"""A picture that is small as a file and huge in memory."""

import struct
import zlib


def deep_png(width: int, height: int) -> bytes:
    """Return a PNG with sixteen bits a channel and transparency, all of one colour: some kilobytes for any size."""
    pressed = zlib.compressobj(9)
    row = b"\0" + b"\x12\x34" * 4 * width
    data = b"".join(pressed.compress(row) for _row in range(height)) + pressed.flush()
    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
