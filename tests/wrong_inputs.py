"""Wrong command lines, what analoom has to say to each, and the way out: `python tests/wrong_inputs.py` prints a table.

`says` are words of the message (the value that was given, its bound or rule), `remedy` is the whole of it or, ending in
`...`, its beginning. All are written by hand. `{folder}` holds the files of `FILES`.
"""

from __future__ import annotations

from typing import NamedTuple


class Wrong(NamedTuple):
    """A wrong command line without `analoom`, the field at fault, words of the message, and the remedy."""

    words: str
    field: str
    says: tuple[str, ...]
    remedy: str


FILES = {
    "empty.gds": "",
    "text.gds": "no layout\n",
    "text.npz": "w1 = 1\n",
    "net.pt": "PK\n",
    "list.yaml": "- 1\n",
    "broken.yaml": "w: [4\n",
    "misspelt.yaml": "cell: mosfet\nwith: 4\n",
    "pair.yaml": "cell: matched_pair\n",
    "ragged.csv": "1,2\n3\n",
    "words.csv": "a,b\n",
    "square.csv": "0.9,0.9\n0.9,0.9\n",
    "none.csv": "\n",
    "cells.py": "import no_such_module\n",
    "job_unknown.yaml": "{name: a, cell: mosfet, axes: {w: [1, 2]}, mesure: {}}\n",
    "job_nothing.yaml": "{name: a, cell: mosfet}\n",
    "job_cell.yaml": "{name: a, cell: mosfett, axes: {w: [1, 2]}}\n",
    "job_field.yaml": "{name: a, cell: mosfet, axes: {wdith: [1, 2]}}\n",
    "job_range.yaml": "{name: a, cell: mosfet, axes: {w: {low: 4, high: 1, points: 3}}}\n",
    "job_engine.yaml": "{name: a, cell: mosfet, axes: {w: [1]}, measure: {drc: [fats]}}\n",
    "job_name.yaml": "{cell: mosfet, axes: {w: [1]}}\n",
    "job_setting.yaml": "{name: a, cell: mosfet, axes: {w: [1]}, measure: {settings: {v_dss: 1}}}\n",
}

LENGTHS = [
    Wrong("build mosfet -p w=4u", "w", ("'4u'", "length in um", "without a suffix"), "-p w=4"),
    Wrong("build mosfet -p w=4um", "w", ("'4um'", "length in um", "without a suffix or unit"), "-p w=4"),
    Wrong("build mosfet -p w=4e-6", "w", ("'4e-6'", "in um, not in m"), "-p w=4"),
    Wrong("build mosfet -p w=0.000004", "w", ("4e-06", "in um, not in m"), "-p w=4"),
    Wrong("build mosfet -p l=180n", "l", ("'180n'", "length in um"), "-p l=0.18"),
    Wrong("build unit_cap -p w=5u", "w", ("'5u'", "length in um"), "-p w=5"),
    Wrong("build cap_array -p unit.w=2um", "unit.w", ("'2um'", "length in um"), "-p unit.w=2"),
    Wrong("build crossbar -p synapse.l_read=500n", "synapse.l_read", ("'500n'",), "-p synapse.l_read=0.5"),
    Wrong("build mosfet -p l=0.1503", "l", ("0.1503", "multiple of 0.005 um", "x.1b"), "-p l=0.15"),
    Wrong("build mosfet -p w=0.01", "w", ("0.01", "at least 0.42 um", "difftap.2"), "-p w=0.42"),
    Wrong("build mosfet -p l=0.05", "l", ("0.05", "0.15 to 20 um", "model bins"), "-p l=0.15"),
    Wrong("build mosfet -p l=21", "l", ("21", "0.15 to 20 um", "model bins"), "-p l=20"),
    Wrong("build mosfet -p w=-2", "w", ("-2", "at least 0.42 um"), "-p w=0.42"),
    Wrong("build mosfet -p w=2 -p nf=3", "w", ("w/nf", "multiple of 0.005 um", "x.1b"), "-p w=1.995"),
    Wrong("build mosfet -p w=.inf", "w", ("inf", "finite number"), "-p w=2"),
    Wrong("build mosfet -p w=.nan", "w", ("nan", "finite number"), "-p w=2"),
    Wrong("build unit_cap -p w=0.5", "w", ("0.5", "greater than or equal to 1", "capm.1"), "-p w=1"),
    Wrong("build unit_cap -p w=51", "w", ("51", "less than or equal to 50"), "-p w=50"),
    Wrong("build analog_switch -p w=1.005", "w", ("1.005", "multiple of 0.01 um", "2 fingers"), "-p w=1"),
]

