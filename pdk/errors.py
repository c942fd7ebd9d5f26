"""The errors a user can meet. Each says what was wrong, where, and the way out."""

from __future__ import annotations


class AnaloomError(Exception):
    """Anything that keeps a command from running (exit code 2).

    `field` names the input at fault (dotted for nested specs) and `remedy` the way out, when there is one.
    """

    def __init__(self, message: str, *, field: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field, self.remedy = message, field, remedy

    def to_json(self) -> dict[str, str | None]:
        """The `error` object of the command line's JSON."""
        return {"type": type(self).__name__, "message": self.message, "field": self.field, "remedy": self.remedy}

    def advice(self) -> str:
        """What was wrong and the way out, in one line."""
        return f"{self.message}; try: {self.remedy}" if self.remedy else self.message


class SpecError(AnaloomError):
    """A value of a spec breaks a bound: says field, value, bound and the rule behind it."""

    def __init__(self, field: str, value: object, bound: str, rule: str | None = None) -> None:
        because = f" ({rule})" if rule else ""
        super().__init__(f"{field} = {value!r}: must be {bound}{because}", field=field, remedy=f"give {field} {bound}")
        self.value, self.bound, self.rule = value, bound, rule


class InputError(AnaloomError):
    """A file, a name or an option that cannot be used."""


class ToolError(AnaloomError):
    """An external tool that is missing, too old, timed out or failed: names it, and how to install it."""


class Interrupted(AnaloomError):
    """A signal ended the command (exit code 128 + the signal's number): it left no half-written file."""

    def __init__(self) -> None:
        super().__init__("interrupted")


class NotCleanError(AnaloomError):
    """Raised by `report.require_clean()` when a check ran and found something."""
