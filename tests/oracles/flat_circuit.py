"""A SPICE hierarchy as the devices it comes to: what two netlists share that are one circuit. Knows nothing of LVS."""

from collections import Counter


def devices(text, top):
    """Every device of `top` and below as a multiset: model, sizes, and the nets of its terminals as seen from the top.

    Drain and source of a transistor are one set, since they may change places.
    """
    subckts = {}
    for line in text.replace("\n+", "").splitlines():
        words = line.split()
        if line.startswith(".subckt"):
            subckts[words[1]] = (words[2:], body := [])
        elif words and not line.startswith((".", "*")):
            body.append(words)
    ports, _ = subckts[top]
    return Counter(_flat(subckts, top, dict(zip(ports, ports, strict=True)), ""))


def _flat(subckts, name, nets, path):
    for words in subckts[name][1]:
        sizes = tuple(sorted(w for w in words if w.split("=")[0] in ("w", "l", "nf", "m")))
        *terminals, model = [w for w in words[1:] if "=" not in w]
        joined = [nets.get(n, f"{path}{n}") for n in terminals]
        if model in subckts:
            inner = dict(zip(subckts[model][0], joined, strict=True))
            yield from _flat(subckts, model, inner, f"{path}{words[0][1:]}.")
        elif len(joined) == 4:
            drain, gate, source, body = joined
            yield model, sizes, frozenset((drain, source)), gate, body
        else:
            yield model, sizes, tuple(joined)
