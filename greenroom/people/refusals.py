"""Every way a move about people can be refused, each with words that say what to do."""


class Refusal(Exception):
    """`code` and `status` for machines, `title` and `words` for people."""

    code, status = "refused", 409
    title = "That did not work"

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class LastOwner(Refusal):
    """A workspace without an owner could never be managed again."""

    code, title = "last_owner", "A workspace needs an owner"

    def __init__(self) -> None:
        super().__init__("This is the last owner. Make somebody else an owner first.")


class TooMuch(Refusal):
    """Nobody gives or takes what they do not have themself."""

    code, status, title = "too_much", 403, "Your own role is not enough"

    def __init__(self, role: str) -> None:
        super().__init__(f"The role {role} may do things that yours may not. Ask an owner.")


class Known(Refusal):
    """Whoever is in, or asked already, needs no second invitation."""

    code, title = "already_known", "No need to invite"


class InvitationOver(Refusal):
    """Used, withdrawn, replaced by a newer one, too old, or changed on the way."""

    code, status, title = "invitation_over", 410, "This invitation is over"

    def __init__(self) -> None:
        super().__init__("It was used, withdrawn, replaced by a newer one, or is too old. Ask who invited you again.")


class WrongPerson(Refusal):
    """An invitation is for one address only."""

    code, status, title = "wrong_person", 403, "This invitation is for somebody else"

    def __init__(self, email: str) -> None:
        super().__init__(f"It was sent to {email}. Sign out, and open the link again as that person.")
