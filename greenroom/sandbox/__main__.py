"""`python -m greenroom.sandbox --port N`: serve a pretend TikTok until stopped."""

import argparse
from datetime import datetime

from greenroom.sandbox.serve import serve
from greenroom.sandbox.throttle import LEVELS
from greenroom.sandbox.world import Posts


def _posts(text: str) -> Posts:
    least, _, most = text.partition("-")
    return (int(least), int(most)) if most else int(least)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="greenroom.sandbox", description="Serve a pretend TikTok until stopped.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--accounts", type=int, default=5, help="how many TikTok accounts there are, 4 to 100,000")
    parser.add_argument("--posts", type=_posts, default=(12, 60), help="posts per account: a number, or LEAST-MOST")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--throttle", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--level", choices=tuple(LEVELS), default="basic")
    parser.add_argument("--delays", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--start", type=datetime.fromisoformat, help="where the clock begins (default: now)")
    parser.add_argument("--began", type=datetime.fromisoformat, help="what the accounts' past is counted from")
    parser.add_argument("--rate", type=float, default=1.0, help="sandbox seconds per real second")
    parser.add_argument("--until-eof", action="store_true", help="also stop when standard input ends")
    return parser


if __name__ == "__main__":
    serve(**vars(_parser().parse_args()))
