"""The errors a user can meet. Each says what was wrong, where, and the way out."""

from __future__ import annotations

from collections.abc import Iterable


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
    """A value of a spec breaks a bound: says field, value, bound and the rule behind it.

    `fix` is a value that will do, or `instead` the whole assignment that was meant: the remedy is made of them.
    """

    def __init__(
        self,
        field: str,
        value: object,
        bound: str,
        rule: str | None = None,
        *,
        fix: object = None,
        instead: str | None = None,
    ) -> None:
        because = f" ({rule})" if rule else ""
        remedy = instead if fix is None else f"{_last(field)}={as_given(fix)}"
        super().__init__(f"{field} = {value!r}: must be {bound}{because}", field=field, remedy=remedy)
        self.value, self.bound, self.rule = value, bound, rule

    def under(self, place: str) -> SpecError:
        """The same of the field below `place`, a nested spec."""
        instead = f"{place}.{self.remedy}" if self.remedy and "=" in self.remedy else self.remedy
        return SpecError(f"{place}.{self.field}", self.value, self.bound, self.rule, instead=instead)


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


def unknown(what: str, given: object, known: Iterable[str], field: str, give: str = "") -> InputError:
    """The refusal of a name that is none of `known`; `give` (`--engine `) and the nearest of them are the remedy."""
    names = list(known)
    near = nearest(str(given), names)
    message = f"no {what} called {given!r}; known: {', '.join(names)}"
    return InputError(message, field=field, remedy=f"{give}{near or names[0]}")


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The one of `known` that `word` is likely to mean, if one is as near as `likeness`, 0 to 1."""
    import difflib

    names = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), names, n=1, cutoff=likeness)
    return names[near[0]] if near else None


def as_given(value: object) -> str:
    """A value as it is written behind `-p field=`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, list | tuple):
        return f"[{','.join(as_given(one) for one in value)}]"
    return str(value)


def _last(field: str) -> str:
    """A setting goes by its own name behind `--set`."""
    return field.removeprefix("settings.")