SPECS = [
    Wrong("build mosfet -p w=wide", "w", ("'wide'", "a number"), "-p w=2"),
    Wrong("build mosfet -p w=", "w", ("None", "a number"), "-p w=2"),
    Wrong("build mosfet -p w=[1]", "w", ("[1]", "a number"), "-p w=2"),
    Wrong("build mosfet -p nf=2.5", "nf", ("2.5", "a whole number"), "-p nf=1"),
    Wrong("build mosfet -p nf=0", "nf", ("0", "greater than or equal to 1"), "-p nf=1"),
    Wrong("build mosfet -p nf=many", "nf", ("'many'", "a whole number"), "-p nf=1"),
    Wrong("build mosfet -p w=840 -p nf=2000", "nf", ("2000", "1024 fingers in a row"), "-p nf=1024"),
    Wrong("build mosfet -p device=nfet_01v9", "device", ("'nfet_01v9'", "'nfet_01v8'"), "-p device=nfet_01v8"),
    Wrong("build mosfet -p device=pfet", "device", ("'pfet'", "'pfet_01v8'"), "-p device=pfet_01v8..."),
    Wrong("build mosfet -p well=isolatd", "well", ("'isolatd'", "'isolated'"), "-p well=isolated"),
    Wrong("build mosfet -p widht=4", "widht", ("4", "fields device, w, l, nf, m, well"), "-p w=4"),
    Wrong("build mosfet -p length=1", "length", ("1", "fields device, w, l, nf, m, well"), "-p l=1"),
    Wrong("build mosfet -p fingers=2", "fingers", ("2", "fields device, w, l, nf, m, well"), "-p nf=2"),
    Wrong("build mosfet -p colour=blue", "colour", ("'blue'", "one of the fields"), "analoom list mosfet"),
    Wrong("build mosfet -p W=4", "W", ("4", "one of the fields"), "-p w=4"),
    Wrong("build matched_pair -p pattern=crossquad", "pattern", ("'cross_quad'",), "-p pattern=cross_quad"),
    Wrong("build matched_pair -p dummies=perhaps", "dummies", ("'perhaps'", "true or false"), "-p dummies=true"),
    Wrong("build matched_pair -p nf=3 -p w=6", "nf", ("3", "even for pattern"), "-p nf=2"),
    Wrong("build matched_pair -p rows=3", "rows", ("3", "2 for pattern", "centroid_2d"), "-p rows=2"),
    Wrong("build current_mirror -p ratios=[1]", "ratios", ("[1]", "the input and 1 to"), "-p ratios=[1,1]"),
    Wrong("build current_mirror -p ratios=[1,0]", "ratios.1", ("0", "greater than or equal to 1"), "-p ratios=[1,1]"),
    Wrong("build current_mirror -p ratios=2", "ratios", ("2", "a list"), "-p ratios=[2,2]"),
    Wrong("build current_mirror -p ratios=1,4", "ratios", ("'1,4'", "a list in brackets"), "-p ratios=[1,4]"),
    Wrong("build current_mirror -p ratio=[1,2]", "ratio", ("[1, 2]", "ratios"), "-p ratios=[1,2]"),
    Wrong("build cap_array -p weights=[1,0,2]", "weights.1", ("0", "greater than or equal to 1"), "-p weights=[1,1,2]"),
    Wrong("build cap_array -p weights=[]", "weights", ("[]", "1 to 64 weights"), "-p weights=[1,1,2,4]"),
    Wrong("build cap_array -p wieghts=[1,2]", "wieghts", ("[1, 2]", "weights"), "-p weights=[1,2]"),
    Wrong("build cap_array -p pattern=spirale", "pattern", ("'spirale'", "'spiral'"), "-p pattern=spiral"),
    Wrong("build cap_array -p unit.devise=mom", "unit.devise", ("'mom'", "device, w, fingers"), "-p unit.device=mom"),
    Wrong("build cap_array -p unit.h=3", "unit.h", ("3", "fields device, w, fingers"), "analoom list cap_array"),
    Wrong(
        "build unit_cap -p device=mom -p fingers.lenght=3",
        "fingers.lenght",
        ("3", "fields c, count, length, layers"),
        "-p fingers.length=3",
    ),
    Wrong("build cap_array -p unit=3", "unit", ("3", "a mapping of its fields"), "analoom list cap_array"),
    Wrong("build cap_array -p stubs=[1]", "stubs", ("[1.0]", "one per weight (4)"), "-p stubs=[]"),
    Wrong("build crossbar -p rows=0", "rows", ("0", "greater than or equal to 1"), "-p rows=1"),
    Wrong("build crossbar -p cols=1 -p rows=5000", "rows", ("5000", "less than or equal to 4096"), "-p rows=4096"),
    Wrong("build crossbar -p synapse=synapse_sc", "synapse.cell", ("'synapse_sc'",), "-p synapse.cell=synapse_cs"),
    Wrong("build crossbar -p synapse=4", "synapse", ("4", "a synapse's name"), "-p synapse=synapse_2t1c"),
    Wrong("build crossbar -p synapse.l_raed=1", "synapse.l_raed", ("w_read, l_read",), "-p synapse.l_read=1"),
    Wrong(
        "build crossbar -p synapse.cell=synapse_cs -p synapse.w=1", "synapse.w", ("w_n, w_p",), "analoom list crossbar"
    ),
    Wrong("build charge_mac -p bits=9", "bits", ("9", "less than or equal to 6"), "-p bits=6"),
    Wrong("build charge_mac -p variant=naiv", "variant", ("'naiv'", "'naive'"), "-p variant=naive"),
    Wrong("build translinear -p form=gate", "form", ("'gate'", "'gate_pmos'"), "-p form=gate_pmos"),
    Wrong("build translinear -p bits=0", "bits", ("0", "greater than or equal to 1"), "-p bits=1"),
]

