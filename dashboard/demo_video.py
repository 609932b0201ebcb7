"""The moving picture of a demonstration: a short loop made with ffmpeg, which says that it is one.

Where there is no ffmpeg, or it cannot, cameras show drawn frames that move with the clock instead.
"""

import logging
import shutil
import subprocess
import tempfile
from datetime import datetime
from math import cos, pi, sin
from pathlib import Path

FOLDER = "video"
PLAYLIST = "loop.m3u8"
SECONDS = 12
SIZE = (640, 360)
RATE = 12
TIMEOUT_S = 40
WORDS = "模拟画面"

_log = logging.getLogger(__name__)


def folder(data_dir: Path) -> Path:
    """Where the loop lies."""
    return data_dir.absolute() / FOLDER


def make(data_dir: Path) -> bool:
    """Make the loop unless it is there; False where it cannot be made."""
    target = folder(data_dir)
    if (target / PLAYLIST).is_file():
        return True
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".video-") as made:
        command = [ffmpeg, "-nostdin", "-v", "error", *_arguments()]
        try:
            subprocess.run(  # noqa: S603 - our own command
                command, cwd=made, check=True, timeout=TIMEOUT_S, capture_output=True
            )
            shutil.rmtree(target, ignore_errors=True)
            Path(made).rename(target)
            Path(made).mkdir()  # the temporary folder is taken away again
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", b"") or b""
            _log.warning("no moving picture: %s %s", error, told[-300:].decode("utf-8", "replace"))
            return False
    target.chmod(0o755)
    return True


def frame(name: str, at: datetime) -> str:
    """Draw one frame of a camera as it is at a moment: a street, what passes, a clock's hand."""
    seconds = at.timestamp()
    turn = seconds % 60 / 60 * 2 * pi
    x, y = 566 + 34 * sin(turn), 74 - 34 * cos(turn)
    seed = sum(map(ord, name))
    passing = "".join(
        f'<rect x="{(seconds * speed + seed * 7 + n * 211) % 760 - 80:.0f}" y="{236 + lane * 44}" '
        f'width="{62 + 18 * (n % 2)}" height="24" rx="6" class="c{n % 3}"/>'
        for n, (lane, speed) in enumerate(((0, 38), (1, -47), (0, 61), (1, -33)))
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" width="640" height="360">'
        "<style>.g{fill:#26323c}.s{fill:#3a4854}.r{fill:#1c262e}.l{stroke:#8b9aa6;stroke-width:3;"
        "stroke-dasharray:26 22}.c0{fill:#9fb0bd}.c1{fill:#6f8494}.c2{fill:#c3ced6}"
        "text{fill:#eef2f5;font-family:'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',"
        "sans-serif}</style>"
        '<rect class="g" width="640" height="360"/>'
        + "".join(
            f'<rect class="s" x="{n * 92 - (seed % 60)}" y="{70 + (seed * (n + 3)) % 70}" '
            f'width="74" height="150"/>'
            for n in range(8)
        )
        + '<rect class="r" y="216" width="640" height="110"/>'
        '<line class="l" x1="0" x2="640" y1="270" y2="270"/>'
        f"{passing}"
        '<circle cx="566" cy="74" r="40" fill="none" stroke="#eef2f5" stroke-width="3"/>'
        f'<line x1="566" y1="74" x2="{x:.1f}" y2="{y:.1f}" stroke="#eef2f5" stroke-width="4"/>'
        f'<text x="24" y="52" font-size="30" font-weight="700">{WORDS}</text>'
        f'<text x="24" y="348" font-size="20">{at:%Y-%m-%d %H:%M:%S}</text></svg>'
    )


def _arguments() -> list[str]:
    """What ffmpeg is told: a clock of bars and dots, the words, HLS in pieces of two seconds."""
    width, height = SIZE
    road = (
        f"color=c=0x26323c:s={width}x{height}:r={RATE}:d={SECONDS},format=yuv420p,"
        "drawbox=x=0:y=216:w=iw:h=110:color=0x1c262e:t=fill,"
        + ",".join(
            f"drawbox=x={n * 92 - 20}:y={90 + 37 * n % 70}:w=74:h={126 - 37 * n % 70}"
            ":color=0x3a4854:t=fill"
            for n in range(8)
        )
        + ","
        + ",".join(f"drawbox=x={n * 48}:y=269:w=26:h=3:color=0x8b9aa6:t=fill" for n in range(14))
        # what passes is home again when the loop begins anew
    )
    cars = ""
    last = "road"
    parts = [f"{road}[road]"]
    for n, (y, speed, shade) in enumerate(
        ((232, 60, "0x9fb0bd"), (284, -60, "0x6f8494"), (240, 120, "0xc3ced6"))
    ):
        parts.append(f"color=c={shade}:s=70x26:r={RATE}:d={SECONDS}[car{n}]")
        x = f"mod({speed}*t+{180 * n + 720}\\,720)-80"
        parts.append(f"[{last}][car{n}]overlay=x='{x}':y={y}:shortest=1[o{n}]")
        last = f"o{n}"
    clock = "".join(
        f",drawbox=x={round(566 + 36 * sin(k / 12 * 2 * pi)) - 3}"
        f":y={round(74 - 36 * cos(k / 12 * 2 * pi)) - 3}:w=7:h=7:color=0xeef2f5:t=fill"
        f":enable='eq(mod(floor(t)\\,12)\\,{k})'"
        for k in range(12)
    )
    rim = "".join(
        f",drawbox=x={round(566 + 36 * sin(k / 12 * 2 * pi)) - 1}"
        f":y={round(74 - 36 * cos(k / 12 * 2 * pi)) - 1}:w=3:h=3:color=0x8b9aa6:t=fill"
        for k in range(12)
    )
    font = "font='Noto Sans CJK SC'"
    words = (
        f",drawtext={font}:text='{WORDS}':x=24:y=22:fontsize=32:fontcolor=0xeef2f5"
        f",drawtext={font}:text='%{{pts\\:hms}}':x=24:y=330:fontsize=20:fontcolor=0xeef2f5"
    )
    parts.append(f"[{last}]null{rim}{clock}{words}{cars}[out]")
    return [
        "-filter_complex",
        ";".join(parts),
        *("-map", "[out]", "-t", str(SECONDS)),
        *("-c:v", "libx264", "-profile:v", "main", "-preset", "veryfast", "-crf", "27"),
        *("-pix_fmt", "yuv420p", "-g", str(RATE * 2), "-keyint_min", str(RATE * 2)),
        *("-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod", "-hls_list_size", "0"),
        *("-hls_segment_filename", "loop-%02d.ts", PLAYLIST),
    ]
