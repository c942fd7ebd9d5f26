"""Signing off: everything a shuttle asks of a layout in one table, and a manifest that others can verify.

`run.sign_off_cell` and `run.sign_off_file` check and write it; `verify.verify` reads such a folder back.
"""

from typing import TYPE_CHECKING

from analoom.pdk.doors import doors

if TYPE_CHECKING:
    from .run import SignOffReport, sign_off_cell, sign_off_file
    from .verification import VerifyReport, verify
else:
    __getattr__, __dir__ = doors(
        __name__, {".run": "SignOffReport sign_off_cell sign_off_file", ".verification": "VerifyReport verify"}
    )

__all__ = ["SignOffReport", "VerifyReport", "sign_off_cell", "sign_off_file", "verify"]