WRITTEN = [
    Wrong("build mosfet -p w", "w", ("'w'", "write field=value"), "for example -p w=4"),
    Wrong("build mosfet -p =4", "-p", ("'=4'", "write field=value"), "for example -p w=4"),
    Wrong("build mosfet -p w=[4", "w", ("-p w", "not YAML"), "brackets and quotes closed"),
    Wrong("build mosfet -p w=4 -p w=5", "w", ("-p w", "given twice"), "-p w once"),
    Wrong("build", "name", ("no cell given",), "analoom list"),
    Wrong("build mosfett", "name", ("'mosfett'", "did you mean mosfet?"), "analoom list mosfet"),
    Wrong("build Mosfet", "name", ("'Mosfet'", "did you mean mosfet?"), "analoom list mosfet"),
    Wrong("build xyz", "name", ("'xyz'", "known: analog_switch"), "analoom list"),
    Wrong("list mosfett", "name", ("'mosfett'", "did you mean mosfet?"), "analoom list mosfet"),
    Wrong("build --spec {folder}/absent.yaml", "{folder}/absent.yaml", ("No such file",), "the path of a text file..."),
    Wrong("build --spec {folder}/list.yaml", "spec", ("mapping of spec fields",), "lines such as `w: 4`"),
    Wrong("build mosfet --spec {folder}/broken.yaml", "{folder}/broken.yaml", ("not YAML",), "brackets..."),
    Wrong("build --spec {folder}/misspelt.yaml", "with", ("4", "one of the fields"), "in the spec file w: 4"),
    Wrong("build mosfet --spec {folder}/pair.yaml", "cell", ("'matched_pair'", "'mosfet'"), "matched_pair as the..."),
    Wrong("list --cells {folder}/absent.py", "cells", ("absent.py", "no such file"), "--cells FILE.py"),
    Wrong("list --cells {folder}/cells.py", "cells", ("no_such_module", "line 1"), "mend the file"),
]

