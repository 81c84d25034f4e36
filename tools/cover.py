"""Copy the landing page's picture to where the README shows it."""

import base64

from notebooks import ROOT, read

PICTURE = ROOT / "book" / "_static" / "film.png"


def picture(path=ROOT / "book" / "index.ipynb"):
    """The first image among a notebook's outputs, as PNG bytes."""
    return next(
        base64.b64decode(output.data["image/png"])
        for cell in read(path).cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    )


if __name__ == "__main__":
    PICTURE.write_bytes(picture())
