"""The Verilog stub of a cell: a module with its pins and nothing inside, for netlists that instantiate it.

Directions are those of the LEF and the CDL (`directions`). Supplies are there under `USE_POWER_PINS` only, as digital
flows ask.
"""

from __future__ import annotations

from pathlib import Path

from analoom.cells.model.cell import Cell
from analoom.flows.files.outputs import write_whole

from .port_names import Port, ports_of

_RESERVED = """
accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin bind
bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class clocking cmos config
const constraint context continue cover covergroup coverpoint cross deassign default defparam design disable
dist do edge else end endcase endchecker endclass endclocking endconfig endfunction endgenerate endgroup
endinterface endmodule endpackage endprimitive endprogram endproperty endspecify endsequence endtable endtask
enum event eventually expect export extends extern final first_match for force foreach forever fork forkjoin
function generate genvar global highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies import
incdir include initial inout input inside instance int integer interconnect interface intersect join join_any
join_none large let liblist library local localparam logic longint macromodule matches medium modport module
nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1 null or output package packed
parameter pmos posedge primitive priority program property protected pull0 pull1 pulldown pullup
pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase randsequence rcmos real realtime ref reg
reject_on release repeat restrict return rnmos rpmos rtran rtranif0 rtranif1 s_always s_eventually s_nexttime
s_until s_until_with scalared sequence shortint shortreal showcancelled signed small soft solve specify
specparam static string strong strong0 strong1 struct super supply0 supply1 sync_accept_on sync_reject_on table
tagged task this throughout time timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior trireg
type typedef union unique unique0 unsigned until until_with untyped use uwire var vectored virtual void wait
wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor
"""
WORDS = frozenset(_RESERVED.split())
"""The words Verilog keeps to itself. Source: IEEE 1800-2017, annex B (those of IEEE 1364 are among them)."""


def verilog_text(cell: Cell) -> str:
    """The module of `cell` as text. Raises InputError for names that Verilog cannot hold."""
    ports = ports_of(cell)
    supplies, signals = [p for p in ports if p.is_supply], [p for p in ports if not p.is_supply]
    lines = [f"  {_word(port)}" for port in signals]
    guarded = ["`ifdef USE_POWER_PINS", *(f"  {_word(port)}," for port in supplies), "`endif"]
    if not signals:
        guarded, lines = [], [f"  {_word(port)}" for port in supplies]
    body = [*(guarded if supplies else []), *(f"{line}," for line in lines[:-1]), *lines[-1:]]
    return "\n".join(["(* blackbox *)", f"module {escape(cell.name)} (", *body, ");", "endmodule", ""])


def write_verilog(cell: Cell, path: Path) -> Path:
    """Writes the stub of `cell`."""
    return write_whole(path, verilog_text(cell))


def escape(name: str) -> str:
    """`name` as an identifier; a word of the language gets a backslash before and a blank after."""
    return f"\\{name} " if name in WORDS else name


def _word(port: Port) -> str:
    return f"{port.direction} {escape(port.name)}"