OPTIONS = [
    Wrong("buld mosfet", "command", ("'buld'", "'build'"), "analoom build --help"),
    Wrong("frobnicate", "command", ("'frobnicate'",), "analoom --help"),
    Wrong("--jsn", "--jsn", ("No such option",), "analoom --help"),
    Wrong("build mosfet --nonsense", "--nonsense", ("No such option",), "analoom build --help"),
    Wrong("build mosfet --josn", "--josn", ("'--json'",), "analoom build --help"),
    Wrong("sim mosfet --conrer ss", "--conrer", ("'--corner'",), "analoom sim --help"),
    Wrong("build mosfet -p", "-p", ("requires an argument",), "analoom build --help"),
    Wrong("build mosfet matched_pair", "", ("unexpected extra argument", "matched_pair"), "analoom build --help"),
    Wrong("sim mosfet --temp hot", "temp", ("'hot'", "float"), "analoom sim --help"),
    Wrong("mismatch mosfet --samples 1", "samples", ("1", "x>=2"), "analoom mismatch --help"),
    Wrong("mismatch mosfet --seed -1", "seed", ("-1", "x>=0"), "analoom mismatch --help"),
    Wrong("flow mosfet --seed x", "seed", ("'x'", "integer"), "analoom flow --help"),
    Wrong("sweep pair --workers 0", "workers", ("0", "x>=1"), "analoom sweep --help"),
    Wrong("pex mosfet --min-c tiny", "min_c", ("'tiny'", "float"), "analoom pex --help"),
    Wrong("report", "folder", ("Missing argument", "DIR|FILE"), "analoom report --help"),
    Wrong("demo mosfet", "", ("unexpected extra argument", "mosfet"), "analoom demo --help"),
    Wrong("doctor mosfet", "", ("unexpected extra argument", "mosfet"), "analoom doctor --help"),
]

CHECKS = [
    Wrong("drc mosfet --engine fats", "engine", ("'fats'", "known: fast"), "--engine fast"),
    Wrong("drc mosfet --engine ,", "engine", ("no DRC engine asked for",), "--engine fast"),
    Wrong("drc mosfet --top x", "top", ("--top x", "a cell has one top"), "the command without --top"),
    Wrong("drc mosfet --timeout 0", "timeout", ("0", "above 0 s"), "--timeout 900"),
    Wrong("drc mosfett", "name", ("'mosfett'", "did you mean mosfet?"), "analoom list mosfet"),
    Wrong("drc {folder}/absent.gds", "file", ("absent.gds", "no such file"), "give a GDS or OASIS file"),
    Wrong("drc {folder}/empty.gds", "file", ("empty.gds", "not a readable layout"), "write the file again"),
    Wrong("drc {folder}/text.gds", "file", ("text.gds", "not a readable layout"), "write the file again"),
    Wrong("drc {folder}/text.gds -p w=4", "-p", ("layout file", "no spec fields"), "the command without -p..."),
    Wrong("drc", "name", ("no cell given",), "analoom list"),
    Wrong("lvs mosfet --engine fats", "engine", ("'fats'", "known: fast"), "--engine fast"),
    Wrong("lvs mosfet --circuit x", "circuit", ("none is given",), "--netlist REF.spice"),
    Wrong("lvs {folder}/absent.gds", "file", ("absent.gds", "no such file"), "give a GDS or OASIS file"),
    Wrong("pex mosfet --corner slwo", "corner", ("'slwo'", "typical, fast, slow"), "--corner slow"),
    Wrong("pex mosfet --mode rcc", "mode", ("'rcc'", "known: c, rc"), "--mode rc"),
    Wrong("pex mosfet --net dd", "net", ("'dd'", "it has"), "--net d"),
    Wrong("pex mosfet --mode rc --block 0:1,0:1", "block", ("only a crossbar",), "leave --block out"),
    Wrong("flow mosfet --engine fats", "engine", ("'fats'", "known: fast"), "--engine fast"),
    Wrong("flow mosfet --lvs-engine netgne", "engine", ("'netgne'", "netgen"), "--lvs-engine netgen"),
    Wrong("flow mosfett", "name", ("'mosfett'", "did you mean mosfet?"), "analoom list mosfet"),
    Wrong("report {folder}", "DIR", ("holds no results",), "analoom flow NAME"),
    Wrong("balance mosfet", "name", ("device", "cannot be balanced"), "analoom balance --help"),
]

