"""What a purge refuses, with words that say what to do."""


class Refused(Exception):
    """`code` for machines, the text for people."""

    def __init__(self, words: str, *, code: str = "refused") -> None:
        super().__init__(words)
        self.code = code
