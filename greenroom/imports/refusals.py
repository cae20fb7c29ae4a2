"""What is refused, in words that say what to do."""


class BadFile(ValueError):
    """The file can't be read at all, or is no longer here. Answered as 422."""


class NotMapped(ValueError):
    """The import can't run yet: a column, an account or the order of dates must be said first. Answered as 422."""


class BadValue(ValueError):
    """A cell that means nothing here; becomes the error of its row."""