MEASURED = [
    Wrong("sim mosfet --corner tx", "corner", ("'tx'", "tt, ss, ff, sf, fs"), "--corner tt"),
    Wrong("sim mosfet --view shematic", "view", ("'shematic'", "schematic, post"), "--view schematic"),
    Wrong("sim mosfet --temp 300", "temp", ("300", "-40 to 125 degC"), "--temp 125"),
    Wrong("sim mosfet --set vdss=1", "settings.vdss", ("1", "v_ds, i_square, vdd"), "--set v_ds=1"),
    Wrong("sim mosfet --set v_ds=900m", "settings.v_ds", ("'900m'", "number in V"), "--set v_ds=0.9"),
    Wrong("sim mosfet --set i_square=1uA", "settings.i_square", ("'1uA'", "number in A"), "--set i_square=1e-06"),
    Wrong("sim mosfet --set v_ds=3", "settings.v_ds", ("3 V", "nfet_01v8", "at most 1.95"), "--set v_ds=1.95"),
    Wrong("sim mosfet --set v_ds=6", "settings.v_ds", ("6", "less than or equal to 5.5"), "--set v_ds=5.5"),
    Wrong("signoff {folder}/text.gds", "file", ("text.gds", "not a readable layout"), "write the file again"),
    Wrong(
        "verify {folder}/broken.yaml", "manifest", ("not a manifest",), "the manifest.json that analoom signoff wrote"
    ),
    Wrong("export unit_cap --to librelan", "to", ("librelan", "known: ", "xschem"), "--to librelane"),
    Wrong("export mosfet --to ipm", "settings.repo", ("must be given",), "give repo: github.com/OWNER/NAME"),
    Wrong("sim mosfet --set v_ds=high", "settings.v_ds", ("'high'", "a number"), "--set v_ds=0.9"),
    Wrong("sim mosfet --set zzz=3", "settings.zzz", ("3", "one of the fields"), "analoom sim mosfet --settings"),
    Wrong("sim mosfet --set v_ds", "v_ds", ("--set 'v_ds'", "write field=value"), "for example --set w=4"),
    Wrong(
        "sim mosfet --weights {folder}/square.csv", "weights", ("takes no weights",), "the command without --weights"
    ),
    Wrong("sim crossbar --weights {folder}/ragged.csv", "weights", ("row 2 has 1 numbers",), "rows of one length"),
    Wrong("sim crossbar --weights {folder}/words.csv", "weights", ("line 1", "'a,b'"), "no header..."),
    Wrong("sim crossbar --weights {folder}/none.csv", "weights", ("holds no numbers",), "one row of the array a line"),
    Wrong("sim crossbar --weights {folder}/absent.npy", "weights", ("No such file",), "a .npy or .csv file..."),
    Wrong("sim mosfet --inputs {folder}/square.csv", "inputs", ("takes no inputs",), "the command without --inputs..."),
    Wrong("sim mosfet --temperatures cold", "temperatures", ("'cold'",), "--temperatures -40,27,125"),
    Wrong("sim mosfet --temperatures ,", "temperatures", ("no number given",), "--temperatures -40,27,125"),
    Wrong("sim mosfet --supplies 1.8,inf", "supplies", ("finite",), "--supplies 1.62,1.8,1.95"),
    Wrong("sim mosfet --corners tt,sss", "corners", ("'sss'", "tt, ss, ff, sf, fs"), "--corners ss"),
    Wrong("mismatch mosfet --model cont", "model", ("'cont'", "continuous, binned"), "--model continuous"),
    Wrong("mismatch mosfet --engine close", "engine", ("'close'", "closed, mc, ngspice"), "--engine closed"),
    Wrong("mismatch mosfet --set limit=2", "settings.limit", ("2", "less than 1"), "--set limit=0.5"),
    Wrong("mismatch mosfet --set k_vht=0.005", "settings.k_vht", ("0.005", "k_vth"), "--set k_vth=0.005"),
    Wrong("mismatch mosfet --set i_square=2", "settings.i_square", ("2", "0.001"), "--set i_square=0.001"),
    Wrong("mismatch analog_switch", "name", ("no mismatch metrics for a switch",), "analoom mismatch --help"),
    Wrong("mismatch crossbar --sizes 8by8", "sizes", ("'8by8'", "ROWSxCOLS"), "--sizes 8x8,16x16,32x32"),
    Wrong("mismatch mosfet --sizes 8x8", "sizes", ("mosfet has no sizes",), "a crossbar, cap_array or mirror"),
    Wrong("mismatch crossbar --sizes 2x2 -p rows=2", "rows", ("--sizes sets it",), "no -p rows"),
]

JOBS = [
    Wrong("sweep", "JOB", ("no job given",), "a YAML file, or one of cap_array..."),
    Wrong("sweep pairr", "JOB", ("pairr", "no ready job", "pair"), "analoom sweep pair"),
    Wrong("sweep {folder}/list.yaml", "JOB", ("a mapping with name, cell and axes",), "a file such as..."),
    Wrong("sweep {folder}/broken.yaml", "JOB", ("not YAML",), "a file such as..."),
    Wrong("sweep {folder}/job_unknown.yaml", "mesure", ("one of the fields", "measure"), "in the job measure: ..."),
    Wrong("sweep {folder}/job_nothing.yaml", "axes", ("at least one field with values",), "axes: {{w: [1, 2, 4]}}"),
    Wrong("sweep {folder}/job_cell.yaml", "name", ("'mosfett'", "did you mean mosfet?"), "analoom list mosfet"),
    Wrong("sweep {folder}/job_field.yaml", "wdith", ("one of the fields", "device, w, l"), "in the job w: 1"),
    Wrong("sweep {folder}/job_range.yaml", "axes.w.high", ("1", "above low = 4"), "analoom sweep --help"),
    Wrong("sweep {folder}/job_engine.yaml", "measure.drc.0", ("'fats'", "'fast'"), "in the job measure.drc: [fast]"),
    Wrong("sweep {folder}/job_name.yaml", "name", ("None", "given"), "give name: names the folder of results"),
    Wrong(
        "sweep {folder}/job_setting.yaml", "measure.settings.v_dss", ("v_ds",), "in the job measure.settings.v_ds: 1"
    ),
    Wrong(
        "sweep pair --workers 1 --scheduler tcp://a:1", "workers", ("--scheduler brings its own",), "give one of them"
    ),
]

MAPPED = [
    Wrong("map {folder}/absent.npy --cell crossbar --out {folder}/v.npy", "weights", ("No such file",), "a .npy or..."),
    Wrong(
        "map {folder}/words.csv --cell crossbar --out {folder}/v.npy", "weights", ("'a,b'", "line 1"), "no header..."
    ),
    Wrong("map {folder}/square.csv --cell mosfet --out {folder}/v.npy", "cell", ("a device",), "--cell crossbar"),
    Wrong("map {folder}/square.csv --cell crossbar --out {folder}/v.txt", "out", (".npy or .csv",), "--out V.npy"),
    Wrong(
        "map {folder}/square.csv --cell crossbar --scale 0.5 --out {folder}/v.npy",
        "scale",
        ("0.5", "at least the largest weight, 0.9"),
        "--scale 0.9",
    ),
    Wrong(
        "map {folder}/square.csv --cell crossbar --levels 1 --out {folder}/v.npy",
        "levels",
        ("1", "2 to 65536"),
        "--levels 2",
    ),
    Wrong(
        "map {folder}/square.csv --cell crossbar -p rows=5 --out {folder}/v.npy",
        "rows",
        ("5", "the weights take 2 rows and 4 columns"),
        "-p rows=2",
    ),
    Wrong("map {folder}/square.csv --cell crossbar", "out", ("'--out'",), "analoom map --help"),
]

COMPILED = [
    Wrong(
        "compile {folder}/absent.npz",
        "NET",
        ("absent.npz", "no such file"),
        "a .npz or .safetensors or .onnx or .h5 file",
    ),
    Wrong("compile {folder}/net.pt", "NET", (".pt file", "a pickle runs"), "safetensors.torch.save_file(..."),
    Wrong("compile {folder}/text.npz", "NET", ("no .npz file",), "numpy.savez with arrays of numbers"),
    Wrong("compile {folder}/net.npz --target all -p w=1", "p", ("w given", "of one target"), "--target current"),
    Wrong("compile {folder}/net.npz --target curent", "target", ("'curent'", "known: current"), "--target current"),
    Wrong("compile {folder}/net.npz --model bined", "model", ("'bined'", "continuous, binned"), "--model binned"),
    Wrong("compile {folder}/net.npz --dies 1", "dies", ("1", "2 to 100000"), "--dies 100"),
    Wrong("compile {folder}/net.npz --timeout -1", "timeout", ("-1", "above 0 s"), "--timeout 900"),
    Wrong("compile {folder}/net.npz --engine fats", "engine", ("'fats'", "known: fast"), "--engine fast"),
    Wrong(
        "compile {folder}/absent.npz --data irs",
        "NET",
        ("no such file",),
        "a .npz or .safetensors or .onnx or .h5 file",
    ),
    Wrong(
        "compile {folder}/net.npz --workers 1 --scheduler tcp://a:1",
        "workers",
        ("--scheduler brings its own",),
        "give one of them",
    ),
    Wrong("compile", "net", ("Missing argument", "NET"), "analoom compile --help"),
]

_ONE = "sim backprop_network -p inputs=1 -p hidden=1 --set hold=1 --set epochs=2 --set test_every=2"

_CROSSBAR = "sim trained_crossbar -p dims=[1,1,1] --set epochs=1"

TRAINED = [
    Wrong(
        f"{_ONE} --set t_row=1.2e-6", "settings.t_row", ("1.2e-06", "at least 2e-06 s at 1e-07 A"), "--set t_row=2e-06"
    ),
    Wrong(
        f"{_ONE} --set i_bias=5e-7",
        "settings.i_bias",
        ("5e-07", "at most 1.95e-07 A", "2 inputs"),
        "--set i_bias=1.9e-07",
    ),
    Wrong(f"{_ONE} --set v_in=0.2", "settings.v_in", ("0.2", "at most 0.15 V"), "--set v_in=0.15"),
    Wrong(f"{_ONE} --set v_target=0.15", "settings.v_target", ("0.15", "at most 0.12 V"), "--set v_target=0.12"),
    Wrong(f"{_ONE} --set start=0.5", "settings.start", ("0.5", "at most 0.2 V"), "--set start=0.2"),
    Wrong(f"{_ONE} --set start=0.19", "settings.start", ("0.19", "at most 0.15 V with v_w = 0.7"), "--set start=0.15"),
    Wrong(f"{_ONE} --set v_x=0.85", "settings.v_x", ("0.85", "at least v_w + start + 0.1 V = 0.88"), "--set v_x=0.88"),
    Wrong(f"{_ONE} --set v_x=1.2", "settings.v_x", ("1.2", "less than or equal to 1.1"), "--set v_x=1.1"),
    Wrong(f"{_ONE} --set v_w=0.5", "settings.v_w", ("0.5", "greater than or equal to 0.6"), "--set v_w=0.6"),
    Wrong(f"{_ONE} --set targets=011", "settings.targets", ("011", "1 of 2 digits"), "--set targets=01"),
    Wrong(f"{_ONE} --set teach=0", "settings.teach", ("0", "equal to 0.001"), "--set teach=0.001"),
    Wrong(f"{_ONE} --set i_bias=1e-10", "settings.t_row", ("4e-06", "at least 0.002 s"), "analoom sim..."),
    Wrong(
        "sim backprop_network --set i_bias=2e-7", "settings.i_bias", ("5 inputs", "1.62e-07"), "--set i_bias=1.6e-07"
    ),
    Wrong(f"{_ONE} --set targets=ab", "settings.targets", ("'ab'", "a word of the pattern"), "--set targets="),
    Wrong(
        "sim backprop_network -p inputs=7 -p hidden=1 --set targets=01",
        "settings.targets",
        ("1 of 128 digits",),
        "no --set targets...",
    ),
    Wrong("build mosfet -p w=2024-13-45", "w", ("not YAML", "month"), "brackets and quotes closed"),
    Wrong("build column_update -p w_null=50", "w_null", ("50", "equal to 25"), "-p w_null=25"),
    Wrong(
        "sim column_update --set reach=0.8 --set weight=0.7", "settings.reach", ("0.7 V", "bit line"), "--set reach=0.7"
    ),
    Wrong("sim column_clamp --set i_tail=1e-30", "settings.i_tail", ("1e-30", "0.000000001"), "--set i_tail=1e-09"),
    Wrong(f"{_CROSSBAR} --set load=.inf", "settings.load", ("inf", "equal to 1"), "--set load=1"),
    Wrong(f"{_CROSSBAR} --set amplitude=1e-9", "settings.amplitude", ("1e-9", "0.000001"), "--set amplitude=1e-06"),
    Wrong("build trained_crossbar -p dims=[2,2]", "dims", ("[2, 2]", "three numbers"), "-p dims=[3,8,1]"),
    Wrong("build trained_crossbar -p synapse.vt=low", "synapse.vt", ("'low'", "'lvt'"), "-p synapse.vt=..."),
    Wrong("build trained_crossbar -p dims=[2,2.5,1]", "dims.1", ("2.5", "a whole number"), "-p dims=[2,8,1]"),
    Wrong("build trained_crossbar -p dims=[1.0e+99,2,1]", "dims.0", ("1e+99", "fewer digits"), "-p dims=[3,2,1]"),
    Wrong(f"{_CROSSBAR} --set rate=[300]", "settings.rate", ("[300]", "a list of 2"), "--set rate=[300,500]"),
    Wrong(f"{_CROSSBAR} --set rate=[1,2,3]", "settings.rate", ("[1, 2, 3]", "a list of 2"), "--set rate=[300,500]"),
    Wrong(f"{_CROSSBAR} --set rate=[.nan,1]", "settings.rate.0", ("nan", "finite"), "--set rate=[300,1]"),
    Wrong(f"{_CROSSBAR} --set rate=[-1,1]", "settings.rate.0", ("-1", "equal to 0"), "--set rate=[0,1]"),
    Wrong(
        f"{_CROSSBAR} -p nudge=drawn --set nudge=0.002",
        "settings.nudge",
        ("an ideal nudge", "its own"),
        "-p nudge=ideal",
    ),
    Wrong(
        f"{_CROSSBAR} -p clamp=drawn --set errors.clamp_offset=0.001",
        "settings.errors.clamp_offset",
        ("an ideal clamp", "its own"),
        "-p clamp=ideal",
    ),
    Wrong(f"{_CROSSBAR} --set engine=ngspice --set bias=0.1", "settings.bias", ("0.1", "no such row"), "--set bias=0"),
    Wrong(
        f"{_CROSSBAR} --set swing=0.3", "settings.reach", ("0.15", "larger of swing and bias, 0.3 V"), "--set reach=0.3"
    ),
]

WRONG = [*LENGTHS, *SPECS, *WRITTEN, *OPTIONS, *CHECKS, *MEASURED, *JOBS, *MAPPED, *COMPILED, *TRAINED]


def table() -> str:
    """The inputs, what is said and the remedies as a Markdown table."""
    rows = [f"| `analoom {w.words}` | {w.field}: {', '.join(w.says)} | `{w.remedy}` |" for w in WRONG]
    return "\n".join(["| input | answer names | remedy |", "|---|---|---|", *rows])


if __name__ == "__main__":
    print(table())
